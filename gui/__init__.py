"""The window: all code that uses Qt."""

import builtins
from importlib import import_module

# WORKAROUND for PYSIDE-2029: from its first import on, PySide reads the source of every module that
# is imported, a hundred milliseconds and more before the first paint, to know where names in
# snake_case are asked for (`from __feature__ import`). Nothing here asks: Python's own import stays.
# To remove when PySide reads only the modules that ask.
_own_import = builtins.__import__
import_module("PySide6.QtCore")
builtins.__import__ = _own_import
