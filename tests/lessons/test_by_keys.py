"""Bundled lessons on a projector by the keyboard alone: answers, all that is to be done, Show me,
on, back, out.
"""

from time import monotonic

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.files import lessons
from gui.lessons import hands
from gui.lessons.options import Filling, Matching, Writing
from tests.e2e.driver import SIZE, run_app
from tests.e2e.work import at_rest
from tests.lessons import typist
from tests.lessons.player import LONG_MS, check_texts, settle, told

MOST_TABS = 120  # from any part of the window to a button of the lesson


def press(window, *keys):
    for key in keys:
        typist.press(window, key)


def tab_to(window, widget):
    """Move the keyboard on until this has it."""
    for _ in range(MOST_TABS):
        if QApplication.focusWidget() is widget:
            return
        press(window, "Tab")
    guide = window.lessons.guide
    raise AssertionError(f"{guide.step.title}: {widget} of {guide.panel.asking} is not reached")


def choose_partner(qtbot, window, menu, partner):
    tab_to(window, menu)
    press(window, "Space")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    wanted = next(action for action in popup.actions() if action.data() == f"{partner:g}")
    for _ in popup.actions():
        if popup.activeAction() is not wanted:
            press(window, "Down")
    press(window, "Return")
    qtbot.waitUntil(lambda: menu.value == f"{partner:g}")


def answer(qtbot, window, asking):
    """The right answer, by keys; the keyboard is there already."""
    typist.wake(window)
    assert QApplication.focusWidget() is asking.first
    question = asking.question
    if isinstance(asking, Filling):
        if not question.right:
            tab_to(window, asking.impossible)
            press(window, "Space")
            return
        for field, number in zip(asking.fields, question.right, strict=True):
            tab_to(window, field)
            QTest.keyClicks(field, f"{number:g}")
        press(window, "Return")
        return
    if isinstance(asking, Writing):
        QTest.keyClicks(asking.edit, "one neuron first")
    elif isinstance(asking, Matching):
        for menu, partner in zip(asking.menus, question.right, strict=True):
            choose_partner(qtbot, window, menu, partner)
    else:
        for place in question.right:
            tab_to(window, asking.options[int(place) - 1])
            press(window, "Space")
        if question.kind == "choice" and not question.several:
            return
    tab_to(window, asking.take_button)
    press(window, "Space")


def do_step(qtbot, window, person=None):
    """Answer what a step asks, and do the rest by keys, or let Show me do it."""
    guide = window.lessons.guide
    while (asking := guide.panel.asking) is not None:
        assert not guide.panel.next.isEnabled()
        answer(qtbot, window, asking)
        qtbot.waitUntil(lambda asked=asking: guide.panel.asking is not asked)
    for command in guide.step.test if person is not None else ():
        if not guide.reached:
            person.do(command)
    if person is not None:
        until = monotonic() + 60  # for a lab that measures
        qtbot.waitUntil(lambda: guide.reached or monotonic() > until, timeout=LONG_MS)
        assert guide.reached, f"{guide.step.title}: not reached; {told(guide)}"
    elif not guide.reached:
        failed: list[str] = []
        guide.hands.failed.connect(failed.append)
        tab_to(window, guide.panel.show_me)
        press(window, "Space")
        qtbot.waitUntil(lambda: guide.reached or bool(failed), timeout=LONG_MS)
        qtbot.waitUntil(lambda: not guide.hands.busy, timeout=LONG_MS)
        guide.hands.failed.disconnect(failed.append)
        assert not failed
    until = monotonic() + 5
    qtbot.waitUntil(lambda: guide.panel.next.isEnabled() or monotonic() > until)


@pytest.mark.slow
@pytest.mark.parametrize("name", lessons.bundled())
def test_a_lesson_is_presented_by_keys_alone(qtbot, monkeypatch, name):
    monkeypatch.setattr(hands, "SLOW_MS", hands.FAST_MS)

    def script(window):
        own = window.document.project
        press(window, "F11")
        qtbot.waitUntil(lambda: window.presentation.active)
        qtbot.waitUntil(lambda: window.width() < SIZE[0])  # the offscreen screen has 800 × 800
        window.resize(*SIZE)  # of a projector
        qtbot.waitUntil(lambda: (window.width(), window.height()) == SIZE)
        window.lessons.start(name)
        guide = window.lessons.guide
        steps, person = guide.package.lesson.steps, typist.Typist(qtbot, window)
        for at, step in enumerate(steps):
            settle(qtbot, window)
            assert guide.at == at
            do_step(qtbot, window, person)
            check_texts(guide, step)
            if at == 1:  # back and on again: what was done is kept, and asked again
                press(window, "PgUp")
                settle(qtbot, window)
                assert guide.at == 0
                do_step(qtbot, window)
                press(window, "PgDown")
                settle(qtbot, window)
                assert guide.at == 1
                do_step(qtbot, window)
            press(window, "PgDown")
        qtbot.waitUntil(lambda: not guide.active)
        qtbot.waitUntil(lambda: at_rest(window))
        assert guide.learner.course(name).finished
        assert window.document.project == own
        window.lessons.start(name)
        settle(qtbot, window)
        press(window, "Ctrl+Esc")
        assert not guide.active
        assert window.document.project == own
        for _ in range(3):  # first it leaves what was chosen
            if window.presentation.active:
                press(window, "Esc")
        assert not window.presentation.active

    assert run_app(script) == 0
