"""Parts of a lab that are shown only when they apply, or on request."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget


class Optional(QWidget):
    """Holds some controls; `wanted` lets the lab be such that they are shown."""

    def __init__(self, wanted: Callable[[], object], *controls: QWidget) -> None:
        super().__init__()
        self._wanted = wanted
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for control in controls:
            row.addWidget(control)
        if len(controls) > 1:
            row.addStretch(1)

    def show_part(self, _part: QWidget) -> None:
        """Be seen: a part in here is wanted."""
        if self.isHidden():
            self._wanted()
