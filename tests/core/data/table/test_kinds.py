"""Common kinds of tables, in variations: each is understood, and every guess is reported."""

import csv
import io
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.data.own import split_of_own
from core.data.table.examples import Imported, examples, spreads_differ, why_unused
from core.data.table.grid import TableGrid
from core.data.table.grid import read as read_grid
from core.data.table.roles import suggest
from core.data.table.source import decode
from core.errors import LayerwiseError
from core.files.own_data import import_data, import_table

rng = np.random.RandomState(0)


def grid_of(text: str | bytes) -> TableGrid:
    return read_grid(decode(text if isinstance(text, bytes) else text.encode(), "t.csv"))


def read(text: str | bytes, **others) -> Imported:
    grid = grid_of(text)
    suggestion = suggest(grid)
    return examples(grid, suggestion, **others)


def table(header: str, row, m: int = 40, sep: str = ",") -> str:
    """A table of m rows: row(i) are the cells of row i."""
    lines = [header] if header else []
    return "\n".join([*lines, *(sep.join(str(cell) for cell in row(i)) for i in range(m))]) + "\n"


def real(i: int, k: int = 1) -> float:
    return round(float(np.sin(i * (k + 0.37)) * 5), 3)


# --- columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Id", "id", "ID", "index", "nr", "No.", "row", "Unnamed: 0", "PassengerId", "customer_id",
     "customerID", "sample id", "#", "", "rownames", "Row Number"],
)  # fmt: skip
def test_a_column_that_only_counts_is_not_used(name):
    found = read(table(f"{name},a,kind", lambda i: (i + 1, real(i), "xy"[i % 2])))
    assert found.own.inputs == ("a",)
    assert found.account.not_used == {name or "column 1": "it only counts the rows"}


@pytest.mark.parametrize("name", ["Id", "PassengerId", "customer_id", "index"])
def test_a_column_named_like_an_id_is_not_used_even_where_it_jumps(name):
    found = read(table(f"{name},a,kind", lambda i: (i * i + 7, real(i), "xy"[i % 2])))
    assert found.own.inputs == ("a",)
    assert "named like an id" in found.account.not_used[name]


@pytest.mark.parametrize("name", ["year", "valid", "humid", "acid", "width", "nose", "idle"])
def test_a_named_column_may_be_a_row_count(name):
    found = read(table(f"{name},a,kind", lambda i: (i + 1900, real(i), "xy"[i % 2])))
    assert found.own.inputs == (name, "a")


@pytest.mark.parametrize("name", ["编号", "序号", "Nr.", "№"])
def test_a_row_count_is_known_by_its_name_in_other_languages(name):
    found = read(table(f"{name},a,kind", lambda i: (i + 1, real(i), "xy"[i % 2])))
    assert found.own.inputs == ("a",)


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009"])
def test_spaces_within_numbers_separate_no_cells(space):
    def cells(i):
        return real(i), f"{1000 + 37 * i:,}".replace(",", space), "xy"[i % 2]

    found = read(table("a\tb\tkind", cells, sep="\t"))
    assert found.own.inputs == ("a", "b")
    np.testing.assert_array_equal(np.asarray(found.own.X)[1], 1000 + 37 * np.arange(40))


def test_the_first_column_of_a_table_without_a_header_may_only_count():
    found = read(table("", lambda i: (i, real(i), real(i, 2), "xy"[i % 2])))
    assert found.own.inputs == ("x2", "x3")
    other = read(table("", lambda i: (i * 2, real(i), real(i, 2), "xy"[i % 2])))
    assert other.own.inputs == ("x1", "x2", "x3")


@pytest.mark.parametrize(
    ("share", "reason"), [(0.3, None), (0.5, "50% of it is blank"), (1.0, "it is blank")]
)
def test_a_column_that_is_mostly_blank_is_not_used(share, reason):
    m = 40
    text = table("a,b,kind", lambda i: (real(i), "" if i < share * m else i, "xy"[i % 2]), m)
    found = read(text)
    assert found.account.not_used.get("b") == reason
    assert found.account.rows_left_out == (share * m if reason is None else 0)


@pytest.mark.parametrize(
    ("m", "words", "used"),
    [(40, 2, True), (40, 5, True), (40, 6, False), (400, 20, True), (400, 21, False)],
)
def test_text_of_few_values_is_one_hot_and_of_many_is_not_used(m, words, used):
    found = read(table("a,town,label", lambda i: (real(i), f"t{i % words}", i // 7 % 2), m))
    if not used:
        assert found.account.not_used["town"] == f"it is text of {words} different values"
        return
    rows = [name for name in found.own.inputs if name.startswith("town = t")]
    assert len(rows) == (1 if words == 2 else words)
    X = found.own.X[1:]
    assert np.isin(X, (0, 1)).all()
    assert words == 2 or (X.sum(axis=0) == 1).all()


@pytest.mark.parametrize(
    "name",
    ["class", "Label", "target", "Species", "OUTCOME", "survived", "diagnosis", "y", "class label"],
)
def test_a_name_beats_a_guess_by_position(name):
    found = read(table(f"a,{name},b,c", lambda i: (real(i), i % 2, real(i, 2), real(i, 3))))
    assert found.account.label == name
    assert found.own.classes == ("0", "1")
    assert found.own.inputs == ("a", "b", "c")


def test_a_coordinate_pair_is_no_label():
    found = read(table("x,y,class", lambda i: (real(i), real(i, 2), "ab"[i % 2])))
    assert (found.account.label, found.own.inputs) == ("class", ("x", "y"))
    alone = read(table("x,y", lambda i: (i, 2 * i + 1), 12))
    assert (alone.account.label, alone.own.kind) == ("y", "regression")


@pytest.mark.parametrize("prefix", ["species_", "y", "class=", ""])
def test_several_0_1_columns_that_are_one_hot_are_one_label(prefix):
    names = ["setosa", "virginica", "other"] if prefix != "y" else ["1", "2", "3"]
    header = ",".join(["a", "b", *(prefix + name for name in names)])
    found = read(table(header, lambda i: (real(i), real(i, 2), *np.eye(3, dtype=int)[i % 3])))
    assert found.own.kind == "classes"
    assert found.own.classes == tuple(names)
    assert found.own.inputs == ("a", "b")
    assert found.own.Y.argmax(axis=0).tolist()[:4] == [0, 1, 2, 0]


def test_one_hot_columns_next_to_a_label_are_inputs():
    header = "a,sex_f,sex_m,outcome"
    found = read(table(header, lambda i: (real(i), i % 2, 1 - i % 2, i // 5 % 2)))
    assert found.own.inputs == ("a", "sex_f", "sex_m")


def test_all_rows_are_looked_at():
    text = table("a,b,kind", lambda i: (real(i), i % 7 if i < 3000 else "x", "xy"[i % 2]), 6000)
    found = read(text)
    assert found.own.inputs == ("a",)
    assert "3,000 of its cells are no numbers, such as 'x'" in found.account.not_used["b"]


def test_two_columns_keep_their_names_in_features_too():
    own = read(table("width,height,kind", lambda i: (real(i), real(i, 2), "ab"[i % 2]))).own
    split = split_of_own(own, features=("x1", "x2", "x1_squared", "x1x2", "sin_x2"))
    assert split.names == ("width", "height", "width²", "width · height", "sin height")
    assert split.features[2] == "x1_squared"
    plain = read(table("x1,x2,kind", lambda i: (real(i), real(i, 2), "ab"[i % 2]))).own
    assert split_of_own(plain).names == ("x1", "x2")


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "classes"),
    [
        (("0", "1"), ("0", "1")),
        (("0.0", "1.0"), ("0", "1")),
        (("0.000e+00", "1.000e+00"), ("0", "1")),
        (("-1", "1"), ("-1", "1")),
        (("\u22121", "1"), ("-1", "1")),
        (("1", "2"), ("1", "2")),
        (("no", "yes"), ("no", "yes")),
        (("FALSE", "TRUE"), ("FALSE", "TRUE")),
        (("-", "+"), ("+", "-")),
        (("<=50K", ">50K"), ("<=50K", ">50K")),
        (("0,0", "1,0"), ("0", "1")),
    ],
)
def test_few_whole_label_values_are_classes_in_any_spelling(spelling, classes):
    text = table("a;b;label", lambda i: (real(i), real(i, 2), spelling[i % 2]), sep=";")
    if "," in spelling[0]:
        text = text.replace(".", ",")
    found = read(text)
    assert found.own.classes == classes
    assert found.own.kind == "binary"
    assert found.own.m == 40
    blank = read(text + f"{'1,5' if ',' in spelling[0] else '1.5'};2;\n")
    assert (blank.own.classes, blank.account.left_out) == (classes, {"label is blank": 1})


def test_real_and_many_whole_label_values_are_numbers():
    assert read(table("a,b", lambda i: (real(i), real(i, 2)))).own.kind == "regression"
    assert read(table("a,price", lambda i: (real(i), 3 * i + 100))).own.kind == "regression"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1,234.5", "2,000", "12"), (1234.5, 2000, 12)),
        (("1.234,5", "2.000", "12"), (1234.5, 2000, 12)),
        (("1 234,5", "2 000", "12"), (1234.5, 2000, 12)),
        (("1'234.5", "2'000", "12"), (1234.5, 2000, 12)),
        (("$1,234.50", "$2,000", "$12"), (1234.5, 2000, 12)),
        (("1.234,50 €", "2.000 €", "12 €"), (1234.5, 2000, 12)),
        (("45%", "12.5 %", "3%"), (45, 12.5, 3)),
        (("\u22123.5", "\u22122", "7"), (-3.5, -2, 7)),
        (("1\u00a0234", "2\u202f000", "12"), (1234, 2000, 12)),
        (("1,5", "2,25", "12"), (1.5, 2.25, 12)),
        (("(5)", "3", "7"), (-5, 3, 7)),
        (("1.5E+03", "2e-1", "12"), (1500, 0.2, 12)),
    ],
)
@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_numbers_with_marks_are_read_where_the_column_is_consistent(cells, values, sep):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sep, lineterminator="\n")
    writer.writerow(["v", "w", "kind"])
    writer.writerows([cells[i % 3], i * i % 17, "xy"[i % 2]] for i in range(30))
    found = read(text.getvalue())
    assert found.own.inputs == ("v", "w")
    assert found.own.X[0].tolist() == [values[i % 3] for i in range(30)]


def test_mixed_decimal_marks_are_reported():
    found = read(table("v,a,kind", lambda i: (f"{'$€'[i % 2]}{i}", real(i), "xy"[i % 3 == 0])))
    assert "marked with '$' and '€'" in found.account.not_used["v"]
    found = read(
        table("v,a,kind", lambda i: (f"{i + 1}{'%' * (i % 2)}", real(i), "xy"[i % 3 == 0]))
    )
    assert "only some of its numbers are marked with '%'" in found.account.not_used["v"]


# --- gaps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gap", ["", "NA", "NaN", "n/a", "?", "-", "null", "N/A", "nan", "#N/A", "None", "NULL", "."]
)
def test_gaps_are_counted_and_left_out(gap):
    text = table("a,b,label", lambda i: (gap if i % 10 == 3 else real(i), real(i, 2), i % 2))
    found = read(text)
    assert found.own.inputs == ("a", "b")
    assert found.account.left_out == {"a is blank": 4}
    assert found.own.m == 36


def test_gaps_are_filled_with_the_mean_of_the_training_examples():
    text = table("a,b,c,label", lambda i: ("" if i in (3, 39) else i, real(i), "?" if i == 5 else
                                           "uvw"[i % 3], i % 2))  # fmt: skip
    found = read(text, gaps="fill", training=lambda m: np.arange(m) < 30)
    assert found.account.filled == {"a": 2, "c": 1}
    assert found.account.rows_left_out == 0
    mean = np.mean([i for i in range(30) if i != 3])
    assert found.own.X[0, [3, 39]].tolist() == [mean, mean]
    shares = found.own.X[2:5, 5]
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == pytest.approx(np.mean([i % 3 == 0 for i in range(30) if i != 5]))


# --- frames --------------------------------------------------------------------------------------

ROWS = table("", lambda i: (real(i), real(i, 2), i % 2), 20, ";").replace(".", ",")


@pytest.mark.parametrize(
    ("above", "below", "names"),
    [
        ("sep=;\nu;v;label\n", "", ("u", "v")),
        ("# measured in spring\n# by hand\nu;v;label\n", "", ("u", "v")),
        ("Measurements 2024\n\nu;v;label\n", "", ("u", "v")),
        ("Measurements;;\nSpring;;\nu;v;label\n", "", ("u", "v")),
        ("u;v;label\ncm;mm;-\n", "", ("u", "v")),
        ("u;v;label\n[m/s];(kg);\n", "", ("u", "v")),
        ("u;v;label\n", "Total;100,5;10\n", ("u", "v")),
        ("u;v;label\n", "Mean:;1,5;0,5\nSumme;3;10\n", ("u", "v")),
        ("u;v;label\n", "\nSource: the field\n", ("u", "v")),
    ],
)
def test_titles_and_footers_are_not_rows(above, below, names):
    found = read(above + ROWS + below)
    assert found.own.inputs == names
    assert (found.own.m, found.account.label) == (20, "label")
    assert found.own.X[0, 1] == real(1)
    assert found.account.rows_left_out == len(below.strip().splitlines())


def test_names_of_r_are_one_short_and_trailing_separators_are_no_column():
    of_r = "u,v,kind\n" + table("", lambda i: (f"r{i}", real(i), real(i, 2), "ab"[i % 2]), 20)
    assert read(of_r).own.inputs == ("u", "v")
    trailing = "u,v,kind\n" + table("", lambda i: (real(i), real(i, 2), "ab"[i % 2], ""), 20)
    assert read(trailing).own.inputs == ("u", "v")
    both = table("u,v,kind,", lambda i: (real(i), real(i, 2), "ab"[i % 2], ""), 20)
    assert read(both).own.inputs == ("u", "v")


def test_names_in_the_comment_above_as_numpy_writes_them():
    found = read("# u v label\n" + table("", lambda i: (real(i), real(i, 2), i % 2), 20, " "))
    assert (found.own.inputs, found.account.label) == (("u", "v"), "label")


def test_a_table_of_pandas_with_numbers_for_names():
    found = read(table(",0,1,2", lambda i: (i, real(i), real(i, 2), i % 2), 20))
    assert found.own.inputs == ("0", "1")
    assert found.own.m == 20


def test_spreadsheets_are_tables(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Garden, 2024"])
    sheet.append(["day", "height", "grown", "kind"])
    for i in range(20):
        sheet.append([date(2024, 1, 1 + i), real(i), i % 3 == 0, "ab"[i % 2]])
    sheet.append(["Total", 12.5])
    book.save(tmp_path / "garden.xlsx")
    found = import_data([tmp_path / "garden.xlsx"])
    assert found.own.inputs == ("height", "grown")
    assert (found.account.label, found.own.m, found.account.rows_left_out) == ("kind", 20, 1)
    (tmp_path / "bad.xlsx").write_bytes((tmp_path / "garden.xlsx").read_bytes()[:900])
    with pytest.raises(LayerwiseError, match=r"bad\.xlsx cannot be used: it is damaged"):
        import_data([tmp_path / "bad.xlsx"])


# --- pictures and pairs --------------------------------------------------------------------------


def pixels(i: int, n: int, top: int = 255) -> list[int]:
    state = np.random.RandomState(i)
    return [0, *(state.randint(0, top + 1, n - 2) * (state.rand(n - 2) > 0.5)).tolist(), 0]


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("header", ["", "1x1", "pixel0", "words"])
@pytest.mark.parametrize(("n", "picture"), [(784, (28, 28, 1)), (192, (8, 8, 3))])
def test_tables_of_pixels_are_pictures(last, header, n, picture):
    names = {"1x1": [f"{i}x{j}" for i in range(n // 4) for j in range(4)],
             "pixel0": [f"pixel{i}" for i in range(n)],
             "words": [f"a {i} b" for i in range(n)]}.get(header, [])  # fmt: skip
    top = ",".join([*names, "label"] if last else ["label", *names]) if names else ""
    found = read(table(top, lambda i: (*pixels(i, n), i % 10) if last else (i % 10, *pixels(i, n))))
    assert (found.own.picture, found.account.divided_by) == (picture, 255)
    assert len(found.own.classes) == 10
    assert found.own.X[1, 0] == pixels(0, n)[1] / 255


def test_digits_of_few_greys_are_divided_by_sixteen():
    found = read(table("", lambda i: (*pixels(i, 64, 16), i % 10), 60))
    assert (found.own.picture, found.account.divided_by) == ((8, 8, 1), 16)


def test_two_tables_of_the_same_columns_are_training_and_test(tmp_path):
    train = table("a,town,label", lambda i: (real(i), "uv"[i % 2], i % 3 % 2), 30)
    test = table("label,a,town", lambda i: (i % 3 % 2, real(i, 5), "uv"[i % 2]), 10)
    (tmp_path / "my_test.csv").write_text(test, "utf-8")
    (tmp_path / "my_train.csv").write_text(train, "utf-8")
    for order in ("test", "train"), ("train", "test"):
        found = import_data([tmp_path / f"my_{name}.csv" for name in order])
        assert (found.own.m, found.own.test_examples) == (40, 10)
        assert found.own.X[0, 30] == real(0, 5)
    (tmp_path / "my_test.csv").write_text(test.replace("town", "city"), "utf-8")
    with pytest.raises(LayerwiseError, match=r"'town' is only in my_train\.csv"):
        import_data([tmp_path / "my_train.csv", tmp_path / "my_test.csv"])


def test_label_and_inputs_can_be_named():
    source = decode(
        table("a,b,c,kind", lambda i: (real(i), i, i % 2, "xy"[i % 3 == 0])).encode(), "t"
    )
    found = import_table(source, label="c", inputs="b, kind")
    assert (found.account.label, found.own.inputs) == ("c", ("b", "kind = y"))
    assert found.account.not_used["a"] == "it was not chosen"
    assert import_table(source, label="c", kind="regression").own.kind == "regression"
    with pytest.raises(LayerwiseError, match="it has no column 'z': it has a, b, c, kind"):
        import_table(source, label="z")


# --- properties ----------------------------------------------------------------------------------

cells = st.one_of(
    st.floats(-1e9, 1e9).map(repr),
    st.integers(-(10**6), 10**6).map(str),
    st.sampled_from(["", "NA", "?", "yes", "no", "1,5", "$3", "a b", '"', "'", "1e400", "é"]),
    st.text(max_size=6),
)


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=2, max_size=12)
    ),
    st.sampled_from(",;\t|"),
)
def test_of_every_table_each_row_and_column_is_accounted_for(rows, sep):
    text = io.StringIO()
    csv.writer(text, delimiter=sep, lineterminator="\n").writerows(rows)
    try:
        grid = grid_of(text.getvalue())
        suggestion = suggest(grid)
        found = examples(grid, suggestion)
    except LayerwiseError as error:
        assert "\n" not in str(error)  # noqa: PT017 - many are no tables
        return
    assert np.isfinite(found.own.X).all()
    lost = found.account.rows_left_out - len(grid.broken)
    assert found.own.m + lost == grid.m
    used = {*suggestion.choice.inputs, *suggestion.choice.label}
    unused = [c.name for i, c in enumerate(grid.columns) if i not in used]
    assert sorted(found.account.not_used) == sorted(unused)
    assert all(found.account.not_used.values())


@given(st.lists(st.lists(st.floats(-1e150, 1e150), min_size=3, max_size=3), min_size=4, max_size=9))
def test_numbers_come_back_bit_for_bit_through_text(rows):
    text = table("a,b,v,kind", lambda i: (*map(repr, rows[i]), "xy"[i % 2]), len(rows))
    grid = grid_of(text)
    for j, column in enumerate(grid.columns[:3]):
        assert np.array_equal(np.asarray(column.values, float), [row[j] for row in rows])


@pytest.mark.parametrize(
    "labels",
    [
        ["label (classy)"],
        ['label (class of ["a", "b")'],
        ["label (class of [1, 2])"],
        ['label (class of ["a"])'],
        ["label (class; pictures 0 x 9 x 1)"],
        ["label (class; pictures 8 x 8 x 1)"],
        ["label 1 (class)", "label 2 (class)"],
        ["label 1 (number)", "label 2 (0 or 1)"],
    ],
)
def test_an_edited_label_name_is_read_or_refused(labels):
    """Such a name is no promise: whatever it says, there is an answer."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["p", "q", *labels])
    writer.writerows([i, (i * i) % 7, *([i % 2] * len(labels))] for i in range(12))
    try:
        own = read(text.getvalue()).own
    except LayerwiseError as error:
        assert "picture" in str(error)  # noqa: PT017 - the others are read
        return
    assert own.m == 12


def test_a_file_of_ours_can_be_read_with_other_choices():
    rows = "".join(f"{i},{i % 5},{i % 2}\n" for i in range(12))
    source = decode(f"p,q,label (number)\n{rows}".encode(), "t.csv")
    own = import_table(source).own
    assert (own.kind, own.inputs) == ("regression", ("p", "q"))
    assert import_table(source, kind="classes").own.classes == ("0", "1")
    assert import_table(source, label="q").own.inputs == ("p", "label")


@pytest.mark.parametrize(
    "far", ["1.7e308,-1.7e308", "-1e300,1e308", "5e-324,-1.7e308", "1e200,2e200"]
)
@pytest.mark.parametrize("header", ["", "id,x,y", ",a,b"])
def test_numbers_at_the_ends_of_the_range_are_judged_without_a_warning(far, header):
    one, other = far.split(",")
    rows = [f"{one},{k},{k % 2}" if k % 2 else f"{other},{one},{k % 2}" for k in range(9)]
    for text in (rows, [",".join(reversed(row.split(","))) for row in rows]):
        grid = grid_of("\n".join([*([header] if header else []), *text]))
        suggestion = suggest(grid)
        assert len(grid.columns) == 3
        spreads_differ(grid, suggestion.choice)
        why_unused(grid, suggestion, suggestion.choice)
