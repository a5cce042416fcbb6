"""The menu bar: every command has its place, its shortcut and its tooltip here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from core.files import disk
from gui.actions import make_action, set_shortcuts
from gui.dialogs.help import notation_dialog, shortcuts_dialog
from gui.docks import PLACES, Docks
from gui.files.data_import import Imports
from gui.files.film import Films
from gui.files.open_save import Files
from gui.files.recent import forget_all, recent_files
from gui.style.text import in_menu
from gui.style.text import tip as as_it_is
from gui.style.theme import MODES, theme

Keys = QKeySequence.StandardKey
TABLES = {"layers": "Layers table", "examples": "Examples table", "runs": "Table of runs"}


class Menus(QObject):
    """Fills the menu bar of a window, menu by menu from left to right.

    `carry_out` is handed every command that may fail, and says what it could not do.
    """

    def __init__(
        self, window: QMainWindow, carry_out: Callable[[Callable[[], object]], None]
    ) -> None:
        super().__init__(window)
        self._window, self._carry_out = window, carry_out

    def add(self, title: str, actions: Iterable[QAction] = ()) -> QMenu:
        """One menu more, with these actions."""
        menu = self._window.menuBar().addMenu(title)
        menu.addActions(list(actions))
        menu.setToolTipsVisible(True)
        return menu

    def add_files(self, files: Files, imports: Imports, films: Films) -> QMenu:
        """The File menu; returns the menu of what can be imported, which is also used elsewhere."""
        menu = self.add(self.tr("&File"))
        menu.addAction(self._command(self.tr("&New"), files.new, Keys.New))
        menu.addAction(self._command(self.tr("&Open…"), files.open, Keys.Open))
        recent = menu.addMenu(self.tr("Open &recent"))
        recent.setToolTipsVisible(True)
        recent.aboutToShow.connect(lambda: self._fill_recent(recent, files))
        menu.addAction(self._command(self.tr("&Save"), files.save, Keys.Save))
        text = self.tr("Save &as…")
        menu.addAction(self._command(text, files.save_as, Keys.SaveAs, "Ctrl+Shift+S"))
        menu.addSeparator()
        importable = menu.addMenu(self.tr("&Import"))
        importable.setToolTipsVisible(True)
        self._fill_import(importable, files, imports)
        menu.addAction(self._command(self.tr("Export &data…"), imports.export_data))
        menu.addAction(self._command(self.tr("&Export weights…"), files.export_weights, "Ctrl+E"))
        menu.addAction(self._command(self.tr("Export a &film of the run…"), films.export))
        menu.addSeparator()
        menu.addAction(self._command(self.tr("&Quit"), self._window.close, "Ctrl+Q"))
        return importable

    def _fill_import(self, menu: QMenu, files: Files, imports: Imports) -> None:
        menu.addAction(self._command(self.tr("&Data…"), imports.import_file, "Ctrl+Shift+I"))
        menu.addAction(self._command(self.tr("Folder of &pictures…"), imports.import_folder))
        text = self.tr("&Table from the clipboard")
        menu.addAction(self._command(text, imports.paste, "Ctrl+Shift+V"))
        menu.addAction(self._command(self.tr("&Import weights…"), files.import_weights, "Ctrl+I"))

    def _fill_recent(self, menu: QMenu, files: Files) -> None:
        """List the files of late; those that are gone are grey."""
        menu.clear()
        for path in recent_files():
            name = in_menu(disk.shown(path.name))
            action = self._command(name, partial(files.open, path))
            action.setToolTip(as_it_is(disk.shown(path)))
            action.setEnabled(path.is_file())
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(make_action(menu, self.tr("&Forget these"), forget_all))

    def add_undo(self, stack: QUndoStack) -> QMenu:
        """The Edit menu."""
        window, menu = self._window, self.add(self.tr("&Edit"))
        undo = stack.createUndoAction(window, self.tr("&Undo"))
        redo = stack.createRedoAction(window, self.tr("&Redo"))

        def name_them() -> None:
            """Their texts say what they undo, and so must their tooltips."""
            set_shortcuts(undo, [Keys.Undo])
            set_shortcuts(redo, [Keys.Redo, "Ctrl+Y"])

        name_them()
        menu.addActions([undo, redo])
        menu.aboutToShow.connect(name_them)
        return menu

    def add_views(self, docks: Docks) -> None:
        """The View menu: panels, theme, layout."""
        window, menu = self._window, self.add(self.tr("&View"))
        for number, place in enumerate(PLACES, start=1):
            action = docks.by_name[place.name].toggleViewAction()
            keys = place.keys or f"Ctrl+{number}"
            set_shortcuts(action, [keys], self.tr("Show or hide this panel"))
            menu.addAction(action)
        menu.addSeparator()
        group = QActionGroup(window)
        for mode in MODES:
            action = QAction(mode.capitalize(), group, checkable=True)
            action.setChecked(mode == theme().mode)
            action.triggered.connect(lambda _checked, mode=mode: _set_mode(mode))
        themes = menu.addMenu(self.tr("&Theme"))
        themes.setToolTipsVisible(True)
        themes.addActions(group.actions())
        menu.addAction(make_action(window, self.tr("&Reset layout"), docks.arrange))
        text = self.tr("Full &screen")
        menu.addAction(make_action(window, text, self._toggle_full_screen, shortcuts=["F11"]))

    def add_help(self, panels: Mapping[str, QWidget]) -> None:
        """The Help menu; the tables among the panels have shortcuts that are in no menu."""
        window, menu = self._window, self.add(self.tr("&Help"))

        def show_shortcuts() -> None:
            bar = window.menuBar().actions()
            groups = [(menu.text(), cast(QMenu, menu.menu()).actions()) for menu in bar]
            for name, heading in TABLES.items():
                groups.append((heading, panels[name].findChildren(QAction)))
            shortcuts_dialog(window, groups).show()

        text = self.tr("&Keyboard shortcuts")
        keys = (Keys.HelpContents, "Ctrl+?")
        menu.addAction(make_action(window, text, show_shortcuts, shortcuts=keys))
        menu.addAction(
            make_action(window, self.tr("&Notation"), lambda: notation_dialog(window).show())
        )

    def _command(
        self, text: str, carry_out: Callable[[], object], *shortcuts: Keys | str
    ) -> QAction:
        return make_action(
            self._window, text, lambda: self._carry_out(carry_out), shortcuts=shortcuts
        )

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _set_mode(mode: str) -> None:
    theme().set_mode(mode)
    QSettings().setValue("theme", mode)
