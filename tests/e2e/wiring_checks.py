"""A check for each connection of the main window: what a user would miss without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

import gui.figures
import gui.files.code_export
import gui.files.data_import
import gui.files.open_save
import gui.main_window
import gui.stepper.check
from core import edits
from core.by_hand import Place
from core.look.activations import Activations
from core.look.findings import Findings
from core.training.finding import Finding
from core.training.session import Session
from core.walk.entry import Entry
from gui import errors
from gui.canvas.overlay import Lamp
from gui.canvas.weight_card import WeightCard
from gui.main_window import MainWindow
from gui.paint.tools import PaintTools
from gui.paper.dialog import PictureDialog
from gui.paper.handout_dialog import HandoutDialog
from tests.e2e.work import at_rest, said, train
from tests.gui.panels.snapshots import answering
from tests.leftovers import PatientBot

LEFT = Qt.MouseButton.LeftButton
WORDS = "Something that was done."


@dataclass
class Use:
    """A window and its user, who is patient for no more than `patience` ms."""

    window: MainWindow
    qtbot: PatientBot
    patch: pytest.MonkeyPatch
    folder: Path
    patience: int

    def until(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=self.patience)

    def train(self, iterations: int) -> None:
        """Train so many iterations more, and rest."""
        train(self.qtbot, self.window, iterations)

    def record(self) -> None:
        """Have the next iteration recorded, with the stepper in sight."""
        self.window.docks["stepper"].bring()
        walk, training = self.window.walk, self.window.training
        self.until(lambda: walk.record is not None and not walk.lacks(training.standing))

    def lit(self) -> bool:
        """Whether the network shows a step of the walk."""
        return self.window.canvas.network.picture.emphasis is not None

    def walk(self) -> None:
        """Record, and leave the first step: the network lights up."""
        self.record()
        self.window.walk.go(2)
        self.until(self.lit)

    def at(self, key: str) -> QPoint:
        """Where a part is in the canvas."""
        part = self.window.parts.find(key)
        part.bring()
        QApplication.processEvents()
        return self.window.canvas.viewport().mapFromGlobal(part.point)

    def double_click(self, key: str) -> None:
        QTest.mouseDClick(self.window.canvas.viewport(), LEFT, pos=self.at(key))

    def save_to(self, module: object, name: str) -> Path:
        """Answer the next question of this module for a file's name."""
        path = self.folder / name
        self.patch.setattr(module, "ask_save", lambda *_: path)
        return path

    def fresh(self) -> None:
        """Be as after the start."""
        window = self.window
        window.presentation.stop()
        window.painter.stop()
        window.training.pause()
        with self.patch.context() as patch:
            patch.setattr(gui.files.open_save, "ask_to_save", lambda *_: "discard")
            assert window.files.new()
        window.training.runs.clear()
        window.layouts.choose("train")
        window.layouts.reset()
        errors.banner_of(window).close_message()
        self.until(lambda: at_rest(window))
        QApplication.processEvents()


Check = Callable[[Use], None]
CHECKS: dict[str, Check] = {}


def of(*names: str) -> Callable[[Check], Check]:
    """Let this be the check of these connections."""

    def keep(check: Check) -> Check:
        for name in names:
            assert name not in CHECKS
            CHECKS[name] = check
        return check

    return keep


# --- the walk and the network ---------------------------------------------------------------------


@of("walk.moved -> self._show_emphasis")
def a_step_lights_its_layer(use):
    use.record()
    assert not use.lit()
    use.window.walk.go(2)
    use.until(use.lit)


@of("walk.opened -> self._show_emphasis")
def an_opened_number_is_shown_on_the_network(use):
    use.record()
    use.window.walk.open_number(Entry("W", 1, 0, 0))
    use.until(use.lit)
    assert use.window.canvas.network.picture.emphasis.edge == (0, 0)


@of("walk.recorded -> self._show_emphasis")
def a_record_that_is_gone_lights_nothing(use):
    use.walk()
    use.window.walk.show(None)
    assert not use.lit()


@of("self.selection.example_changed -> self._show_emphasis")
def the_units_carry_the_numbers_of_the_chosen_example(use):
    use.walk()
    before = use.window.canvas.network.picture.emphasis
    use.window.selection.select_example(7)
    after = use.window.canvas.network.picture.emphasis
    assert not np.array_equal(before.units, after.units)


@of("self.training.playing_changed -> self._show_emphasis")
def while_it_trains_no_step_is_lit(use):
    use.walk()
    assert use.window.layouts.current != "walk"
    use.window.training.play(10.0)
    assert not use.lit()


@of("self.docks['stepper'].visibilityChanged -> self._show_emphasis")
def without_the_stepper_no_step_is_lit(use):
    use.walk()
    use.window.docks["stepper"].close()
    use.until(lambda: not use.lit())


@of("walk.iteration_wanted -> self.training.step")
def after_the_last_step_comes_the_next_iteration(use):
    use.record()
    use.window.walk.end()
    use.window.walk.next_op()
    use.until(lambda: use.window.training.latest.iteration == 1)


@of("walk.opened -> self._trace_opened")
def an_opened_weight_is_traced_over_the_run(use):
    use.record()
    use.window.walk.open_number(Entry("W", 1, 2, 1))
    assert use.window.selection.traced == Place(1, 2, 1)


@of("self.document.changed -> walk.follow_edit")
def the_record_of_another_network_is_forgotten(use):
    use.walk()
    document = use.window.document
    document.edit("Units", edits.set_units(document.project, 1, 3))
    assert use.window.walk.record is None


@of("self.canvas.edge_activated -> walk.open_edge")
def a_double_click_on_an_edge_opens_its_weight(use):
    use.record()
    use.double_click("canvas.edge[1][2,1]")
    assert use.window.walk.entry == Entry("W", 1, 1, 0)


@of("self.canvas.unit_activated -> self._open_unit")
def a_double_click_on_a_unit_opens_its_activation(use):
    use.record()
    use.double_click("canvas.unit[1][2]")
    assert use.window.walk.entry is not None
    assert (use.window.walk.entry.target, use.window.walk.entry.row) == ("A", 1)


@of("self.canvas.edge_activated -> self._show_stepper")
def a_double_click_on_an_edge_brings_the_stepper(use):
    assert use.window.docks["stepper"].isHidden()
    use.double_click("canvas.edge[1][2,1]")
    assert use.window.docks["stepper"].isVisible()


@of("self.canvas.unit_activated -> self._show_stepper")
def a_double_click_on_a_unit_brings_the_stepper(use):
    assert use.window.docks["stepper"].isHidden()
    use.double_click("canvas.unit[1][2]")
    assert use.window.docks["stepper"].isVisible()


@of("self.selection.example_changed -> self.layouts.room.bring_lens")
def a_chosen_example_brings_the_lens(use):
    assert use.window.docks["lens"].isHidden()
    use.window.selection.select_example(3)
    assert use.window.docks["lens"].isVisible()


@of("self.training.playing_changed -> self._leave_walk")
def play_leaves_the_layout_for_walking(use):
    use.window.start_walk()
    assert use.window.layouts.current == "walk"
    use.window.training.play(10.0)
    assert use.window.layouts.current != "walk"


@of("stepper.checks.failed -> self._reporter.report")
def a_gradient_check_that_fails_is_said(use):
    use.record()
    use.patch.setattr(gui.stepper.check, "gradient_check", lambda *_, **__: 1 / 0)
    use.window.panels["stepper"].checks.start()
    use.until(lambda: "ZeroDivisionError" in said(use.window))


@of("self.run_bar.walk_requested -> play_walk")
def at_the_slowest_pace_play_walks(use):
    use.window.run_bar.speed_control.slider.setValue(0)
    use.window.run_bar.play_button.click()
    use.until(lambda: use.window.panels["stepper"].slow_motion.playing)
    assert use.window.layouts.current == "walk"


@of("slow.changed -> lambda: self.run_bar.show_walking(slow.playing and slow.endless)")
def the_run_bar_shows_pause_while_the_stepper_plays(use):
    at_rest = use.window.run_bar.play_button.accessibleName()
    use.window.run_bar.speed_control.slider.setValue(0)
    use.window.run_bar.play_button.click()
    use.until(lambda: use.window.run_bar.play_button.accessibleName() != at_rest)
    use.window.panels["stepper"].slow_motion.hold()
    assert use.window.run_bar.play_button.accessibleName() == at_rest


@of(
    "stepper.export_requested -> lambda array, name:"
    " self._try(lambda: self.files.export_table(array, name))"
)
def a_matrix_of_the_stepper_is_written(use):
    path = use.save_to(gui.files.open_save, "W1.csv")
    use.record()
    copying = use.window.panels["stepper"].operation.matrices
    copying.export_requested.emit(np.eye(2), "W1")
    assert path.exists()
    assert path.read_text("utf-8").splitlines()[0].startswith("1")


# --- panels ---------------------------------------------------------------------------------------


@of("tools.left -> self.painter.stop")
def done_ends_painting(use):
    use.window.paint()
    assert use.window.painter.active
    tools = use.window.panels["boundary"].findChild(PaintTools)
    tools.done.click()
    assert not use.window.painter.active


@of("panel.clear_requested -> self.clear_runs")
def clear_all_forgets_the_runs(use):
    use.train(30)
    use.window.training.reset()
    use.until(lambda: use.window.training.runs.kept)
    use.patch.setattr(gui.main_window, "ask_clear", lambda *_: True)
    use.window.docks["runs"].bring()
    use.window.panels["runs"].clear_requested.emit()
    assert not use.window.training.runs.kept


@of("doctor.wanted -> lambda key: focus_part(self.parts.find(key))")
def show_me_leads_to_the_learning_rate(use):
    use.window.docks["doctor"].bring()
    use.window.canvas.setFocus()
    doctor = use.window.panels["doctor"]
    found = (Finding("rate-too-high", "It jumps.", "Try a smaller α."),)
    doctor.show_snapshot(answering(use.window.training.latest, Findings(), found))
    doctor.remarks[0].show_me.click()
    field = use.window.parts.panel("runbar.learning_rate")
    at = use.window.focusWidget()
    assert field is at or field.isAncestorOf(at)


@of("self.canvas.doctor_wanted -> self.docks['doctor'].bring")
def the_lamp_on_the_canvas_brings_the_doctor(use):
    use.window.docks["doctor"].close()
    use.window.canvas.findChild(Lamp).click()
    assert use.window.docks["doctor"].isVisible()


@of("data.paint_requested -> self.paint")
def the_tile_of_painting_begins_to_paint(use):
    use.window.docks["data"].bring()
    use.window.parts.panel("data.paint").click()
    assert use.window.painter.active


@of("self.painter.noted -> self._say")
def what_cannot_be_painted_on_is_said(use):
    document = use.window.document
    document.edit("Data", edits.choose_source(document.project, "digits"))
    use.window.painter.start()
    assert said(use.window)


@of("data.import_requested -> lambda: self._import_menu.popup(QCursor.pos())")
def the_tile_of_own_data_opens_the_menu_of_imports(use):
    use.window.docks["data"].bring()
    use.window.parts.panel("data.import").click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


@of("self.canvas.look_changed -> self.training.refresh")
def the_card_of_a_weight_shows_the_cost_along_it(use):
    use.train(1)
    use.window.autosave.hold()  # which asks 2 s after an edit, too: no other view may
    use.until(lambda: not use.window.training.busy)
    canvas = use.window.canvas
    value = canvas.network.picture.parameter(Place(1, 0, 0))
    card = canvas.findChild(WeightCard)
    card.open_at(Place(1, 0, 0), QPoint(200, 200))
    use.until(lambda: card.curve.cost_at(value) is not None)
    use.window.autosave.resume()


@of("self.canvas.units.pinned -> self.docks['pinned'].bring")
def a_pinned_unit_is_seen_in_its_panel(use):
    use.window.docks["pinned"].close()
    use.window.selection.choose_unit(1, 0)
    use.window.canvas.units.pin()
    assert use.window.docks["pinned"].isVisible()


@of("self.presentation.changed -> self.canvas.present")
def a_presentation_leaves_out_what_builds(use):
    chip = use.window.parts.panel("canvas.palette[relu]")
    assert chip.isVisible()
    use.window.presentation.start()
    assert not chip.isVisible()
    use.window.presentation.stop()
    assert chip.isVisible()


# --- edits and files ------------------------------------------------------------------------------


@of("self.document.edited -> self._on_edited")
def an_edit_takes_the_last_message_away(use):
    errors.show_message(use.window, WORDS)
    document = use.window.document
    document.edit("Rate", edits.with_training(document.project, learning_rate=0.7))
    assert said(use.window) != WORDS


@of("self.document.changed -> self.selection.follow_edit")
def other_examples_are_not_lit(use):
    use.window.selection.light([1, 2])
    document = use.window.document
    document.edit("Data", edits.choose_source(document.project, "moons"))
    assert len(use.window.selection.lit) == 0


@of("self.files.changed -> self._show_title")
def the_title_says_that_something_is_not_saved(use):
    document = use.window.document
    before = use.window.isWindowModified()
    document.edit("Rate", edits.with_training(document.project, learning_rate=0.7))
    assert use.window.isWindowModified() == use.window.files.modified is True
    document.undo_stack.undo()
    assert use.window.isWindowModified() == before == use.window.files.modified


@of("self.files.done -> self._say")
def what_was_written_is_said(use):
    use.save_to(gui.files.open_save, "W.csv")
    use.window.files.export_table(np.eye(2), "W")
    assert said(use.window).startswith("Wrote W")


@of("self.codes.done -> self._say")
def code_that_was_written_is_said(use):
    use.save_to(gui.files.code_export, "net.py")
    use.window.codes.export()
    assert said(use.window).startswith("Wrote net.py")


@of("made.done -> self._say")
def a_hand_out_that_was_written_is_said(use):
    use.record()
    use.save_to(gui.figures, "sheet.pdf")
    use.window.figures.handout()
    dialog = next(d for d in use.window.findChildren(HandoutDialog) if d.isVisible())
    dialog.save_button.click()
    assert "sheet.pdf" in said(use.window)


@of("self.docking.picture_wanted -> self._picture_of")
def the_title_of_a_panel_offers_its_picture(use):
    use.window.docks["cost"].bring()
    bar = use.window.docks["cost"].titleBarWidget()
    at = bar.rect().center()
    QApplication.sendEvent(
        bar, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, bar.mapToGlobal(at))
    )
    menu = next(m for m in bar.findChildren(QMenu) if m.isVisible())
    action = next(a for a in menu.actions() if a.text() == "Save picture…")
    menu.close()
    action.trigger()
    opened = [d for d in use.window.findChildren(PictureDialog) if d.isVisible()]
    assert [dialog.chosen.title for dialog in opened] == ["Panel: Cost"]
    opened[0].reject()


@of("self.imports.done -> self._say")
def data_that_were_written_are_said(use):
    use.save_to(gui.files.data_import, "data.csv")
    use.window.imports.export_data()
    assert "data.csv" in said(use.window)


@of("self.imports.failed -> self._reporter.report")
def data_that_cannot_be_read_are_said(use):
    path = use.folder / "broken.h5"
    path.write_bytes(b"no such file")
    use.window.imports.import_path(path)
    use.until(lambda: "broken.h5" in said(use.window))


@of("self.films.done -> self._say")
def a_film_that_was_written_is_said(use):
    use.window.films.done.emit(WORDS)
    assert said(use.window) == WORDS


@of("self.films.failed -> self._reporter.report")
def what_is_hidden_cannot_be_filmed_and_that_is_said(use):
    use.train(3)
    use.window.docks["boundary"].close()
    use.window.films.export()
    use.window.films.dialog.accept()
    use.until(lambda: "is hidden: show it" in said(use.window))


@of("self.sweeps.done -> self._say")
def what_a_sweep_has_to_say_is_said(use):
    use.window.sweeps.show()
    use.window.sweeps.window.noted.emit(WORDS)
    use.window.sweeps.window.close()
    assert said(use.window) == WORDS


@of("self.sweeps.failed -> self._reporter.report")
def a_sweep_that_fails_is_said(use):
    use.window.sweeps.show()
    use.window.sweeps.window.failed.emit(ValueError("seven"))
    use.window.sweeps.window.close()
    assert "seven" in said(use.window)


@of("self.autosave.failed -> self._reporter.report")
def work_that_cannot_be_kept_is_said(use):
    use.window.autosave.failed.emit(OSError("no room"))
    assert "no room" in said(use.window)


# --- the run --------------------------------------------------------------------------------------


@of("self.training.arrived -> self._tell_of_halt")
def a_run_that_diverged_says_so(use):
    document = use.window.document
    project = edits.with_training(document.project, loss="squared_error", l2=1.0)
    document.edit("Explode", edits.with_training(project, learning_rate=1000.0))
    use.window.training.play()
    use.until(lambda: gui.main_window.AGAIN in said(use.window))


@of("self.training.failed -> self._tell_of_failure")
def an_error_that_ends_the_run_is_said(use):
    with use.patch.context() as patch:
        patch.setattr(Session, "advance", lambda _: 1 / 0)
        use.window.training.play()
        use.until(lambda: not use.window.training.alive)
    assert said(use.window) == gui.main_window.BROKEN.format("ZeroDivisionError")


@of("self.training.looked_in_vain -> self._reporter.log")
def what_could_not_be_computed_is_in_the_log(use):
    use.window.docks["activations"].bring()
    with use.patch.context() as patch:
        patch.setattr(Activations, "measure", lambda *_: 1 / 0)
        use.train(3)
        use.until(use.window.panels["activations"].trouble.isVisible)
    log = Path(errors.log_path())
    use.until(lambda: log.exists() and "ZeroDivisionError" in log.read_text("utf-8"))


@of("self.training.runs.noted -> self._say")
def a_run_that_is_not_kept_is_said(use):
    use.window.training.runs.noted.emit(WORDS)
    assert said(use.window) == WORDS


@of("self.training.noted -> self._say")
def a_run_that_cannot_be_brought_back_is_said(use):
    use.window.training.noted.emit(WORDS)
    assert said(use.window) == WORDS


@of("self.canvas.refused -> lambda sentence: self._say(sentence, 'warning')")
def what_the_canvas_cannot_do_is_said(use):
    use.window.canvas.commands.type_units(1, "many")
    assert "cannot be “many”" in said(use.window)


@of("self.run_bar.noted -> self._say")
def what_an_edit_changed_besides_is_said(use):
    use.window.run_bar.settings.optimizer.popup.edited.emit("learning_rate", -1.0)
    assert said(use.window)


@of(
    "self.run_bar.offered -> lambda words, name, act:"
    " errors.show_message(self, words, action=(name, act))"
)
def another_optimizer_offers_its_usual_rate(use):
    document = use.window.document
    document.edit("Optimizer", edits.with_training(document.project, optimizer="adam"))
    banner = errors.banner_of(use.window)
    use.until(lambda: banner.sentence and banner.action_button.isVisible())
    before = document.project.training.learning_rate
    banner.action_button.click()
    assert document.project.training.learning_rate != before


@of("self.docking.noted -> self._say")
def what_a_panel_has_to_say_is_said(use):
    use.window.panels["layers"].noted.emit(WORDS)
    assert said(use.window) == WORDS


@of("self.lessons.noted -> self._say")
def what_a_lesson_has_to_say_is_said(use: Use):
    use.window.lessons.noted.emit(WORDS)
    assert said(use.window) == WORDS
