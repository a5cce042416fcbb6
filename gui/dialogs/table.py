"""The import dialog for tables: format, input columns and label."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.data.table import grid as tables
from core.data.table.examples import (
    Gaps,
    fillable,
    label_name,
    lacking,
    spreads_differ,
    why_unused,
)
from core.data.table.frame import DELIMITERS, Format
from core.data.table.grid import TableGrid
from core.data.table.roles import (
    Choice,
    LabelKind,
    Suggestion,
    kind_of_label,
    suggest,
    with_picture,
)
from core.data.table.source import ENCODINGS, SPREADSHEET, Source
from core.errors import LayerwiseError
from core.progress import Progress
from gui.dialogs.job import Cancelled, waited_for
from gui.style import text
from gui.style.text import printed
from gui.style.theme import BODY, dress, mono_font
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox, CountBox, choice_box
from gui.widgets.buttons import button
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.rows import in_column, in_row

ROWS = 12  # of the preview
COLUMNS = 40  # of the preview at a time
MOST_SKIPPED = 10_000
INPUT, LABEL, UNUSED = "input", "label", "not used"
CLASSES, REAL = "classes", "real numbers"
DECIMALS = {".": "point 1.5", ",": "comma 1,5"}
GAPS: dict[str, str] = {"leave out": "leave these rows out", "fill": "fill in the mean"}
_SHOWN_CLASSES = 8
_SHOWN_REASONS = 6
_MOST_OF_A_NAME = 60  # characters of a column's name or a class in a sentence
CUT = 100  # characters of a cell


class TableDialog(QDialog):
    """Asks how to read a table; emits `import_requested` when the choices are made.

    `format` is the detected format. The dialog stays open until it is accepted or rejected from
    outside. A choice of the user is kept through later changes.
    """

    import_requested = Signal()

    def __init__(
        self, parent: QWidget, source: Source, format: Format, test: Source | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import table"))
        self.source, self.test = source, test
        self.grid: TableGrid | None = None
        self.suggestion: Suggestion | None = None
        self._first = 0  # column shown
        self._roles: dict[int, str] = {}  # that the user chose, by column ...
        self._kind: LabelKind | None = None  # ... and which is the label
        self._standardize: bool | None = None
        self._usual_standardize = False
        self.format = format
        self.choice = Choice((), (), "classes")
        self._make_fields()
        self._make_pager()
        self._lay_out()
        self._show_format()
        self._read()

    @property
    def normalize(self) -> bool:
        """Whether to standardize the inputs."""
        return self.normalize_box.isChecked()

    @property
    def gaps(self) -> Gaps:
        """How to treat incomplete rows."""
        return "fill" if self.gaps_box.currentData() == "fill" else "leave out"

    def standardize_as_before(self, on: bool) -> None:
        """Standardize if the project does, instead of the table's suggestion."""
        self._usual_standardize = on
        self._suggest_standardizing()

    def refuse(self, sentence: str) -> None:
        """Say why these choices cannot be imported."""
        labels.set_tone(self.summary, "error")
        self.summary.setText(sentence)
        self.import_button.setEnabled(False)

    def forget(self) -> None:
        """Release the table, which may be large: a closed dialog survives in reference cycles until
        these are collected.
        """
        self.source, self.test = replace(self.source, content=b""), None
        self.grid = self.suggestion = None

    # --- parts -----------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.encoding = choice_box(ENCODINGS, self.tr("Text encoding"))
        self.delimiter = choice_box(DELIMITERS, self.tr("Column separator"))
        self.decimal = choice_box(DECIMALS, self.tr("Decimal separator"))
        self.skip = CountBox()
        self.skip.setRange(0, MOST_SKIPPED)
        self.skip.setAccessibleName(self.tr("Lines to skip above the table"))
        self.skip.setToolTip(self.tr("Lines above the table, such as its title"))
        self.header = QCheckBox(self.tr("First row names the columns"))
        self.kind = choice_box({"classes": CLASSES, "regression": REAL}, self.tr("The label is"))
        self.gaps_box = choice_box(GAPS, self.tr("Rows with missing values"))
        self.gaps_note = labels.label("", BODY)
        self.normalize_box = QCheckBox()
        self.encoding.currentIndexChanged.connect(self._set_encoding)
        for box in (self.delimiter, self.decimal):
            box.currentIndexChanged.connect(self._set_format)
        self.skip.valueChanged.connect(self._set_format)
        self.header.toggled.connect(self._set_format)
        self.kind.activated.connect(self._set_kind)
        self.gaps_box.currentIndexChanged.connect(self._summarize)
        self.normalize_box.clicked.connect(self._set_standardize)
        self.table = QTableWidget()
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        dress(self.table, mono_font, BODY)
        self.table.setAccessibleName(self.tr("First rows of the table"))
        self.roles: list[ChoiceBox] = []  # of the columns shown
        self.summary = labels.label("", BODY, wrap=True)
        self.notes = labels.label("", BODY, tone="muted", wrap=True)
        self.import_button = button(self.tr("Import"), "primary")
        self.import_button.setDefault(True)
        self.import_button.clicked.connect(self.import_requested)

    def _make_pager(self) -> None:
        """The pager of a table with more columns than are shown at once."""
        self.pager = QWidget()
        self.earlier = button("◂", tip=self.tr("Previous columns (Page Up)"))
        self.later = button("▸", tip=self.tr("Next columns (Page Down)"))
        self.page = labels.label("", BODY, tone="muted")
        self.all_inputs = button(
            self.tr("All as inputs"),
            "link",
            tip=self.tr("Use every column except the label as an input"),
        )
        self.no_inputs = button(
            self.tr("None"),
            "link",
            tip=self.tr("Use no column as an input; choose them one by one"),
        )
        in_row(
            self.earlier,
            self.page,
            self.later,
            None,
            self.all_inputs,
            self.no_inputs,
            on=self.pager,
            margins=0,
            spacing=8,
        )
        for arrow, key, by in ((self.earlier, "PgUp", -COLUMNS), (self.later, "PgDown", COLUMNS)):
            arrow.setAccessibleName(arrow.toolTip())
            arrow.setShortcut(key)
            arrow.clicked.connect(lambda _=False, by=by: self._turn(by))
        self.all_inputs.clicked.connect(lambda: self._set_inputs(INPUT))
        self.no_inputs.clicked.connect(lambda: self._set_inputs(UNUSED))

    def _lay_out(self) -> None:
        names = [self.source.name] + ([] if self.test is None else [self.test.name])
        layout = in_column(
            labels.title(" + ".join(names)),
            self._fields(),
            (self.table, 1),
            self.pager,
            self.summary,
            self.notes,
            on=self,
            margins=(20, 18, 20, 16),
            spacing=12,
        )
        self.gaps_row = QWidget()
        in_row(self.gaps_note, self.gaps_box, None, on=self.gaps_row, margins=0, spacing=8)
        layout.addWidget(self.gaps_row)
        layout.addWidget(self.normalize_box)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        end = in_row(None, cancel, self.import_button, spacing=8)
        layout.addLayout(end)
        self.resize(900, 620)

    def _fields(self) -> FlowLayout:
        flow = FlowLayout(gap=10)
        for what, field in (
            (self.tr("Encoding"), self.encoding),
            (self.tr("Separator"), self.delimiter),
            (self.tr("Decimal"), self.decimal),
            (self.tr("Skip lines"), self.skip),
            (self.tr("Label"), self.kind),
        ):
            pair = QWidget()
            in_row(labels.label(what, BODY, tone="muted"), field, on=pair, margins=0, spacing=6)
            pair.setVisible(field is not self.encoding or self.source.encoding != SPREADSHEET)
            flow.addWidget(pair)
        flow.addWidget(self.header)
        return flow

    # --- the format -----------------------------------------------------------------------

    def _show_format(self) -> None:
        for field, value in (
            (self.encoding, self.source.encoding),
            (self.delimiter, self.format.delimiter),
            (self.decimal, self.format.decimal),
        ):
            with QSignalBlocker(field):
                field.setCurrentIndex(field.findData(value))
        with QSignalBlocker(self.header), QSignalBlocker(self.skip):
            self.header.setChecked(self.format.header)
            self.skip.setValue(self.format.skip)

    def _set_encoding(self) -> None:
        self.source = self.source.read_as(self.encoding.currentData())
        self._read()

    def _set_format(self) -> None:
        self.format = Format(
            self.delimiter.currentData(),
            self.decimal.currentData(),
            self.header.isChecked(),
            self.skip.value(),
        )
        self._read()

    def _read(self) -> None:
        """Read the whole table in the chosen format; errors are shown here."""
        source, format_, test = self.source, self.format, self.test

        def work(progress: Progress) -> tuple[TableGrid, Suggestion]:
            grid = tables.read(source, format_, progress, test)
            return grid, suggest(grid)

        title = self.tr("Reading %1 …").replace("%1", source.name)
        try:
            read = waited_for(self.parentWidget(), title, work)
        except Cancelled:
            self._forget_table(self.tr("Reading was cancelled: change a setting to read again."))
        except LayerwiseError as error:
            self._forget_table(str(error))
        else:
            self.grid, self.suggestion = read
            self._apply_choices()
            self._show_label_column()
            self._fill(self.grid)
            self._suggest_standardizing()
            self._summarize()

    def _forget_table(self, sentence: str) -> None:
        self.grid = self.suggestion = None
        self.table.setRowCount(0)
        self.roles = []
        self.notes.clear()
        self.notes.hide()
        self.gaps_row.hide()
        self.pager.hide()
        self.refuse(sentence)

    # --- the choices --------------------------------------------------------------------------

    def _apply_choices(self) -> None:
        """The suggestion, changed by the user's earlier choices."""
        if self.grid is None or self.suggestion is None:
            return
        choice = self.suggestion.choice
        roles = {i: role for i, role in self._roles.items() if i < len(self.grid.columns)}
        label = tuple(i for i, role in roles.items() if role == LABEL)[-1:]
        if label:
            choice = replace(choice, label=label)
        elif any(roles.get(i) in (INPUT, UNUSED) for i in choice.label):
            choice = replace(choice, label=())
        wanted = {i for i in choice.inputs if roles.get(i, INPUT) == INPUT}
        wanted |= {i for i, role in roles.items() if role == INPUT}
        inputs = tuple(sorted(wanted - {*choice.label}))
        kind = kind_of_label(self.grid, choice.label) if choice.label else choice.kind
        choice = replace(choice, inputs=inputs, kind=self._kind or kind)
        if roles or self._kind:
            choice = with_picture(self.grid, choice)
        self.choice = choice
        with QSignalBlocker(self.kind):
            self.kind.setCurrentIndex(self.kind.findData(choice.kind))

    def _choose(self) -> None:
        self._apply_choices()
        self._show_roles()
        self._suggest_standardizing()
        self._summarize()

    def _set_role(self, i: int, role: str) -> None:
        if role == LABEL:  # there is one label: the old one steps down
            for j in self.choice.label:
                self._roles[j] = UNUSED
        self._roles[i] = role
        self._choose()

    def _set_inputs(self, role: str) -> None:
        if self.grid is not None:
            for i in range(len(self.grid.columns)):
                if i not in self.choice.label:
                    self._roles[i] = role
            self._choose()

    def _set_kind(self) -> None:
        self._kind = self.kind.currentData()
        self._choose()

    def _set_standardize(self, on: bool) -> None:
        self._standardize = on

    def _suggest_standardizing(self) -> None:
        differ = self.grid is not None and spreads_differ(self.grid, self.choice)
        words = self.tr("Standardize the inputs: minus the mean, divided by the standard deviation")
        if differ:
            words += self.tr(" (suggested: one varies at least ten times as much as another)")
        self.normalize_box.setText(words)
        suggested = differ or self._usual_standardize
        self.normalize_box.setChecked(suggested if self._standardize is None else self._standardize)

    # --- the preview -----------------------------------------------------------------------------

    def _show_label_column(self) -> None:
        """Begin with the columns among which the label is."""
        first = min(self.choice.label, default=0)
        self._first = first - first % COLUMNS

    def _fill(self, grid: TableGrid) -> None:
        first, count = self._first, len(grid.columns)
        here = range(first, min(first + COLUMNS, count))
        columns = [grid.columns[i] for i in here]
        rows = grid.shown[:ROWS]
        self.pager.setVisible(count > COLUMNS)
        self.page.setText(
            self.tr("columns {first:,} to {last:,} of {count:,}").format(
                first=first + 1, last=here[-1] + 1, count=count
            )
        )
        self.earlier.setEnabled(first > 0)
        self.later.setEnabled(here[-1] + 1 < count)
        self.table.clear()
        self.table.setColumnCount(len(columns))
        self.table.setRowCount(1 + len(rows))
        self.table.setHorizontalHeaderLabels([text.printed(column.name, CUT) for column in columns])
        self.table.setVerticalHeaderLabels(["", *(str(i) for i in range(1, len(rows) + 1))])
        self.roles = [self._role(i, grid) for i in here]
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for i, role in enumerate(self.roles):
            self.table.setCellWidget(0, i, role)
            for j, cells in enumerate(rows, start=1):
                item = QTableWidgetItem(text.printed(cells[first + i], CUT))
                if columns[i].numeric:
                    item.setTextAlignment(right)
                self.table.setItem(j, i, item)
            self.table.setColumnWidth(i, 112)
        self.table.setRowHeight(0, 38)
        self._show_roles()
        label = min(self.choice.label, default=first)
        if label in here:
            self.table.scrollTo(self.table.model().index(0, label - first))

    def _role(self, i: int, grid: TableGrid) -> ChoiceBox:
        role = choice_box({INPUT: INPUT, LABEL: LABEL, UNUSED: UNUSED}, grid.columns[i].name)
        role.currentTextChanged.connect(lambda text, i=i: self._set_role(i, text))
        return role

    def _show_roles(self) -> None:
        if self.grid is None or self.suggestion is None:
            return
        why = why_unused(self.grid, self.suggestion, self.choice)
        for i, role in enumerate(self.roles, start=self._first):
            with QSignalBlocker(role):
                role.setCurrentText(_role_of(i, self.choice))
            role.setToolTip(
                text.tip(self.tr("Not used: {why}").format(why=why[i])) if i in why else ""
            )

    def _turn(self, by: int) -> None:
        if self.grid is not None:
            self._first += by
            self._fill(self.grid)

    # --- messages ----------------------------------------------------------------------------

    def _summarize(self) -> None:
        grid, suggestion = self.grid, self.suggestion
        if grid is None or suggestion is None:
            return
        notes = notes_on(grid, suggestion, self.choice)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        if not self.choice.inputs:
            self.refuse(self.tr("Choose at least one column as an input."))
        elif not self.choice.label:
            self.refuse(self.tr("Choose the column that is the label."))
        else:
            labels.set_tone(self.summary, "")
            self.summary.setText(summary(grid, self.choice))
            self.import_button.setEnabled(True)
        self._show_gaps(grid)

    def _show_gaps(self, grid: TableGrid) -> None:
        """Count the incomplete rows, and offer to fill the gaps that can be filled."""
        ready = bool(self.choice.inputs and self.choice.label)
        count = lacking(grid, self.choice) if ready else 0
        self.gaps_row.setVisible(count > 0)
        if not count:
            return
        can_fill = fillable(grid, self.choice)
        one, several = (
            self.tr("{count:,} of {rows:,} rows lacks a value:"),
            self.tr("{count:,} of {rows:,} rows lack a value:"),
        )
        self.gaps_note.setText((one if count == 1 else several).format(count=count, rows=grid.m))
        self.gaps_box.setEnabled(can_fill > 0)
        every, some = (
            self.tr("fill in the mean of the training examples"),
            self.tr(
                "fill in the mean of the training examples"
                " ({count:,} of them; the others are left out)"
            ),
        )
        fill = every if can_fill == count else some.format(count=can_fill)
        self.gaps_box.setItemText(self.gaps_box.findData("fill"), fill)


def summary(grid: TableGrid, choice: Choice) -> str:
    """The inputs and the label in a sentence or two."""
    names = [grid.columns[i].name for i in choice.inputs]
    count = f"{text.count(len(names))} input{'s' if len(names) > 1 else ''}"
    said = f"{count}: {_listed(names)} → {printed(label_name(grid, choice), _MOST_OF_A_NAME)}"
    if choice.picture is not None:
        height, width, channels = choice.picture
        said += f", pictures of {height} × {width}" + (" in colour" if channels == 3 else "")
        if choice.divided_by is not None:
            said += f" divided by {choice.divided_by}"
    if choice.kind == "regression":
        return f"{said}, a real number."
    classes = [grid.columns[i].name for i in choice.label]
    if len(classes) == 1:
        classes = list(grid.columns[choice.label[0]].kinds[0])
    found = text.counted(len(classes), "class", "classes")
    return f"{said}, {found}: {_listed(classes)}."


def notes_on(grid: TableGrid, suggestion: Suggestion, choice: Choice) -> list[str]:
    """Notes on unused columns and lines that are not rows, with the reasons."""
    said = []
    why = why_unused(grid, suggestion, choice)
    if why:
        named = ((printed(grid.columns[i].name, _MOST_OF_A_NAME), why[i]) for i in why)
        reasons = [f"{name} ({printed(reason)})" for name, reason in named]
        said.append(f"Not used: {_cut(reasons)}.")
    if grid.broken:
        lines = [f"{place} ({printed(reason)})" for place, reason in grid.broken.items()]
        said.append(f"Left out: {_cut(lines)}.")
    if grid.passed:
        said.append(f"Passed over: {_cut([printed(each) for each in grid.passed])}.")
    return said


def _cut(reasons: list[str]) -> str:
    rest = len(reasons) - _SHOWN_REASONS
    return "; ".join(reasons[:_SHOWN_REASONS]) + (f"; and {rest:,} more" if rest > 0 else "")


def _listed(names: list[str]) -> str:
    shown = ", ".join(printed(name, _MOST_OF_A_NAME) for name in names[:_SHOWN_CLASSES])
    rest = len(names) - _SHOWN_CLASSES
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _role_of(i: int, choice: Choice) -> str:
    if i in choice.label:
        return LABEL
    return INPUT if i in choice.inputs else UNUSED
