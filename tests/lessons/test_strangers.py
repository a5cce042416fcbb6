"""Lessons of strangers in the window: refused in a sentence, or harmless; nothing else happens."""

import io
import socket
import subprocess
import zipfile

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel

from gui.files import open_save as files
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, edit, said
from tests.lessons.player import settle

FRONT = "---\ntitle: {}\nabout: A stranger's.\nminutes: 1\n---\n"
UNKNOWN = {  # keys that are read, and that no window knows
    "a part": ('point = "kitchen"', "no part called 'kitchen'"),
    "a panel": ('show = ["kitchen"]', "no panel 'kitchen': there are data, layers,"),
    "a control as a panel": ('show = ["runbar.play"]', "no panel 'runbar.play'"),
    "a covered part": ('hide = ["shapes", "kitchen"]', "no part called 'kitchen'"),
    "a lab": ('allow = ["labs.kitchen"]', "no part called 'labs.kitchen'"),
    "a part of a lab": ('point = "labs.neuron.oven"', "no part called 'labs.neuron.oven'"),
    "a panel of a goal": ("goal = \"panel('kitchen')\"", "no panel 'kitchen': there are data,"),
    "a view": ("goal = \"view('kitchen')\"", "no view 'kitchen': it has matrix, example, code,"),
    "a sweep": ("goal = \"sweep('kitchen').done\"", "no sweep 'kitchen': the presets are sizes,"),
    "a panel of a live number": ("{{panel('kitchen')}}", "no panel 'kitchen'"),
    "a command of a goal": ("goal = \"done('file.burn')\"", "no part called 'file.burn'"),
    "a bug": ('bug = "weevil"', "no bug 'weevil'"),
    **{
        f"the key {keys}": (f"test = ['{line}']", f"does not press {pressed}, which {why}")
        for keys, line, pressed, why in (
            ("of a command", "key Ctrl+S", "Ctrl+S", "is the command Save"),
            ("that quits", "key Ctrl+Q", "Ctrl+Q", "is the command Quit"),
            ("in small letters", "key Ctrl+q", "Ctrl+Q", "is the command Quit"),
            ("in a part", "key canvas Ctrl+Shift+S", "Ctrl+Shift+S", "is the command Save as"),
            ("among others", "key Down,Ctrl+O,Return", "Ctrl+O", "is the command Open"),
            ("in a lab", "lab neuron key z Ctrl+V", "Ctrl+V", "is paste for the user"),
            ("that copies", "key Ctrl+C", "Ctrl+C", "is copy for the user"),
            ("that cuts", "key Shift+Del", "Shift+Del", "is cut for the user"),
            ("that closes", "key Ctrl+W", "Ctrl+W", "ends the window"),
            ("of the screen", "key Alt+F4", "Alt+F4", "ends the window"),
            ("that leaves the lesson", "key Ctrl+Esc", "Ctrl+Esc", "is the command Leave"),
            ("that finds commands", "key Ctrl+K", "Ctrl+K", "is the command Find a command"),
        )
    },
}
HARMLESS = (
    FRONT.format("A & B")
    + """## One
> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > deep, and &lt;b&gt;
- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - list

https://example.org/never-fetched.png and {{9999999999999999999999999999 * 99999999999999999999:d}}
{{w(99, 99, 99)}} {{1 / 0}} {{runs[99].cost}} {{layers[99].units}} {{record.Z[99](1, 1)}}
```step
example = 1000000
unit = [99, 1000000]
iteration = 1000000
bounds = [-1000000.0, 1000000.0, -1000000.0, 1000000.0]
bug = "double"
goal = "answer(99) == 1"
hint = "<img src='file:///etc/passwd'> <b>bold</b> & so on"
test = [
  "answer 1 inf",
]

[[ask]]
text = "<img src='http://example.org/a.png'> <b>one</b>?"
options = ["<i>a</i>", "<a href='http://example.org'>b</a>"]
right = [1]
```
"""
)
ASK = "[[ask]]\ntext = 'a'\noptions = ['a', 'b']\nright = [1]"
LINES = [
    "answer 1 inf", "answer 1 nan", "answer 1 99", "answer 1 a", "play a", "step 1e9",
    "set nothing 1", "choose nothing a", "choose runbar.loss kitchen",
    "click kitchen", "drag canvas.edge[9][9,9] 1", "drag surface a b",
    "drag canvas x", "key kitchen Return", "walk kitchen", "open kitchen", "plant weevil",
    "sweep kitchen", "panel kitchen", "select unit 9 9", "select unit 1", "select example a",
    "mute 9 9", "lab race set kitchen 1", "lab race drag size 1", "lab neuron click oven",
    "expect __import__ 1 0", "expect chip 1 0", "expect cost a 0",
]  # fmt: skip


def packed(text, **files_beside):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("lesson.md", text)
        for name, part in files_beside.items():
            archive.writestr(name, part)
    return content.getvalue()


@pytest.fixture
def nothing_happens(monkeypatch):
    """Nothing asks, fetches, starts or opens anything."""
    for owner, name in (
        (socket, "create_connection"), (subprocess, "Popen"), (QDesktopServices, "openUrl"),
        (files, "ask_open"), (files, "ask_save"), (files, "ask_to_save"),
    ):  # fmt: skip
        monkeypatch.setattr(owner, name, lambda *_, **__: pytest.fail("something else happened"))


@pytest.mark.slow
def test_what_the_window_does_not_know_is_refused_and_nothing_else_happens(
    qtbot, tmp_path, nothing_happens, monkeypatch
):
    path = tmp_path / "strange.lesson"

    def script(window):
        edit(window, 0.7)
        qtbot.waitUntil(lambda: at_rest(window))
        own, layout = window.document.project, window.layouts.current
        monkeypatch.setattr(files, "ask_open", lambda *_: path)
        for kind, (block, sentence) in UNKNOWN.items():
            body = block if block.startswith("{{") else f"```step\n{block}\n```"
            path.write_bytes(packed(f"{FRONT.format('A')}## One\n{body}\n"))
            window.parts.find("learn.open").action.trigger()
            assert sentence in said(window), kind
            assert "line 6: " in said(window), kind
            assert not window.lessons.active
            assert window.document.project == own
            assert window.files.modified
            assert window.layouts.current == layout

    assert run_app(script) == 0


def test_a_lesson_that_asks_for_what_is_not_there_is_harmless(qtbot, tmp_path, nothing_happens):
    path = tmp_path / "wild.lesson"
    path.write_bytes(packed(HARMLESS))

    def script(window):
        own = window.document.project
        window.lessons.open_file(path)
        guide = window.lessons.guide
        settle(qtbot, window)
        shown = {label.text() for label in guide.panel.findChildren(QLabel)}
        assert "<img src='http://example.org/a.png'> <b>one</b>?" in shown  # as it is written
        assert guide.panel.asking.options[0].text() == "<i>a</i>"
        assert "99999999999999999999" not in guide.panel.text.toPlainText()
        assert "…" in guide.panel.text.toPlainText()
        assert window.training.latest.iteration == 0
        guide.panel.show_me.click()
        failed: list[str] = []
        guide.hands.failed.connect(failed.append)
        qtbot.waitUntil(lambda: bool(failed))
        guide.panel.skip.click()
        assert not guide.reached
        guide.panel.leave.click()
        assert window.document.project == own

    assert run_app(script) == 0


@pytest.mark.slow
def test_show_me_of_a_stranger_fails_in_a_sentence(qtbot, tmp_path, nothing_happens):
    steps = "".join(
        f"## Step {n}\n```step\ntest = [{line!r}]\n{ASK}\n```\n" for n, line in enumerate(LINES)
    )
    path = tmp_path / "hands.lesson"
    path.write_bytes(packed(FRONT.format("Hands") + steps))

    def script(window):
        own = window.document.project
        window.lessons.open_file(path)
        guide = window.lessons.guide
        failed: list[str] = []
        told: dict[str, str] = {}
        guide.hands.failed.connect(failed.append)
        for at, line in enumerate(LINES):
            settle(qtbot, window)
            assert guide.at == at
            failed.clear()
            guide.hands.perform(guide.step.test)
            qtbot.waitUntil(lambda: bool(failed) or not guide.hands.busy)
            told[line] = "".join(failed)
            if (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
            while guide.active and guide.at == at:
                guide.skip()
        assert not guide.active
        assert window.document.project == own
        assert [line for line, sentence in told.items() if not sentence] == []
        assert "the walk has no step 'kitchen': there are A[0], Z[1]" in told["walk kitchen"]
        assert not any("\n" in sentence for sentence in told.values())

    assert run_app(script) == 0
