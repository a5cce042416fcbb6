"""Plays a lesson as a learner would: by the parts' own controls, step by step."""

import re
from time import monotonic

from core.files import lessons
from core.lessons import goal as goals
from core.lessons import vocabulary
from core.lessons.goal import YET
from tests.e2e.work import at_rest
from tests.patience import PATIENCE_MS

LONG_MS = 10 * PATIENCE_MS  # that thousands of iterations may take on a busy machine


def settle(qtbot, window):
    """Wait until the scene of a step is there and everybody has seen it."""
    guide = window.lessons.guide
    qtbot.waitUntil(lambda: at_rest(window) and guide.settled)
    qtbot.wait(60)


def play(qtbot, window, name, each=lambda step: None):
    """Play a bundled lesson to its end; `each` looks at every step before and after."""
    package = lessons.find(name)
    window.lessons.open_package(package)
    guide = window.lessons.guide
    for at, step in enumerate(package.lesson.steps):
        settle(qtbot, window)
        assert guide.at == at
        begin(qtbot, window, step)
        each("before")
        carry_out(qtbot, window, step)
        each("after")
        check_texts(guide, step)
        guide.panel.next.click()
    qtbot.waitUntil(lambda: not guide.active)
    assert guide.learner.course(name).finished


def begin(qtbot, window, step):
    """The goal of a step is false when it begins; what it points at is there."""
    guide = window.lessons.guide
    for key in (*step.point, *(step.allow or ())):
        assert window.parts.knows(key), f"{step.title}: {key}"
    if step.goal:
        goal = goals.parse(step.goal)
        vocabulary.check(goal)
        if goals.asks_for_record(goal):
            qtbot.waitUntil(lambda: guide.watch.record is not None)
        assert not goal.met(guide.watch.facts()), f"{step.title}: true before anything was done"
        assert not guide.panel.next.isEnabled()
        assert step.test, f"{step.title}: has a goal and no test"
    elif not step.questions:
        assert guide.panel.next.isEnabled()


def carry_out(qtbot, window, step):
    """What the test of a step does makes its goal true."""
    guide = window.lessons.guide
    failed: list[str] = []
    guide.hands.failed.connect(failed.append)
    guide.hands.perform(step.test)
    qtbot.waitUntil(lambda: bool(failed) or not guide.hands.busy, timeout=LONG_MS)
    assert not failed, f"{step.title}: {failed}"
    deadline = monotonic() + PATIENCE_MS / 3000
    qtbot.waitUntil(lambda: guide.reached or monotonic() > deadline)
    assert guide.reached, f"{step.title}: not reached; {told(guide)}"
    guide.hands.failed.disconnect(failed.append)


def told(guide):
    """What is known, for who reads that a goal was missed."""
    facts, step = guide.watch.facts(), guide.step
    names = dict.fromkeys(goals.names(goals.parse(step.goal))) if step.goal else {}
    return {name: facts[name] for name in names}


def check_texts(guide, step):
    """Every live number of a step is there once it is done."""
    facts = guide.watch.facts()
    for text in (step.text, step.explanation):
        assert YET not in goals.render(text, facts) or YET in re.sub(r"\{\{.*?\}\}", "", text), text
    if step.explanation:
        assert not guide.panel.explanation.isHidden()
