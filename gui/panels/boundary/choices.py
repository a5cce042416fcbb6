"""The choices above a picture of the plane: its inputs and the output to show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.data.examples import Split
from core.look.plane import Plane
from gui.panels.boundary.cut_bar import CutBar
from gui.plots.plane_words import inputs_of, outputs_of
from gui.widgets import labels
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_row


class PlaneChoices(QWidget):
    """Shows the available choices; hidden if there are none.

    Emits `cut_chosen((row, row))` and `output_chosen(row or None)`; showing emits nothing.
    """

    cut_chosen = Signal(object)
    output_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cut = CutBar()
        self.output = MenuButton("", {})
        self.output.setToolTip(self.tr("Show one output unit over the same plane"))
        self.order = labels.caption("")  # for pixels, in place of both
        self.order.setFixedHeight(self.cut.sizeHint().height())
        self.order.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        in_row(
            (self.cut, 1),
            (self.order, 1),
            (self.output, 0, Qt.AlignmentFlag.AlignRight),
            on=self,
            margins=0,
        )
        self._has_cut = self._has_outputs = False
        self.show_order("")
        self.cut.chosen.connect(self.cut_chosen)
        self.output.chosen.connect(lambda row: self.output_chosen.emit(int(row) if row else None))

    def show_split(self, split: Split, plane: Plane) -> None:
        """Offer the inputs and the outputs of these examples."""
        self._has_cut = plane.cut is not None and len(plane.cut) == 2
        if plane.cut is not None and len(plane.cut) == 2:
            self.cut.show_cut(*inputs_of(split), plane.cut)
        offered = outputs_of(split)
        self._has_outputs = len(offered) > 0
        self.output.set_choices(offered)

    def show_output(self, output: int | None) -> None:
        """Show which output is chosen."""
        self.output.set_value("" if output is None else str(output))

    def show_order(self, order: str) -> None:
        """Show this text on the pixels instead of a choice; empty: show the choice."""
        self.order.setText(order)
        self.order.setVisible(bool(order))
        self.cut.setVisible(self._has_cut and not order)
        self.output.setVisible(self._has_outputs and not order)
        self.setVisible(bool(order) or self._has_cut or self._has_outputs)
