"""The Help dialogs: every shortcut, and the notation of the course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QWidget,
)

from gui.actions import written_shortcuts
from gui.style.theme import BODY, mono_font, ui_font
from gui.widgets import labels
from gui.widgets.rows import in_column

# Symbols and their meanings; shapes in the course's order, columns are examples.
NOTATION = (
    ("l = 1 … L", "the layers; the input A[0] = X does not count"),
    ("n[l]", "the number of units of layer l; n[0] is the number of inputs"),
    ("m", "the number of examples, each a column"),
    ("W[l]  (n[l], n[l-1])", (
        "the weights into layer l: row i belongs to unit i, column j holds the weights of input "
        "j"
    )),
    ("b[l]  (n[l], 1)", "the biases of layer l"),
    ("Z[l]  (n[l], m)", "W[l] A[l-1] + b[l], before the activation"),
    ("A[l]  (n[l], m)", "g(Z[l]), the activations; A[L] = ŷ is the prediction"),
    ("J", "the cost: the mean over the examples of their losses"),
    ("dW[l], db[l]", "∂J/∂ of each (dW includes what L1 and L2 add)"),
    ("dZ[l], dA[l]", "the derivative of each example's own loss, so without the 1/m"),
    ("α", "the learning rate: W[l] := W[l] - α dW[l]"),
    ("g′(0) of ReLU", "0, as in the course's own helper"),
    ("iteration, epoch", "one update; one pass over all examples"),
)  # fmt: skip


# Keys that no menu lists.
MORE_KEYS = (
    ("Play or pause", "Space (unless a text field uses it)"),
    ("Choose a layer", "← →, on the canvas"),
    ("Set the units of the layer", "a number, on the canvas"),
    ("Change a weight or bias", "drag it up or down, or click it and type; Shift drags finely"),
    ("Choose a unit of the layer", "↑ ↓, on the canvas"),
    ("Go to another weight while its card is open", "Alt ← → ↑ ↓"),
    (("Highlight examples in every view"), "Shift ↑ ↓ in the Examples table, or lasso points"),
    ("Cancel a drag or an edit; clear the highlight", "Esc"),
)


def shortcuts_dialog(
    parent: QWidget, groups: Iterable[tuple[str, Sequence[tuple[str, QAction]]]]
) -> QDialog:
    """A window that lists the shortcuts of headings with (title, action); not modal, deleted when
    closed.
    """
    rows: list[tuple[str, str]] = []
    for heading, commands in groups:
        found = [
            (title, ",  ".join(keys))
            for title, action in commands
            if (keys := written_shortcuts(action))
        ]
        if found:
            rows += [(heading, ""), *found]
    rows += [(parent.tr("Everywhere"), ""), *MORE_KEYS]
    return _table(parent, parent.tr("Keyboard shortcuts"), rows, ui_font(BODY))


def notation_dialog(parent: QWidget) -> QDialog:
    """A window with the meaning of every letter; not modal, deleted when closed."""
    return _table(parent, parent.tr("Notation"), NOTATION, mono_font(BODY))


def _table(parent: QWidget, title: str, rows: Sequence[tuple[str, str]], font: QFont) -> QDialog:
    """A window of rows (symbol, its meaning); a row without a meaning is a heading."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    content = QWidget()
    grid = QGridLayout(content)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    for row, (left, right) in enumerate(rows):
        if not right:
            grid.addWidget(labels.title(left), row, 0, 1, 2)
            continue
        term = QLabel(left)
        term.setFont(font)
        term.setTextFormat(Qt.TextFormat.PlainText)
        meaning = labels.label(right, BODY, wrap=True)
        grid.addWidget(term, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(meaning, row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(rows), 1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setWidget(content)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    in_column(scroll, buttons, on=dialog)
    dialog.resize(620, 520)
    return dialog
