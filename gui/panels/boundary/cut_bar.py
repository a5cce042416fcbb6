"""Chooses which two of many inputs span the plane, and the values of the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.style import text
from gui.style.text import tip
from gui.style.theme import CAPTION, dress, ui_font
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox
from gui.widgets.elided import Elided
from gui.widgets.rows import in_row

Cut = tuple[int, int]
_OFFERED = Qt.ItemDataRole.UserRole  # the words of the open list
SHORTEST, LONGEST = 5, 10  # letters of a name that are always visible, if it has so many


class CutBar(QWidget):
    """Two choosers of an input, across and up, and a text on the others; emits `chosen((row,
    row))`.

    Choosing the other axis's input exchanges the two. `show_cut` emits nothing.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._cut: Cut = (0, 1)
        self.across = _Chooser("Input along the x axis of the plane")
        self.up = _Chooser("Input along the y axis of the plane")
        self.rest = Elided(size=CAPTION)
        in_row(
            self.across, labels.caption("×"), self.up, (self.rest, 1), on=self, margins=0, spacing=6
        )
        self.across.activated.connect(self._on_across)
        self.up.activated.connect(self._on_up)

    def show_cut(self, names: Sequence[str], offered: Sequence[str], cut: Cut) -> None:
        """Offer inputs of these names, with longer names in the open list, and show
        the chosen two.
        """
        if tuple(names) != self._names:
            self._names = tuple(names)
            for chooser in (self.across, self.up):
                with QSignalBlocker(chooser):
                    chooser.clear()
                    chooser.addItems(self._names)
                    for row, words in enumerate(offered):
                        chooser.setItemData(row, words, _OFFERED)
                    longest = max(map(len, self._names))
                    chooser.setMinimumContentsLength(min(max(longest, SHORTEST), LONGEST))
            others = len(names) - 2
            what = "1 other" if others == 1 else f"{text.count(others)} others"
            self.rest.show_words(self.tr("{what} at the mean").format(what=what))
            self.rest.setToolTip(
                self.tr(
                    "The network has {count} inputs, and this plot shows two of them. The"
                    " others are held at their training mean. Real examples rarely lie on"
                    " this slice, so a dot can differ from the colour behind it."
                ).format(count=text.count(len(names)))
            )
        self._cut = cut
        for chooser, row in zip((self.across, self.up), cut, strict=True):
            with QSignalBlocker(chooser):
                chooser.setCurrentIndex(row)
            chooser.say()

    @Slot(int)
    def _on_across(self, row: int) -> None:
        old, other = self._cut
        self._choose((row, old if row == other else other))

    @Slot(int)
    def _on_up(self, row: int) -> None:
        other, old = self._cut
        self._choose((old if row == other else other, row))

    def _choose(self, cut: Cut) -> None:
        if cut != self._cut:
            offered = [self.across.itemData(row, _OFFERED) for row in range(len(self._names))]
            self.show_cut(self._names, offered, cut)
            self.chosen.emit(cut)


class _Offers(QStyledItemDelegate):
    """Entries of the open list, which has room for longer names than the closed box."""

    def initStyleOption(  # noqa: N802  Qt's own name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.text = index.data(_OFFERED) or option.text


class _Chooser(ChoiceBox):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(name)
        dress(self, ui_font, CAPTION)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(SHORTEST)
        self.setMaxVisibleItems(16)
        view = QListView()
        view.setUniformItemSizes(True)  # a picture has thousands of inputs
        view.setMinimumWidth(200)
        self.setView(view)
        self.setItemDelegate(_Offers(self))
        self.say()

    def say(self) -> None:
        """Name the chosen input in full in the tooltip."""
        chosen = self.currentData(_OFFERED)
        said = f"{self._name}: {chosen}" if chosen else self._name
        self.setToolTip(tip(self.tr("{said}; type its name to find it").format(said=said)))
