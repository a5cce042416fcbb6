"""The stepper panel: walks one recorded iteration step by step, forward and backward."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedLayout, QWidget

from core.look.ask import Asks
from core.look.next_iteration import NextIteration
from core.training.messages import Snapshot
from core.walk.record import Record
from core.walk.steps import Step
from gui.actions import make_action
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.panels.base import Panel
from gui.parts import Named
from gui.stepper.check import GradientChecks
from gui.stepper.check_lamp import GradientLamp
from gui.stepper.chips import Chip, ChipRow
from gui.stepper.header import USUAL_DIGITS, StepperHeader
from gui.stepper.operation import TONES, OperationCard
from gui.stepper.origin import OriginCard
from gui.stepper.slow_motion import SlowMotion
from gui.style.theme import px
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.layout_barrier import LayoutBarrier
from gui.widgets.rows import in_column, in_row
from gui.widgets.veil import Veil

PAUSE_FIRST = "Pause, then walk through the next iteration, number by number."
COMING = "Recording the next iteration…"
_SHARES = (7, 3)  # of the width: the operation, the origin of a number
_SHARES_DOWN = (9, 11)  # of the height, where one is above the other
_UPRIGHT = 0.62  # from this height on, as a share of the width, they are ...
_ABREAST = 720  # px, and below this width


class StepperPanel(Panel):
    """Records the next iteration whenever training rests, and shows it step by step.

    A record stays, and can be walked, during training; the next rest brings a new one.
    """

    export_requested = Signal(object, str)  # an array and its name
    lab_wanted = Signal(str, int)  # the array and the layer of an equation, for its shapes
    view_changed = Signal()  # how the step, or the opened number, is shown

    def __init__(
        self, document: Document, training: Training, selection: Selection, walk: Walk
    ) -> None:
        super().__init__(document, training, selection)
        self.walk = walk
        self.slow_motion = SlowMotion(walk, self)
        self.checks = GradientChecks(walk, self)
        self.lamp = GradientLamp(self.checks, compact=True)
        self.header = StepperHeader(self.slow_motion, self.lamp)
        self.chips = ChipRow("stepper.chip")
        self.operation = OperationCard(walk, selection)
        self.origin = OriginCard(walk, selection)
        self.empty = labels.caption(PAUSE_FIRST)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addAction(self.origin.back_action)  # from a matrix too
        self.lab_action = make_action(
            self,
            self.tr("Open the shapes in a lab"),
            self.operation.open_lab,
            shortcuts=["L"],
            tip=self.tr("See the shapes of this equation in the lab Shape X-ray"),
            key="stepper.lab",
        )
        self.lab_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(self.lab_action)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Stepper"))
        self._lay_out()
        self._connect()
        self._on_recorded(walk.record)

    def _lay_out(self) -> None:
        self.card = Card()
        layout = self.card.layout()
        if layout is not None:
            layout.setContentsMargins(14, 6, 14, 10)
            layout.setSpacing(0)
        self._cards = in_row((self.operation, _SHARES[0]), (self.origin, _SHARES[1]), spacing=10)
        room = QWidget(self.card)
        walking = QWidget(room)
        in_column(self.chips, (self._cards, 1), on=walking, margins=0, spacing=7)
        self._pages = QStackedLayout(room)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(walking)
        self.veil = Veil(walking)
        self.card.body.setSpacing(3)
        self.card.body.addWidget(self.header)
        self.card.body.addWidget(room, 1)
        # It fits itself to any height, and need not scroll.
        in_column(LayoutBarrier(self.card, self), on=self, margins=0)

    def _connect(self) -> None:
        self.walk.recorded.connect(self._on_recorded)
        self.walk.moved.connect(self._on_moved)
        self.chips.chosen.connect(self._on_chosen)
        self.slow_motion.changed.connect(self._on_slow_motion)
        self.header.next_requested.connect(self.advance)
        self.header.back_requested.connect(self.go_back)
        self.header.digits_chosen.connect(self.operation.set_digits)
        self.operation.segments.idToggled.connect(lambda *_: self.view_changed.emit())
        self.origin.as_chain.toggled.connect(lambda _: self.view_changed.emit())
        self.header.in_full.toggled.connect(self.walk.show_in_full)
        self.follow_view(self.header.in_full, "walk_in_full")
        self.operation.set_digits(int(USUAL_DIGITS))
        self.operation.export_requested.connect(self.export_requested)
        self.operation.noted.connect(self.noted)
        self.operation.lab_wanted.connect(self.lab_wanted)
        self.training.playing_changed.connect(self._on_playing)

    def lend_header(self) -> QWidget:
        """Its header has more than a title."""
        self.card.lend_header()
        return self.header

    def named_parts(self) -> Mapping[str, Named]:
        header, operation = self.header, self.operation
        return {
            "play": Named(header.play_button, self.tr("Slow motion")),
            "pace": Named(header.pace_menu, self.tr("Speed of slow motion")),
            "size": Named(header.size_menu, self.tr("Step size of the walk")),
            "digits": Named(header.digits_menu, self.tr("Digits of the numbers")),
            "in_full": Named(header.in_full, self.tr("dA[L] as a step of its own")),
            "back": Named(header.back_button, self.tr("Back one step")),
            "next": Named(header.next_button, self.tr("Next step")),
            "check": Named(self.lamp, self.tr("Gradient check")),
            **{
                f"view[{button.text()}]": Named(
                    button, self.tr("Stepper: {title}").format(title=button.text())
                )
                for button in operation.segments.buttons()
            },
            "copy": Named(operation.copy_all_button, self.tr("Copy the iteration as a script")),
            "operation": Named(operation, self.tr("Current step")),
            "matrices": Named(operation.matrices, self.tr("Matrices of the step")),
            "equation": Named(operation.equation, self.tr("Equation of the step")),
            "origin": Named(self.origin, self.tr("Where the number comes from")),
            "sum": Named(self.origin.as_sum, self.tr("The number as a sum")),
            "chain": Named(self.origin.as_chain, self.tr("The number by the chain rule")),
        }

    # --- the record ---

    def wants(self) -> Asks:
        """The next iteration, at rest, unless it is shown already: it costs a whole pass."""
        lacks = not self.training.playing and self.walk.lacks(self.training.standing)
        return (NextIteration(),) if lacks else ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        past = self.walk.is_past(snapshot)
        self.veil.draw(past)
        self.header.show_past(past)
        if self.walk.take(snapshot):
            if (refused := snapshot.failure(NextIteration())) is not None:
                self.slow_motion.hold()
                self.empty.setText(refused.sentence)
        elif snapshot.idle and self.walk.lacks(snapshot):
            self.training.refresh()

    def _on_recorded(self, record: Record | None) -> None:
        self._pages.setCurrentIndex(0 if record is None else 1)
        self.header.show_record(record)
        self.chips.show_chips([_chip(step) for step in self.walk.steps])

    def _on_playing(self, playing: bool) -> None:
        self.empty.setText(PAUSE_FIRST if playing else COMING)

    # --- walking ---

    def advance(self) -> None:
        """Go forward by the chosen step size; from the last step, to the next iteration."""
        if self.walk.record is None:
            return
        match self.header.step_size:
            case "layer":
                self.walk.next_layer()
            case "pass":
                self.walk.next_phase()
            case "iteration":
                self.walk.want_iteration()
            case _:
                self.walk.next_op()

    def go_back(self) -> None:
        """Go back by the chosen step size; for a whole iteration, to its start."""
        match self.header.step_size:
            case "layer":
                self.walk.back_layer()
            case "pass":
                self.walk.back_phase()
            case "iteration":
                self.walk.home()
            case _:
                self.walk.back_op()

    def play(self, on: bool) -> None:
        """Play the walk automatically, one step a second, from iteration to iteration; or pause."""
        if on:
            self.header.set_pace("1")
            self.slow_motion.play_on()
        else:
            self.slow_motion.hold()

    def _on_moved(self, step: Step) -> None:
        self.chips.set_current(self.walk.index)
        if self.slow_motion.playing:
            self.header.show_caption(step.caption, self.walk.record)

    def _on_chosen(self, index: int) -> None:
        self.slow_motion.hold()
        self.walk.go(index)

    def _on_slow_motion(self) -> None:
        playing, step = self.slow_motion.playing, self.walk.step
        self.header.set_playing(playing)
        self.header.show_caption(step.caption if playing and step else "", self.walk.record)

    # --- Qt ---

    def minimumSizeHint(self) -> QSize:
        return QSize(px(350), px(250 if self.width() < px(_ABREAST) else 190))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        if event.key() == key.Key_Space and self.slow_motion.playing:
            self.slow_motion.hold()
            return
        if event.matches(QKeySequence.StandardKey.Copy) and self.operation.matrices.copy():
            return  # a click on a cell leaves the keys here, for Space and the arrows
        moves = {
            key.Key_Space: self.advance,
            key.Key_Right: self.advance,
            key.Key_Left: self.go_back,
            key.Key_Down: self.walk.next_layer,
            key.Key_Up: self.walk.back_layer,
            key.Key_Home: self.walk.home,
            key.Key_End: self.walk.end,
        }
        move = moves.get(key(event.key()))
        if move is not None and self.walk.record is not None:
            self.slow_motion.hold()
            move()
        elif event.key() == key.Key_Escape and not self.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == key.Key_Escape and self.walk.trail:
            self.walk.close_number()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, height = event.size().toTuple()
        upright = height >= _UPRIGHT * width or width < px(_ABREAST)
        way = QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight
        if way != self._cards.direction():
            self._cards.setDirection(way)
            for index, share in enumerate(_SHARES_DOWN if upright else _SHARES):
                self._cards.setStretch(index, share)
            self.updateGeometry()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.slow_motion.hold()


def _chip(step: Step) -> Chip:
    return Chip(
        step.chip, f"{step.title}: {step.lines[0].text}", step.phase, TONES.get(step.phase, "")
    )
