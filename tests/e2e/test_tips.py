"""Every control explains itself by a tooltip and to screen readers."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QTableWidget,
    QWidget,
)

from core.data.table.frame import guess
from core.data.table.source import Source
from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES
from gui.canvas.commands import fill_activations
from gui.dialogs.film import FilmDialog
from gui.dialogs.pictures import PicturesDialog
from gui.dialogs.table import TableDialog
from gui.sweep.window import SweepWindow
from gui.widgets.menu_button import MenuButton
from tests.e2e.driver import run_app

USED = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit)
OF_QT = (QComboBox, QTabBar, QAbstractSpinBox, QTableWidget)  # whose parts are their own
CLEAR = {"OK", "Cancel", "Close", "Import", "Export…"}  # the title of the dialog says the rest
LABELLED = (QComboBox, QCheckBox, MenuButton)  # which dialogs have with words beside them


def speechless(root: QWidget, labelled: tuple[type, ...] = ()) -> Iterator[str]:
    """The enabled controls under a widget that lack a tooltip, or a name for a screen reader.

    Those that are `labelled` need a name alone.
    """
    for part in root.findChildren(QWidget):
        if not isinstance(part, USED) or not part.isVisible() or not part.isEnabled():
            continue
        if isinstance(part, QScrollBar) or isinstance(part.parent(), OF_QT):
            continue  # Qt's own parts
        text = part.text() if isinstance(part, QAbstractButton) else ""
        named, around = part.accessibleName() or text, part.parentWidget()
        tip = part.toolTip() or (around.toolTip() if around is not None else "")  # as Qt does
        clear = text.replace("&", "") in CLEAR or isinstance(part, labelled)
        if not named or not (tip or clear):
            yield f"{type(part).__name__} {named!r} in {type(part.parent()).__name__}"


@pytest.mark.slow
def test_everything_in_every_panel_says_what_it_does(qtbot):
    found: set[tuple[str, str]] = set()

    def script(window):
        window.resize(1900, 1000)
        window.reset_layout()
        window.training.step()
        for name, dock in window.docks.items():
            dock.bring()
            qtbot.wait(60)
            found.update((name, said) for said in speechless(dock))
        window.selection.select_example(3)
        window.walk.next_op()
        window.start_walk()
        qtbot.wait(60)
        found.update(("window", said) for said in speechless(window))
        window.paint()
        found.update(("painting", said) for said in speechless(window))

    assert run_app(script) == 0
    assert not found, "\n".join(map(str, sorted(found)))


def test_everything_in_every_popup_and_choice_says_what_it_does(qtbot):
    found: set[str] = set()

    def script(window):
        settings = window.run_bar.settings
        for opener in (settings.optimizer, settings.initialization, settings.stopping):
            opener.open_menu()
            qtbot.waitUntil(opener.popup.isVisible)
            found.update(speechless(opener.popup))
            opener.popup.close()
        settings.loss.menu.aboutToShow.emit()
        menu = QMenu(window)
        fill_activations(menu, window.canvas.commands, 1)
        choices = [*settings.loss.menu.actions(), *menu.actions()]
        assert len(choices) == len(LOSSES) + len(ACTIVATIONS)
        found.update(each.text() for each in choices if each.toolTip() == each.text())

    assert run_app(script) == 0
    assert not found, "\n".join(sorted(found))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["film", "pictures", "table", "sweep", "shortcuts"])
def test_everything_in_every_dialog_says_what_it_does(qtbot, tmp_path, kind):
    found: set[str] = set()
    for label in ("cat", "dog"):
        (tmp_path / label).mkdir()

    def script(window):
        dialog: QWidget
        match kind:
            case "film":
                dialog = FilmDialog(window, "binary")
            case "pictures":
                dialog = PicturesDialog(window, tmp_path)
            case "table":
                table = Source("t.csv", b"a,b,y\n1,2,0\n2,3,1\n4,5,0\n", "utf-8")
                dialog = TableDialog(window, table, guess(table))
            case "sweep":
                window.sweeps.show()
                (dialog,) = (
                    w for w in QApplication.topLevelWidgets() if isinstance(w, SweepWindow)
                )
            case _:
                menus = [a.menu() for a in window.menuBar().actions()]
                act = next(a for m in menus for a in m.actions() if "shortcuts" in a.text())
                act.trigger()
                tops = QApplication.topLevelWidgets()
                (dialog,) = (w for w in tops if w.windowTitle() == "Keyboard shortcuts")
        dialog.show()
        qtbot.waitUntil(dialog.isVisible)
        found.update(speechless(dialog, LABELLED))
        dialog.close()

    assert run_app(script) == 0
    assert not found, "\n".join(sorted(found))
