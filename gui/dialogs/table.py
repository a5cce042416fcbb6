"""How a table becomes examples: how it is written, which columns are inputs, which is the label."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.data.delimited import (
    DELIMITERS,
    LOOKED_AT,
    Choice,
    Format,
    Preview,
    Source,
    guess,
    preview,
)
from core.errors import LayerwiseError
from gui.style import text
from gui.style.theme import BODY, dress, mono_font
from gui.widgets import labels
from gui.widgets.buttons import button

ROWS = 12  # of the preview
COLUMNS = 40  # of the preview at a time
INPUT, LABEL, UNUSED = "input", "label", "not used"
CLASSES, REAL = "classes", "real numbers"
DECIMALS = {".": "point 1.5", ",": "comma 1,5"}
_SHOWN_CLASSES = 8
CUT = 100  # characters of a cell


class TableDialog(QDialog):
    """Asks how to read a table; `accepted` says that `format`, `choice` and `normalize` stand."""

    def __init__(self, parent: QWidget, source: Source) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import table"))
        self._source = source
        self._preview: Preview | None = None
        self._first = 0  # column shown
        self.format = guess(source)
        self.choice = Choice((), 0, "classes")
        self._make_fields()
        self._lay_out()
        self._show_format()
        self._read()

    @property
    def normalize(self) -> bool:
        """Whether the inputs are to be standardized."""
        return self.normalize_box.isChecked()

    @property
    def source(self) -> Source:
        """The table that is asked about."""
        return self._source

    # --- parts -----------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.delimiter = _combo(DELIMITERS, self.tr("Columns are separated by"))
        self.decimal = _combo(DECIMALS, self.tr("Decimals are written with"))
        self.header = QCheckBox(self.tr("First row names the columns"))
        self.kind = _combo({"classes": CLASSES, "regression": REAL}, self.tr("The label is"))
        self.normalize_box = QCheckBox(
            self.tr("Standardize the inputs: minus the mean, divided by the standard deviation")
        )
        self.delimiter.currentIndexChanged.connect(self._set_format)
        self.decimal.currentIndexChanged.connect(self._set_format)
        self.header.toggled.connect(self._set_format)
        self.kind.currentIndexChanged.connect(self._set_choice)
        self.table = QTableWidget()
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        dress(self.table, mono_font, BODY)
        self.table.setAccessibleName(self.tr("First rows of the table"))
        self.roles: list[QComboBox] = []  # of the columns shown
        self._make_pager()
        self.summary = labels.label("", BODY)
        self.summary.setWordWrap(True)
        self.import_button = button(self.tr("Import"), "primary")
        self.import_button.setDefault(True)
        self.import_button.clicked.connect(self.accept)

    def _make_pager(self) -> None:
        """Where a table has more columns than are shown at once: the way to the others."""
        self.pager = QWidget()
        row = QHBoxLayout(self.pager)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.earlier = button("◂", tip=self.tr("The columns before (Page Up)"))
        self.later = button("▸", tip=self.tr("The columns behind (Page Down)"))
        self.page = labels.label("", BODY, tone="muted")
        self.all_inputs = button(
            self.tr("All as inputs"), "link", tip=self.tr("Every column but the label is an input")
        )
        self.no_inputs = button(
            self.tr("None"), "link", tip=self.tr("No column is an input: choose them one by one")
        )
        for part in (self.earlier, self.page, self.later):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self.all_inputs, self.no_inputs):
            row.addWidget(part)
        for arrow, key, by in ((self.earlier, "PgUp", -COLUMNS), (self.later, "PgDown", COLUMNS)):
            arrow.setAccessibleName(arrow.toolTip())
            arrow.setShortcut(key)
            arrow.clicked.connect(lambda _=False, by=by: self._turn(by))
        self.all_inputs.clicked.connect(lambda: self._set_inputs(True))
        self.no_inputs.clicked.connect(lambda: self._set_inputs(False))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(labels.title(self._source.name))
        row = QHBoxLayout()
        row.setSpacing(8)
        for what, field in (
            (self.tr("Separator"), self.delimiter),
            (self.tr("Decimal"), self.decimal),
            (self.tr("Label"), self.kind),
        ):
            row.addWidget(labels.label(what, BODY, tone="muted"))
            row.addWidget(field)
            row.addSpacing(8)
        row.addWidget(self.header)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.pager)
        layout.addWidget(self.summary)
        layout.addWidget(self.normalize_box)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        end = QHBoxLayout()
        end.setSpacing(8)
        end.addStretch(1)
        end.addWidget(cancel)
        end.addWidget(self.import_button)
        layout.addLayout(end)
        self.resize(860, 560)

    # --- what is chosen --------------------------------------------------------------------------

    def _show_format(self) -> None:
        for field, value in (
            (self.delimiter, self.format.delimiter),
            (self.decimal, self.format.decimal),
        ):
            with QSignalBlocker(field):
                field.setCurrentIndex(field.findData(value))
        with QSignalBlocker(self.header):
            self.header.setChecked(self.format.header)

    def _set_format(self) -> None:
        self.format = Format(
            self.delimiter.currentData(), self.decimal.currentData(), self.header.isChecked()
        )
        self._read()

    def _read(self) -> None:
        try:
            self._preview = preview(self._source, self.format)
        except LayerwiseError as error:
            self._preview = None
            self._refuse(str(error))
            return
        self.choice, self._first = self._preview.choice, 0
        with QSignalBlocker(self.kind):
            self.kind.setCurrentIndex(self.kind.findData(self.choice.kind))
        self._fill(self._preview)
        self._summarize()

    def _fill(self, shown: Preview) -> None:
        first, count = self._first, len(shown.columns)
        here = range(first, min(first + COLUMNS, count))
        columns = [shown.columns[i] for i in here]
        rows = shown.rows[:ROWS]
        self.pager.setVisible(count > COLUMNS)
        self.page.setText(f"columns {first + 1:,} to {here[-1] + 1:,} of {count:,}")
        self.earlier.setEnabled(first > 0)
        self.later.setEnabled(here[-1] + 1 < count)
        self.table.clear()
        self.table.setColumnCount(len(columns))
        self.table.setRowCount(1 + len(rows))
        self.table.setHorizontalHeaderLabels([text.printed(column.name, CUT) for column in columns])
        self.table.setVerticalHeaderLabels(["", *(str(i) for i in range(1, len(rows) + 1))])
        self.roles = [self._role(i, shown) for i in here]
        for i, role in enumerate(self.roles):
            self.table.setCellWidget(0, i, role)
            for j, cells in enumerate(rows, start=1):
                item = QTableWidgetItem(text.printed(cells[first + i], CUT))
                if columns[i].numeric:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(j, i, item)
            self.table.setColumnWidth(i, 112)
        self.table.setRowHeight(0, 38)

    def _role(self, i: int, shown: Preview) -> QComboBox:
        role = _combo({INPUT: INPUT, LABEL: LABEL, UNUSED: UNUSED}, shown.columns[i].name)
        role.setCurrentText(_role_of(i, self.choice))
        role.currentTextChanged.connect(lambda text, i=i: self._set_role(i, text))
        return role

    def _set_role(self, i: int, role: str) -> None:
        inputs = [j for j in self.choice.inputs if j != i]
        if role == LABEL:
            self.choice = replace(self.choice, inputs=tuple(inputs), label=i)
            self._show_roles()  # there is one label: the old one steps down
        else:
            inputs = sorted([*inputs, i]) if role == INPUT else inputs
            label = -1 if i == self.choice.label else self.choice.label
            self.choice = replace(self.choice, inputs=tuple(inputs), label=label)
        self._summarize()

    def _set_inputs(self, all_of_them: bool) -> None:
        if self._preview is not None:
            others = (i for i in range(len(self._preview.columns)) if i != self.choice.label)
            self.choice = replace(self.choice, inputs=tuple(others) if all_of_them else ())
            self._show_roles()
            self._summarize()

    def _show_roles(self) -> None:
        for i, role in enumerate(self.roles, start=self._first):
            with QSignalBlocker(role):
                role.setCurrentText(_role_of(i, self.choice))

    def _turn(self, by: int) -> None:
        if self._preview is not None:
            self._first += by
            self._fill(self._preview)

    def _set_choice(self) -> None:
        self.choice = replace(self.choice, kind=self.kind.currentData())
        self._summarize()

    # --- what is said ----------------------------------------------------------------------------

    def _summarize(self) -> None:
        if self._preview is None:
            return
        if not self.choice.inputs:
            self._refuse(self.tr("Choose at least one column as an input."))
        elif self.choice.label < 0:
            self._refuse(self.tr("Choose the column that is the label."))
        else:
            labels.set_tone(self.summary, "")
            self.summary.setText(summary(self._preview, self.choice))
            self.import_button.setEnabled(True)

    def _refuse(self, sentence: str) -> None:
        labels.set_tone(self.summary, "error")
        self.summary.setText(sentence)
        self.import_button.setEnabled(False)


def summary(shown: Preview, choice: Choice) -> str:
    """What will be learned from what, in a sentence or two."""
    names = [shown.columns[i].name for i in choice.inputs]
    label = shown.columns[choice.label]
    count = f"{text.count(len(names))} input{'s' if len(names) > 1 else ''}"
    said = f"{count}: {_listed(names)} → {label.name}"
    if choice.kind == "regression":
        return f"{said}, a real number."
    found = len(label.values)
    more = " or more" if found >= 100 else ""
    return (
        f"{said}, {found}{more} classes in the first {text.count(LOOKED_AT)} rows:"
        f" {_listed(label.values)}."
    )


def _listed(names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN_CLASSES])
    rest = len(names) - _SHOWN_CLASSES
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _role_of(i: int, choice: Choice) -> str:
    if i == choice.label:
        return LABEL
    return INPUT if i in choice.inputs else UNUSED


def _combo(choices: dict[str, str], name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, shown in choices.items():
        box.addItem(shown, value)
    return box
