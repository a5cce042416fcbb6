"""Makes the pictures of the README from the real window: `python docs/make_pictures.py`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _kind in ("CONFIG", "DATA"):
    os.environ[f"XDG_{_kind}_HOME"] = tempfile.mkdtemp()  # a first start, whoever runs this

from PySide6.QtCore import (  # noqa: E402
    QEventLoop,
    QItemSelectionModel,
    QRectF,
    QSettings,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImage, QPainter  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

import main  # noqa: E402, F401  (one BLAS thread, before NumPy is imported)
from core.by_hand import Place  # noqa: E402
from core.edits import (  # noqa: E402
    choose_source,
    insert_layer,
    set_option,
    set_units,
    with_data,
    with_network,
    with_training,
)
from core.files.storage import Saved  # noqa: E402
from core.look.hidden import Hidden  # noqa: E402
from core.look.landscape import Survey  # noqa: E402
from core.look.trace import TraceOf  # noqa: E402
from core.project import LayerSettings, Project  # noqa: E402
from core.walk.entry import Entry  # noqa: E402
from gui.app import application  # noqa: E402
from gui.lessons.command import INVITED  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.panels.doctor import DoctorPanel  # noqa: E402
from gui.panels.surface.panel import SurfacePanel  # noqa: E402
from gui.paper.device import A4, image  # noqa: E402
from gui.paper.handout import Handout  # noqa: E402
from gui.paper.sheet import laid_out  # noqa: E402
from gui.style.theme import LIGHT, theme  # noqa: E402
from tests.looking import answer_in  # noqa: E402


def spin(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(holds: Callable[[], bool]) -> None:
    """Let the window live until this holds; RuntimeError after five minutes."""
    for _ in range(15_000):
        if holds():
            return
        spin(20)
    raise RuntimeError("waited five minutes in vain")


def trained(window: MainWindow, iterations: int) -> None:
    """Train up to this iteration and come to rest."""
    window.training.step(iterations - window.training.latest.iteration)
    wait_until(lambda: window.training.latest.idle)
    wait_until(lambda: window.training.latest.iteration == iterations)
    spin(500)


Prepare = Callable[[MainWindow], QWidget | QImage | None]


def picture(name: str, mode: str, prepare: Prepare) -> None:
    """Save docs/NAME.png of a window that `prepare` has brought to where it is worth showing, or of
    another one that it returns, or the picture that it made.
    """
    theme().set_mode(mode)
    window = MainWindow(Saved(Project()))
    theme().set_mode(mode)
    window.show()
    wait_until(lambda: window.complete and window.training.latest is not None)
    window.resize(1600, 1000)  # the offscreen platform's screen is smaller
    spin(300)
    window.layouts.choose("train")
    window.reset_layout()
    seen = prepare(window) or window
    spin(300)
    target = ROOT / "docs" / f"{name}.png"
    made = seen if isinstance(seen, QImage) else seen.grab()
    made.save(str(target))
    print(target.relative_to(ROOT))
    window.close_without_asking()
    window.shut_down()


def walked(window: MainWindow, iterations: int, chip: str, hidden: tuple[int, ...] = (4,)) -> None:
    """Train hidden layers of these sizes, then walk to the step of this name."""
    project = window.document.project
    for l, units in enumerate(hidden[1:], start=2):
        project = insert_layer(project, l, LayerSettings(units=units, activation="tanh"))
    window.document.edit("Layers", project)
    wait_until(lambda: window.training.latest.project == project)
    trained(window, iterations)
    window.start_walk()
    wait_until(lambda: window.walk.record is not None)
    wait_until(lambda: window.walk.record.iteration == iterations)
    window.walk.go([step.chip for step in window.walk.steps].index(chip))


def opened(window: MainWindow) -> None:
    """A number of the backward pass, opened, beside the example it is looked at for."""
    walked(window, 2_000, "dW[2]", (4, 3))
    window.selection.select_example(7)
    window.walk.open_number(Entry("dW", 2, 1, 2))


def digits(window: MainWindow) -> None:
    """Eight units that look at handwritten digits, one of them large, and an example."""
    project = set_units(choose_source(window.document.project, "digits"), 1, 8)
    project = with_training(with_data(project, examples=800), l2=4.0, learning_rate=0.3)
    learned(window, project, 1_000)
    window.selection.select_example(190)
    window.selection.hover_unit((1, 5))


def blobs(window: MainWindow) -> None:
    """Five classes in as many hues."""
    project = choose_source(window.document.project, "blobs")
    learned(window, set_option(project, "classes", 5), 300)


def hidden(window: MainWindow) -> None:
    """The flower as a layer of two units sees it, above the plane, some of its points lit."""
    docks = window.docks
    for name in ("cost", "activations", "lens"):
        docks[name].hide()
    for name in ("hidden", "boundary"):
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks[name])
        docks[name].show()
    sides = [docks["hidden"], docks["boundary"]]
    window.resizeDocks(sides, [100, 100], Qt.Orientation.Vertical)
    layers = tuple(LayerSettings(units=n, activation="tanh") for n in (8, 2))
    output = LayerSettings(units=1, activation="sigmoid")
    project = with_training(window.document.project, learning_rate=0.5)
    project = with_network(project, layers=(*layers, output), initializer="xavier", seed=1)
    learned(window, project, 2_000)
    window.selection.select_layer(2)
    wait_until(lambda: answer_in(window.training.latest, Hidden) is not None)
    wait_until(lambda: answer_in(window.training.latest, Hidden).viewpoint.layer == 2)
    spin(500)
    space = answer_in(window.training.latest, Hidden)
    x, y = space.points
    window.selection.light(space.examples[(abs(x) < 0.8) & (y < -0.4)])


def learned(window: MainWindow, project: Project, iterations: int) -> None:
    """Train this project, in a window without the stepper."""
    window.docks["stepper"].hide()
    window.document.edit("Another", project)
    wait_until(lambda: window.training.latest.project == project)
    trained(window, iterations)


def scrubbed(window: MainWindow) -> None:
    """The run as it was, its handle dragged back, and a weight over the run."""
    learned(window, with_data(window.document.project, test_share=0.2), 2_000)
    plots = [window.docks[name] for name in ("boundary", "cost", "activations")]
    window.resizeDocks(plots, [380, 330, 170], Qt.Orientation.Vertical)
    window.selection.trace(Place(1, 1, 0))
    wait_until(lambda: answer_in(window.training.latest, TraceOf) is not None)
    window.training.visit(260)
    wait_until(lambda: window.training.latest.iteration == 260)
    spin(500)


def examined(window: MainWindow) -> None:
    """A network that starts from zeros: twins, and what the doctor says of them."""
    learned(window, with_network(window.document.project, initializer="zeros"), 300)
    window.docks["doctor"].bring()
    doctor = window.panels["doctor"]
    assert isinstance(doctor, DoctorPanel)
    wait_until(lambda: bool(doctor.remarks))
    plots = [window.docks[name] for name in ("boundary", "cost", "doctor")]
    window.resizeDocks(plots, [430, 200, 240], Qt.Orientation.Vertical)
    doctor.remarks[0].show_me.click()
    spin(2_500)  # the frames have come to rest


def surveyed(window: MainWindow) -> QWidget:
    """One neuron: the bowl of cross-entropy beside the surface of squared error."""
    neuron = LayerSettings(units=1, activation="sigmoid")
    layers = with_network(window.document.project, layers=(neuron,), scale=3.5, seed=35)
    project = with_data(choose_source(layers, "gaussians"), features=("x1",), noise=1.2)
    learned(window, with_training(project, learning_rate=1.0), 400)
    dock, panel = window.docks["surface"], window.panels["surface"]
    assert isinstance(panel, SurfacePanel)
    dock.setFloating(True)
    dock.show()
    dock.resize(1180, 520)
    wait_until(
        lambda: not panel.relief.grab().isNull() and answer_in(window.training.latest, Survey)
    )
    panel.from_side.setChecked(True)
    panel.relief.setFocus()
    panel.relief.clearFocus()
    spin(500)
    return dock


def swept(window: MainWindow) -> QWidget:
    """Data size against model size."""
    window.sweeps.show()
    sweep = window.sweeps.window
    assert sweep is not None
    sweep.resize(1180, 680)
    sweep.form.choose_preset("sizes")
    sweep.form.start.click()
    wait_until(lambda: not sweep.runner.running)
    sweep.results.view.point((2, 2))
    return sweep


def compared(window: MainWindow) -> QWidget:
    """Four runs, two of them side by side."""
    from gui.panels.runs.panel import RunsPanel  # late, as the window does

    started = with_data(window.document.project, test_share=0.25)
    began_again(window, started, 1_500)
    began_again(window, with_training(started, learning_rate=0.1), 1_500)
    began_again(window, set_units(started, 1, 12), 1_500)
    window.training.runs.note(1, "as in the course")
    dock, panel = window.docks["runs"], window.panels["runs"]
    assert isinstance(panel, RunsPanel)
    dock.setFloating(True)
    dock.show()
    dock.resize(1440, 320)
    began_again(window, with_training(started, optimizer="adam", learning_rate=0.01), 900)
    wait_until(lambda: panel.sorted.rowCount() == 4)
    flags = QItemSelectionModel.SelectionFlag
    for row in (2, 3):
        panel.table.selectionModel().select(panel.sorted.index(row, 0), flags.Select | flags.Rows)
    spin(300)
    plot = panel.compared.curves.plot
    plot.hovered.emit(plot.area().center())
    return dock


def began_again(window: MainWindow, project: Project, iterations: int) -> None:
    """Train this project from its start."""
    window.document.edit("Another", project)
    window.training.reset()
    wait_until(lambda: window.training.latest.project == project)
    wait_until(lambda: window.training.latest.iteration == 0)
    trained(window, iterations)


HOMEWORK = ROOT / "tests" / "core" / "check" / "homework" / "shallow.txt"


def checked(window: MainWindow) -> QWidget:
    """Homework that leaves the mean out of dW2."""
    folder = Path(tempfile.mkdtemp())
    text = HOMEWORK.read_text(encoding="utf-8")
    wrong = text.replace("(1 / m) * np.dot(dZ2, A1.T)", "np.dot(dZ2, A1.T)")
    assert wrong != text
    file = folder / "planar_data.py"
    file.write_text(wrong, encoding="utf-8")
    window.checks.check(file)
    shown = window.checks.shown
    assert shown is not None
    wait_until(lambda: shown.checked is not None and shown.again.isEnabled())
    shown.resize(1100, 430)
    return shown


def figure(window: MainWindow) -> QImage:
    """The picture of a step, with an opened number."""
    walked(window, 2_000, "dW[2]")
    window.walk.open_number(Entry("dW", 2, 0, 1))
    window.selection.select_example(7)
    step = next(one for one in window.figures.subjects() if one.title.startswith("Step"))
    return QImage.fromData(step.make(".png", QSize(1200, 1), 1.3, LIGHT))


def handout(window: MainWindow) -> QImage:
    """The two pages of a hand-out, side by side."""
    walked(window, 2_000, "Z[1]")
    record, step = window.walk.record, window.walk.step
    assert record is not None
    assert step is not None
    made = Handout(record, (step,), 7)
    title = "Flower, iteration 2,000"
    with theme().lent(LIGHT):
        sheets = laid_out([made.blocks(title), made.blocks(title, solved=True)], title)
        size = (A4 * 1.25).toSize()
        pictures = [image(paint, size, 1.25) for paint in sheets]
    high = round(0.62 * size.height())
    whole = QImage(2 * size.width() + 12, high, QImage.Format.Format_RGB32)
    whole.fill(LIGHT.border)
    with QPainter(whole) as painter:
        for k, page in enumerate(pictures):
            painter.drawImage(QRectF(k * (size.width() + 12), 0, size.width(), size.height()), page)
    return whole


PICTURES: dict[str, tuple[str, Prepare]] = {
    "window": ("light", lambda window: trained(window, 10_000)),
    "forward": ("light", lambda window: walked(window, 2_000, "Z[1]")),
    "backward": ("dark", lambda window: walked(window, 2_000, "dZ[1]")),
    "opened": ("dark", opened),
    "digits": ("light", digits),
    "blobs": ("dark", blobs),
    "hidden": ("light", hidden),
    "runs": ("light", compared),
    "timeline": ("light", scrubbed),
    "doctor": ("dark", examined),
    "surface": ("light", surveyed),
    "sweep": ("light", swept),
    "check": ("light", checked),
    "figure": ("light", figure),
    "handout": ("light", handout),
}


if __name__ == "__main__":
    application()
    QSettings().setValue(INVITED, True)  # no invitation to a lesson over the pictures
    for name, (mode, prepare) in PICTURES.items():
        if not sys.argv[1:] or name in sys.argv[1:]:
            picture(name, mode, prepare)
