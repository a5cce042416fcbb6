"""Checks that the window shows what its document says, and that saved files can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import LayerwiseError
from core.files import answers, storage
from core.lessons import handed
from core.project import decode, encode
from tests.core.files import made

STAND = 5.0  # seconds for the run to say where it stands


def problems(window: Any, *, gathers: bool = False) -> Iterator[str]:
    """What does not agree: a name, a colon, and both sides."""
    for check in (_file, _title, _undo, _canvas, _layers, _data, _run_bar, _thread):
        for what, is_, should in check(window):
            if is_ != should:
                yield f"{what}: {is_!r} is shown of {should!r}"
    if gathers:
        yield from _whole(window)


Compared = Iterator[tuple[str, object, object]]


def _file(window: Any) -> Compared:
    project = window.document.project
    yield "the project read back", decode(encode(project)), project


def _title(window: Any) -> Compared:
    yield "the title", window.windowTitle(), window.files.name.replace("[*]", "[*][*]") + "[*]"
    yield "the mark of changes", window.isWindowModified(), window.files.modified


def _undo(window: Any) -> Compared:
    stack = window.document.undo_stack
    edit = next(a.menu() for a in window.menuBar().actions() if a.text() == "&Edit")
    undo, redo = edit.actions()[:2]
    yield "whether Undo can be used", undo.isEnabled(), stack.canUndo()
    yield "whether Redo can be used", redo.isEnabled(), stack.canRedo()


def _canvas(window: Any) -> Compared:
    project, picture = window.document.project, window.canvas.network.picture
    yield "the layers drawn", picture.sizes[1:], project.sizes()[1:]
    yield "the muted units drawn", picture.muted, project.muted
    yield "the frozen units drawn", picture.frozen, project.frozen


def _layers(window: Any) -> Compared:
    panel, layers = window.panels["layers"], window.document.project.network.layers
    if panel.isVisible():
        yield "the rows of the layers", panel.model.rowCount(), 1 + len(layers)


def _data(window: Any) -> Compared:
    panel, data = window.panels["data"], window.document.project.data
    if not panel.isVisible():
        return
    yield (
        "the features switched on",
        {n for n, c in panel.features.items() if c.isChecked()},
        set(data.features),
    )
    yield "the box of normalizing", panel.normalize.isChecked(), data.normalize


def _run_bar(window: Any) -> Compared:
    training, settings = window.document.project.training, window.run_bar.settings
    yield "the learning rate", settings.rate.value, training.learning_rate
    yield "the loss", settings.loss.value, training.loss


def _thread(window: Any) -> Compared:
    yield "whether the run answers", window.training.alive, True


def _whole(window: Any) -> Iterator[str]:
    """The whole work, written and read again, is bit for bit what it was."""
    saved = window.files.gathered(window.training.stand(STAND))
    left = storage.left_out(saved)
    try:
        read = storage.decode(storage.encode(saved), "walked.layerwise")
    except LayerwiseError as error:
        yield f"what would be saved cannot be read: {error}"
        return
    back = made.parts(read)
    for sentence in read.set_aside:
        yield f"set aside when it is read back: {sentence}"
    for name, part in made.parts(saved).items():
        if back.get(name) != part and not any(name == f"run {each.number}" for each in left):
            yield f"what is read back of the {name.rstrip('0123456789 ')}: something else"


def unreadable(folder: Path, known: dict[Path, int]) -> Iterator[str]:
    """Files that were saved since (`known` has when they were) and cannot be opened."""
    for path in sorted(folder.glob("saved*")):
        now = path.stat().st_mtime_ns
        if known.get(path) == now or path.suffix not in (".layerwise", ".json"):
            continue
        known[path] = now
        try:
            _read(path)
        except LayerwiseError as error:
            yield f"{path.name}: {error}"


def _read(path: Path) -> object:
    """Read a file as what it was saved as: a project, settings alone, or answers to hand in."""
    if path.suffix == ".layerwise":
        return storage.read(path)
    content = path.read_bytes()
    return answers.read(path) if handed.FORMAT.encode() in content else decode(content)
