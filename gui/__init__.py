"""The window: all code that uses Qt."""

import builtins
from importlib import import_module

# WORKAROUND for PYSIDE-2029: from its first import on, PySide reads the source of every module that
# is imported, a hundred milliseconds and more before the first paint, to know which of them may ask
# for names in snake_case (`from __feature__ import`). None does: the import without that is put
# back, which PySide keeps under this name. To be removed when it reads only the modules that ask.
import_module("PySide6.QtCore")
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
