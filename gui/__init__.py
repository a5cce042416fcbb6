"""The window: all code that uses Qt."""

import builtins
from importlib import import_module

# WORKAROUND for PYSIDE-2029: from its first import on, PySide reads the source of every module that
# is imported, a hundred milliseconds and more before the first paint, to know which of them may ask
# for names in snake_case (`from __feature__ import`). None does: Python's own import stays. To be
# removed when PySide reads only the modules that ask.
_own_import = builtins.__import__
import_module("PySide6.QtCore")
builtins.__import__ = _own_import
