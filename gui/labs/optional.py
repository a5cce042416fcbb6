"""Parts of a lab that are shown only when they apply, or on request."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gui.widgets.rows import in_row


class Optional(QWidget):
    """Controls that are shown only when they apply; `wanted` changes the lab so that they do."""

    def __init__(self, wanted: Callable[[], object], *controls: QWidget) -> None:
        super().__init__()
        self._wanted = wanted
        row = in_row(*controls, on=self, margins=0)
        if len(controls) > 1:
            row.addStretch(1)

    def show_part(self, _part: QWidget) -> None:
        """Show these controls, because a part in them is requested."""
        if self.isHidden():
            self._wanted()
