"""A teacher writes a lesson next to the window: steps, a part, a goal, a question."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from core.files import lesson_draft, lessons
from gui.lessons.author import window as author_window
from gui.lessons.learner import progress_folder
from gui.lessons.options import Choosing
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, train
from tests.gui.paper.reading import pages
from tests.lessons.player import settle

LEFT = Qt.MouseButton.LeftButton


def opened(window):
    window.parts.find("learn.author").action.trigger()
    author = window.lessons.author
    assert author.isVisible()
    return author


def typed(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def chosen(qtbot, words):
    """Take a line of the menu that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (action,) = [a for a in menu.actions() if a.text().startswith(words)]
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def plain(prose):
    return prose.document().toPlainText()


def wrote(qtbot, window):
    """A lesson of two steps: one that shows, and one with a goal and a question."""
    author = opened(window)
    author.add.click()
    typed(author.form.heading, "A flower")
    typed(author.form.text, "Two classes in petals.")
    author.add.click()
    typed(author.form.heading, "Train it")
    typed(author.form.hint, "Press Play.")
    train(qtbot, window, 1000)
    author.form.offers.click()
    chosen(qtbot, "Accuracy is above")
    author.tabs.setCurrentWidget(author.questions)
    form = author.questions
    typed(form.text, "How many will it get right?")
    for row, (option, reply) in enumerate((("All", "The data are noisy."), ("About 90 %", ""))):
        form.table.item(row, 1).setText(option)
        form.table.item(row, 2).setText(reply)
    form.table.item(1, 0).setCheckState(Qt.CheckState.Checked)
    form.put.click()
    return author


def test_a_lesson_is_written_saved_and_played(qtbot, monkeypatch, tmp_path):
    path, paper = tmp_path / "mine.lesson", tmp_path / "mine.pdf"
    monkeypatch.setattr(author_window, "ask_save", lambda *_: path)
    monkeypatch.setattr("gui.lessons.handout.ask_save", lambda *_: paper)

    def script(window):
        own = window.document.project
        author = wrote(qtbot, window)
        first, second = author.book.draft.lesson.steps
        assert (first.title, first.text, first.goal) == ("A flower", "Two classes in petals.", "")
        assert second.goal.startswith("accuracy > 0.8")
        assert second.questions[0].right == (2.0,)
        assert second.questions[0].replies[0].text == "The data are noisy."
        assert "boundary" in second.show
        author.save.click()
        author.print.click()
        author.try_.click()  # from the current step
        guide = window.lessons.guide
        settle(qtbot, window)
        assert guide.at == 1
        assert not author.isVisible()  # it would lie over the lesson
        assert window.training.latest.iteration == 0
        guide.panel.asking.options[1].click()
        train(qtbot, window, 1000)
        qtbot.waitUntil(lambda: guide.reached)
        guide.panel.next.click()
        qtbot.waitUntil(lambda: not guide.active and at_rest(window))
        assert author.isVisible()
        assert window.document.project == own
        assert window.training.latest.iteration == 1000

    assert run_app(script) == 0
    package = lessons.open_packed(path)
    assert [step.title for step in package.lesson.steps] == ["A flower", "Train it"]
    assert list(package.scenes) == [0, 1]
    assert len(pages(paper.read_bytes())) == 2


@pytest.mark.slow
def test_a_part_is_picked_by_clicking_it(qtbot):
    def script(window):
        author = opened(window)
        author.add.click()
        author.form.pick.click()
        assert not author.isVisible()
        at = window.parts.find("runbar.play").point
        pointing = author.pointing
        QTest.mouseMove(pointing, pointing.mapFromGlobal(at))
        assert "Play" in pointing.accessibleDescription()
        QTest.mouseClick(pointing, LEFT, pos=pointing.mapFromGlobal(at))
        assert author.book.step.point == ("runbar.play",)
        assert author.isVisible()
        assert not window.training.playing
        author.form.pick.click()
        at = window.parts.find("canvas.edge[1][1,2]").point
        pointing = author.pointing
        QTest.mouseClick(pointing, LEFT, pos=pointing.mapFromGlobal(at))
        assert author.book.step.point[-1].startswith("canvas.edge[1]")
        before = author.book.step.point
        author.form.pick.click()
        QTest.keyClick(author.pointing, Qt.Key.Key_Escape)
        assert author.isVisible()
        assert author.book.step.point == before
        author.form.pick.click()
        for _ in range(3):
            QTest.keyClick(author.pointing, Qt.Key.Key_Right)
        QTest.keyClick(author.pointing, Qt.Key.Key_Left)
        assert author.pointing.accessibleDescription()
        QTest.keyClick(author.pointing, Qt.Key.Key_Return)
        assert len(author.book.step.point) == len(before) + 1
        typed(author.form.point, "cost canvas.edge[1][1,2], stepper.chip[dW[1]]")
        assert author.book.step.point == ("cost", "canvas.edge[1][1,2]", "stepper.chip[dW[1]]")

    assert run_app(script) == 0


def test_the_preview_reads_as_the_lesson_will(qtbot):
    def script(window):
        author = wrote(qtbot, window)
        if not author.preview.isVisible():
            author.seen.click()
        typed(author.form.explanation, "It got {{accuracy:.1%}}.")
        accuracy = window.training.latest.train.accuracy
        qtbot.waitUntil(
            lambda: f"It got {100 * accuracy:.1f} %." in plain(author.preview.explanation)
        )
        (tried,) = author.preview.findChildren(Choosing)
        tried.options[0].click()
        said = [label.text() for label in author.preview.findChildren(QLabel)]
        assert "The data are noisy. It is: About 90 %" in said

    assert run_app(script) == 0


@pytest.mark.slow
def test_it_is_kept_undone_and_every_key_can_be_typed(qtbot, monkeypatch):
    def script(window):
        author = wrote(qtbot, window)
        author.remove.click()
        assert len(author.book.draft.lesson.steps) == 1
        QTest.keySequence(author, "Ctrl+Z")
        assert [s.title for s in author.book.draft.lesson.steps] == ["A flower", "Train it"]
        author.up.click()
        assert author.book.step.title == "Train it"
        assert author.book.at == 0
        author.tabs.setCurrentWidget(author.source)
        text = author.source.text.toPlainText()
        author.source.text.setPlainText(text.replace("```step", '```step\nbug = "mean"'))
        assert author.book.step.bug == "mean"
        author.source.text.setPlainText(text.replace("```step", "```step\nnonsense = 1"))
        assert "nonsense" in author.source.fault.text()
        assert author.source.fault.text().startswith("Line 3")
        assert author.book.step.bug == "mean"
        author.close()
        assert opened(window).book.step.bug == "mean"

    assert run_app(script) == 0
    kept = lesson_draft.kept(progress_folder())
    assert kept is not None
    assert kept.lesson.steps[0].bug == "mean"

    def again(window):
        assert [s.title for s in opened(window).book.draft.lesson.steps] == ["Train it", "A flower"]

    assert run_app(again) == 0
