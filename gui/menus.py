"""The menu bar: every command with its key, position, shortcut and tooltip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence, QUndoGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from core.files import disk
from gui.actions import make_action, set_shortcuts, written_shortcuts
from gui.command_palette import CommandPalette
from gui.dialogs.help import notation_dialog, shortcuts_dialog
from gui.docks import PANELS, Docks
from gui.files.bundled import bundled
from gui.files.code_export import CodeExport
from gui.files.data_import import Imports
from gui.files.film import Films
from gui.files.open_save import Files
from gui.files.recent import forget_all, recent_files
from gui.layout_table import LAYOUTS
from gui.layouts import Layouts
from gui.parts import Kind, Parts, key_of, name_command
from gui.presentation import Presentation
from gui.style.text import in_menu
from gui.style.text import tip as as_it_is
from gui.style.theme import MODES, TEXT_SIZES, px, theme

if TYPE_CHECKING:
    from gui.figures import Figures

Keys = QKeySequence.StandardKey
HEADINGS = {  # of the list of shortcuts, by the first word of a command's key
    "file": "File",
    "edit": "Edit",
    "view": "View",
    "network": "Network",
    "train": "Train",
    "learn": "Learn",
    "help": "Help",
}
TABLES = {"layers": "Layers table", "examples": "Examples table", "runs": "Table of runs"}
THUMBNAIL = 44  # px


class Menus(QObject):
    """Fills the menu bar of a window, menu by menu from left to right.

    `carry_out` runs every command that may fail, and reports the error.
    """

    def __init__(
        self,
        window: QMainWindow,
        parts: Parts,
        carry_out: Callable[[Callable[[], object]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._parts, self._carry_out = window, parts, carry_out

    def add(self, title: str, actions: Iterable[QAction] = ()) -> QMenu:
        """One menu more, with these actions."""
        menu = self._window.menuBar().addMenu(title)
        menu.addActions(list(actions))
        menu.setToolTipsVisible(True)
        return menu

    def put(
        self,
        menu: QMenu,
        key: str,
        text: str,
        do: Callable[[], object],
        *shortcuts: Keys | str,
        tip: str = "",
        title: str = "",
    ) -> QAction:
        """Add a command to a menu; `title` is its name outside of the menu."""
        action = make_action(
            self._window,
            text,
            lambda: self._carry_out(do),
            shortcuts=shortcuts,
            tip=tip,
            key=key,
            title=title,
        )
        menu.addAction(action)
        return action

    def add_files(
        self,
        files: Files,
        imports: Imports,
        films: Films,
        codes: CodeExport,
        picture: Callable[[str], QIcon],
        figures: Callable[[], Figures],
    ) -> QMenu:
        """The File menu; returns its menu of imports, which is also used elsewhere.

        `picture` makes the thumbnail of a data set; `figures` are made when first asked for.
        """
        menu = self.add(self.tr("&File"))
        put = partial(self.put, menu)
        put("file.new", self.tr("&New"), files.new, Keys.New)
        put("file.open", self.tr("&Open…"), files.open, Keys.Open)
        recent = self._under(menu, self.tr("Open &recent"))
        recent.aboutToShow.connect(lambda: self._fill_recent(recent, files))
        self._fill_examples(self._under(menu, self.tr("E&xamples")), files, picture)
        put("file.save", self.tr("&Save"), files.save, Keys.Save)
        put("file.save_as", self.tr("Save &as…"), files.save_as, Keys.SaveAs, "Ctrl+Shift+S")
        menu.addSeparator()
        importable = self._under(menu, self.tr("&Import"))
        self._fill_import(importable, files, imports)
        exports = self._under(menu, self.tr("Expo&rt"))
        self._fill_export(exports, files, imports, films, codes)
        self._fill_figures(exports, figures)
        menu.addSeparator()
        put("file.quit", self.tr("&Quit"), self._window.close, "Ctrl+Q")
        return importable

    def _fill_examples(self, menu: QMenu, files: Files, picture: Callable[[str], QIcon]) -> None:
        """A menu entry for each bundled example, with its data and the sizes of its network."""
        sources: dict[QAction, str] = {}
        tip = self.tr("Open this example, untrained")
        for example in bundled():
            title = self.tr("Example: {}").format(example.label)
            action = self.put(
                menu,
                f"file.example[{example.name}]",
                f"{example.label}, {example.sizes}",
                partial(files.open_example, example.name),
                tip=tip,
                title=title,
            )
            action.setIconVisibleInMenu(True)
            sources[action] = example.source

        def show_pictures() -> None:
            """Draw the pictures when the menu opens, in the current colours and size."""
            menu.setStyleSheet(f"QMenu {{ icon-size: {px(THUMBNAIL)}px }}")
            for action, source in sources.items():
                action.setIcon(picture(source))

        menu.aboutToShow.connect(show_pictures)

    def _fill_import(self, menu: QMenu, files: Files, imports: Imports) -> None:
        put = partial(self.put, menu)
        title = self.tr("Import data")
        put("file.import_data", self.tr("&Data…"), imports.import_file, "Ctrl+Shift+I", title=title)
        text, title = self.tr("Folder of &pictures…"), self.tr("Import a folder of pictures")
        put("file.import_pictures", text, imports.import_folder, title=title)
        text, title = self.tr("&Table from the clipboard"), self.tr("Import table from clipboard")
        put("file.import_table", text, imports.paste, "Ctrl+Shift+V", title=title)
        text = self.tr("&Import weights…")
        put("file.import_weights", text, files.import_weights, "Ctrl+I")

    def _fill_export(
        self, menu: QMenu, files: Files, imports: Imports, films: Films, codes: CodeExport
    ) -> None:
        put = partial(self.put, menu)
        put("file.export_data", self.tr("&Data…"), imports.export_data, title="Export data")
        text, title = self.tr("&Weights…"), self.tr("Export weights")
        put("file.export_weights", text, files.export_weights, "Ctrl+E", title=title)
        text, title = self.tr("Weights by &layer…"), self.tr("Export weights by layer")
        tip = self.tr("The same under names that Netron groups: layer1/W instead of W1")
        put("file.export_by_layer", text, files.export_weights_by_layer, tip=tip, title=title)
        tip = self.tr("Write a NumPy script or a notebook that prints the costs of this run")
        text, title = self.tr("&Code…"), self.tr("Export code")
        put("file.export_code", text, codes.export, "Ctrl+Shift+E", tip=tip, title=title)
        text, title = self.tr("P&yTorch code…"), self.tr("Export PyTorch code")
        tip = self.tr("Write a PyTorch script or a notebook that prints the costs of this run")
        put("file.export_torch", text, codes.torch, tip=tip, title=title)
        text, title = self.tr("&ONNX…"), self.tr("Export ONNX")
        tip = self.tr("Write the trained network as a model that other programs run")
        put("file.export_onnx", text, codes.model, tip=tip, title=title)
        text, title = self.tr("&Film of the run…"), self.tr("Export a film of the run")
        put("file.export_film", text, films.export, title=title)
        menu.addSeparator()

    def _fill_figures(self, menu: QMenu, figures: Callable[[], Figures]) -> None:
        put = partial(self.put, menu)
        how = self.tr("PNG, SVG or PDF, at any size, on a white or dark background")
        text, title = (
            self.tr("Picture of the &network…"),
            self.tr("Export a picture of the network"),
        )
        put("file.export_network", text, lambda: figures().network(), tip=how, title=title)
        text, title = self.tr("Picture of the &step…"), self.tr("Export a picture of the step")
        tip = self.tr("The equation, matrices and arithmetic of the current step: {}").format(how)
        put("file.export_step", text, lambda: figures().step(), tip=tip, title=title)
        text, title = self.tr("Picture of a &panel…"), self.tr("Export a picture of a panel")
        put("file.export_panel", text, lambda: figures().panel(), tip=how, title=title)
        text, title = self.tr("&Hand-out…"), self.tr("Export a hand-out")
        tip = self.tr("The current step, or a whole iteration, with blanks and the solution (PDF)")
        put("file.export_handout", text, lambda: figures().handout(), tip=tip, title=title)

    def _fill_recent(self, menu: QMenu, files: Files) -> None:
        """List the recent files; missing ones are disabled."""
        menu.clear()
        for path in recent_files():
            name = in_menu(disk.shown(path.name))
            action = make_action(menu, name, partial(self._carry_out, partial(files.open, path)))
            action.setToolTip(as_it_is(disk.shown(path)))
            action.setEnabled(path.is_file())
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(make_action(menu, self.tr("&Forget these"), forget_all))

    def add_undo(self, stacks: QUndoGroup) -> QMenu:
        """The Edit menu."""
        window, menu = self._window, self.add(self.tr("&Edit"))
        undo = stacks.createUndoAction(window, self.tr("&Undo"))
        redo = stacks.createRedoAction(window, self.tr("&Redo"))
        name_command(undo, "edit.undo", self.tr("Undo"))
        name_command(redo, "edit.redo", self.tr("Redo"))

        def name_them() -> None:
            """Update the tooltips of undo and redo, whose texts name the edit."""
            set_shortcuts(undo, [Keys.Undo])
            set_shortcuts(redo, [Keys.Redo, "Ctrl+Y"])

        name_them()
        menu.addActions([undo, redo])
        menu.aboutToShow.connect(name_them)
        return menu

    def add_views(self, docks: Docks, layouts: Layouts, presentation: Presentation) -> None:
        """The View menu: layouts, panels, text size and theme."""
        menu = self.add(self.tr("&View"))
        put = partial(self.put, menu)
        menu.addActions(list(layouts.actions.values()))
        for name, layout in LAYOUTS.items():
            name_command(
                layouts.actions[name],
                f"view.layout_{name}",
                self.tr("Layout {title}").format(title=layout.title),
            )
        put("view.reset_layout", self.tr("&Reset layout"), layouts.reset)
        text, tip = self.tr("&Maximize panel"), self.tr("Show one panel alone, or all again")
        put("view.maximize", text, layouts.toggle_maximized, "Ctrl+M", tip=tip)
        text, tip = self.tr("&Present"), self.tr("Full screen with large text, for a projector")
        put("view.present", text, presentation.toggle, "F11", tip=tip)
        menu.addSeparator()
        for spec in PANELS:
            action = docks.by_name[spec.name].show_action
            set_shortcuts(action, [spec.keys], self.tr("Show or hide this panel"))
            menu.addAction(action)
        menu.addSeparator()
        self._add_text_sizes(menu, presentation)
        self._add_themes(menu)

    def add_labs(self, menu: QMenu, docks: Docks) -> None:
        """The labs, in their own menu."""
        self._under(menu, self.tr("La&bs")).addActions(list(docks.lab_actions.values()))

    def _add_text_sizes(self, menu: QMenu, presentation: Presentation) -> None:
        sizes = self._under(menu, self.tr("Te&xt size"))
        put = partial(self.put, sizes)
        larger, smaller = self.tr("Larger text"), self.tr("Smaller text")
        put("view.text_larger", larger, lambda: presentation.step_text(+1), "Ctrl+Alt++",
            "Ctrl+Alt+=")  # fmt: skip
        put("view.text_smaller", smaller, lambda: presentation.step_text(-1), "Ctrl+Alt+-")
        usual = self.tr("Usual text size")
        put("view.text_usual", usual, lambda: presentation.set_text_size(1.0), "Ctrl+Alt+0")
        sizes.addSeparator()
        group = QActionGroup(self._window)
        for size in TEXT_SIZES:
            action = QAction(f"{100 * size:.0f} %", group, checkable=True)
            action.setData(size)
            action.triggered.connect(lambda _on, size=size: presentation.set_text_size(size))
            name_command(
                action,
                f"view.text_{100 * size:.0f}",
                self.tr("Text size {percent:.0f} %").format(percent=100 * size),
            )
        sizes.addActions(group.actions())

        def show_size() -> None:
            for each in group.actions():
                each.setChecked(each.data() == theme().text_size)

        sizes.aboutToShow.connect(show_size)

    def _add_themes(self, menu: QMenu) -> None:
        themes = self._under(menu, self.tr("&Theme"))
        group = QActionGroup(self._window)
        for mode in MODES:
            action = QAction(mode.capitalize(), group, checkable=True)
            action.setChecked(mode == theme().mode)
            action.triggered.connect(lambda _checked, mode=mode: _set_mode(mode))
            name_command(action, f"view.theme_{mode}", self.tr("Theme {mode}").format(mode=mode))
        themes.addActions(group.actions())

    def add_help(self) -> None:
        """The Help menu."""
        window, menu = self._window, self.add(self.tr("&Help"))
        palette = CommandPalette(self._parts, window)
        put = partial(self.put, menu)
        text = self.tr("&Find a command…")
        tip = self.tr("Find any command, panel, setting or data set")
        put("help.find", text, palette.open, "Ctrl+K", tip=tip)
        text = self.tr("&Keyboard shortcuts")
        put("help.shortcuts", text, self._show_shortcuts, Keys.HelpContents, "Ctrl+?")
        put("help.notation", self.tr("&Notation"), lambda: notation_dialog(window).show())

    def _show_shortcuts(self) -> None:
        shortcuts_dialog(self._window, self._shortcuts()).show()

    def _shortcuts(self) -> Iterator[tuple[str, list[tuple[str, QAction]]]]:
        """Every heading with the commands under it, as the registry has them."""
        parts = list(self._parts)
        for word, heading in HEADINGS.items():
            found = [
                (part.title, part.action)
                for part in parts
                if part.action is not None
                and (part.kind is Kind.COMMAND and part.key.startswith(f"{word}."))
            ]
            if word == "view":
                panels = (part for part in parts if part.kind is Kind.PANEL)
                found += [(part.title, part.action) for part in panels if part.action is not None]
            yield heading, found
        for name, heading in TABLES.items():
            table = self._parts.panel(name)
            own = [action for action in table.findChildren(QAction) if not key_of(action)]
            yield heading, [(_plain(each), each) for each in own if written_shortcuts(each)]

    def _under(self, menu: QMenu, title: str) -> QMenu:
        inner = menu.addMenu(title)
        inner.setToolTipsVisible(True)
        return inner


def _plain(action: QAction) -> str:
    return action.text().replace("&", "").rstrip("…")


def _set_mode(mode: str) -> None:
    theme().set_mode(mode)
    QSettings().setValue("theme", mode)
