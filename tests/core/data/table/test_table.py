"""Real-world tables are read; false or broken ones are refused in one sentence."""

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.own import OwnData, drawn, own_data
from core.data.table.examples import Imported, examples
from core.data.table.frame import Format, guess
from core.data.table.grid import read as read_grid
from core.data.table.records import MAX_LINE
from core.data.table.roles import Choice, suggest
from core.data.table.source import Source, decode
from core.data.table_text import as_csv
from core.errors import LayerwiseError

FLOWERS = """length,width,species
5.1,3.5,setosa
4.9,3.0,setosa
6.3,3.3,virginica
7.0,3.2,versicolor
"""


def imported(text: str | bytes) -> Imported:
    """As a dialog reads it whose user agrees with everything."""
    source = decode(text if isinstance(text, bytes) else text.encode(), "t.csv")
    grid = read_grid(source)
    return examples(grid, suggest(grid))


def read(text: str | bytes) -> OwnData:
    return imported(text).own


def read_as(text: str, format: Format, choice: Choice) -> OwnData:
    grid = read_grid(Source("t", text.encode(), "utf-8"), format)
    return examples(grid, suggest(grid), choice).own


def test_a_table_is_read_without_help():
    own = read(FLOWERS)
    assert own.inputs == ("length", "width")
    assert own.classes == ("setosa", "versicolor", "virginica")
    assert own.kind == "classes"
    assert own.X.tolist() == [[5.1, 4.9, 6.3, 7.0], [3.5, 3.0, 3.3, 3.2]]
    assert own.Y.argmax(axis=0).tolist() == [0, 0, 2, 1]
    assert own.origin == "t.csv"


def test_the_grid_reports_its_findings():
    grid = read_grid(decode(FLOWERS.encode(), "t.csv"))
    assert grid.format == Format(",", ".", header=True)
    assert [(c.name, c.numeric) for c in grid.columns] == [
        ("length", True),
        ("width", True),
        ("species", False),
    ]
    assert grid.columns[2].kinds[0] == ("setosa", "versicolor", "virginica")
    assert grid.shown[0] == ("5.1", "3.5", "setosa")
    assert suggest(grid).choice == Choice((0, 1), (2,), "classes")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c\n1,2,3\n", Format(",", ".", header=True)),
        ("1,2,3\n4,5,6\n", Format(",", ".", header=False)),
        ("a;b;c\n1,5;2;0\n2,5;3;1\n", Format(";", ",", header=True)),
        ("a;b;c\n1.5;2;0\n2.5;3;1\n", Format(";", ".", header=True)),
        ("1,5\t2,5\t0\n2,5\t3,5\t1\n", Format("\t", ",", header=False)),
        ("1.5|2\n2|3\n", Format("|", ".", header=False)),
        ("  1.5   2.0 0\n -2.0   3.5 1 \n", Format(" ", ".", header=False)),
        ("1,5;2,5;3\n2,5;3,5;4\n", Format(";", ",", header=False)),
        ("colour,shape\nred,round\nblue,square\n", Format(",", ".", header=True)),
        ("red,round\nred,square\nblue,round\n", Format(",", ".", header=False)),
        ("label,0,1\n5,2,3\n7,2,4\n", Format(",", ".", header=True)),
    ],
)
def test_how_it_is_written_is_guessed(text, expected):
    assert guess(Source("t", text.encode(), "utf-8")) == expected


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("latin-1", "cp1252"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(encoding, name):
    content = "größe,größe2,Käse\n1,2,ä\n3,4,ö\n".encode(encoding)
    assert decode(content, "t").encoding == name
    assert read(content).inputs == ("größe", "größe2")
    assert read(content).classes == ("ä", "ö")


def test_utf_16_in_the_other_order():
    assert read(b"\xfe\xff" + FLOWERS.encode("utf-16-be")).m == 4


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n\n"])
def test_line_ends(end):
    assert read(FLOWERS.replace("\n", end)).m == 4
    assert read(FLOWERS.strip().replace("\n", end)).m == 4


def test_real_numbers_as_label():
    own = read("x1,x2,y\n1,2,0.5\n3,4,-1.5\n")
    assert own.kind == "regression"
    assert own.Y.tolist() == [[0.5, -1.5]]
    assert own.X.tolist() == [[1, 3], [2, 4]]


def test_decimal_commas_are_read():
    own = read("a;b;y\n1,5;2;ja\n-0,25;1e-3;nein\n")
    assert own.X.tolist() == [[1.5, -0.25], [2, 0.001]]


def test_the_users_choices_are_used():
    own = read_as(FLOWERS, Format(",", ".", header=True), Choice((1,), (0,), "regression"))
    assert own.inputs == ("width",)
    assert own.Y.tolist() == [[5.1, 4.9, 6.3, 7.0]]


def test_classes_by_number_are_in_the_order_of_numbers():
    assert read("x,label\n1,10\n2,9\n3,2\n").classes == ("2", "9", "10")


def test_quoted_cells_may_hold_anything():
    own = read('a,"b ""x""",label\n1,2,"one, two\nthree"\n3,4,"four"\n')
    assert own.inputs == ("a", 'b "x"')
    assert own.classes == ("four", "one, two\N{REPLACEMENT CHARACTER}three")


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "it is empty"),
    "spaces": (" \n\t\n", "it is empty"),
    "header only": ("a,b,c\n", "it has a header and no rows below it"),
    "unclosed": ('a,b\n1,"2\n3,4\n', "a quote that opens in line 2 is not closed"),
    "unclosed for long": ('a,b\n1,"2\n' + "3,4\n" * 500, "a quote that opens in line 2"),
    "a quote inside": ('a,b\n1,"2"3\n', "line 2: ',' expected after"),
    "NUL": (b"a,b\n1,\x002\n", "line 2 holds bytes that are no text"),
    "binary": (bytes(range(256)), "line 1 holds bytes that are no text"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0", "bytes that are no text"),
    "half UTF-16": (b"\xff\xfea", "line 1 is not UTF-16"),
    "lone surrogate": (b"\xff\xfe\x00\xd8a\0", "line 1 is not UTF-16"),
    "one class": ("a,b,label\n1,2,x\n3,4,x\n", "every label is 'x'"),
    "constant": ("a,b,label\n1,2,x\n1,2,y\n", "choose at least one column as input"),
    "one column": ("a\n1\n2\n", "choose at least one column as input"),
    "a long cell": ("a,b\n1," + "2" * 200_000 + "\n", "choose at least one|every label is"),
    "no whole row": ("a,b,y\n,2,u\n3,,v\n4,5,\n", "no row has all of its cells: "),
    "too large": ("a,b,y\n1e151,2,u\n3,4,v\n", "line 2, column a: 1e.151 is beyond 1e.150"),
    "just too large": ("a,b,y\n1.0000001e150,2,u\n3,4,v\n", "column a: 1.0000001e.150 is beyond"),
    "too large a label": ("a,y\n1,2.5\n3,-2e300\n", "line 3, column y: -2e.300 is beyond"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_unusable_table_says_why(case):
    text, reason = HOSTILE[case]
    with pytest.raises(LayerwiseError, match=reason) as caught:
        read(text)
    assert str(caught.value).startswith("t.csv cannot be used: ")
    assert "\n" not in str(caught.value)


TWO = Choice((0, 1), (2,), "classes")
HEADER = Format(",", ".", header=True)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1_000", "line 3, column b: '1_000' is not a number"),
        ("\uff11\uff12", "is not a number"),
        ("nan", "b is blank"),
        ("-inf", "b is blank"),
        ("1e999", "'1e999' is too large a number"),
        ("", "b is blank"),
        ("0x10", "'0x10' is not a number"),
        ("1.5.2", "'1.5.2' is not a number"),
        ("1" * 5000, "is too large a number"),
        ("<b>x</b>\u202e", "'<b>x</b>\ufffd' is not a number"),
    ],
)
def test_a_row_with_a_cell_that_is_no_number_is_left_out_and_listed(cell, reason):
    rows = f'a,b,y\n1,2,u\n3,"{cell}",v\n4,5.5,v\n5,6,u\n'
    grid = read_grid(Source("t", rows.encode(), "utf-8"), HEADER)
    found = examples(grid, suggest(grid), TWO)
    assert found.own.X.tolist() == [[1, 4, 5], [2, 5.5, 6]]
    ((why, count),) = found.account.left_out.items()
    assert reason in why
    assert count == 1


def test_lines_that_are_no_rows_are_left_out_and_listed():
    found = imported(FLOWERS + "6.1,2.8\n" + '6,"2"3,setosa\n' + "6.0,3.0,virginica,1\n" * 2)
    assert found.own.m == 4
    assert list(found.account.left_out) == [
        "line 6: it has 2 cells instead of 3",
        "line 7: ',' expected after '\"'",
        "line 8: it has 4 cells instead of 3",
        "line 9: it has 4 cells instead of 3",
    ]


def test_labels_that_are_missing_or_too_many():
    assert read_as("a,b,y\n1,2,u\n3,4,\n5,6,v\n", HEADER, TWO).m == 2
    rows = "".join(f"{i},2,{i / 7}\n" for i in range(200))
    with pytest.raises(LayerwiseError, match="200 different values, and the limit is 100 classes"):
        read_as("a,b,y\n" + rows, HEADER, TWO)
    with pytest.raises(LayerwiseError, match="every input is the same in all rows"):
        read_as("a,b,y\n1,2,u\n1,2,v\n", HEADER, TWO)
    with pytest.raises(LayerwiseError, match="choose at least one column"):
        read_as(FLOWERS, HEADER, Choice((0, 2), (2,), "classes"))
    with pytest.raises(LayerwiseError, match="choose at least one column"):
        read_as(FLOWERS, HEADER, Choice((), (2,), "classes"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        b"1," * 400_000,
        b"a," * 1_000_000 + b"\n" + b"1," * 1_000_000,
        b"," * 2**25,
        b"1" * 2**25,
        b'"' * 2**25,
        b'"\n' * 2**24,
        (b'"a\n"' + b"," * 9_000) * 3000,
        b"\n" * (2**25 - 1) + b"1",
        b" 1" * 2**24,
        bytes(2**25 + 1),
        b"\xff\xfe" + b"\x31\x00" * 2**24,
    ],
    ids=range(11),
)
def test_size_alone_takes_neither_time_nor_memory(text):
    start = time.process_time()
    with pytest.raises(LayerwiseError, match=r"t\.csv cannot be used"):
        read(text)
    assert time.process_time() - start < 2
    if text.startswith(b'"\n'):
        return  # a hundred thousand rows take long to trace, and nothing of them is kept
    tracemalloc.start()
    with pytest.raises(LayerwiseError):
        read(text)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200e6


def test_an_exported_data_set_is_read_back_bit_for_bit():
    before = drawn("moons", 30, 0.1, 3)
    after = read(as_csv(before))
    assert np.array_equal(before.X, after.X)
    assert np.array_equal(before.Y, after.Y)
    assert drawn("digits", 20, 0.0, 1).kind == read(as_csv(drawn("digits", 20, 0.0, 1))).kind
    assert np.array_equal(read(as_csv(drawn("plane", 9, 0.1, 1))).Y, drawn("plane", 9, 0.1, 1).Y)


def test_no_name_is_exported_as_a_formula():
    own = own_data(
        np.array([[-1.0, 2.0, 3.0]]),
        np.eye(3),
        "t",
        inputs=["=cmd|' /C calc'!A0"],
        classes=["@SUM(1)", "+1+1", "-2"],
    )
    text = as_csv(own).decode()
    assert text.splitlines()[0] == (
        '\'=cmd|\' /C calc\'!A0,"label (class of [""@SUM(1)"", ""+1+1"", ""-2""])"'
    )
    assert text.splitlines()[1] == "-1.0,'@SUM(1)"
    assert read(text).classes == ("@SUM(1)", "+1+1", "-2")


numbers = st.floats(-1e150, 1e150)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=8))
def test_every_number_is_read_back_exactly(rows):
    X = np.array(rows).T
    if (X[:, :1] == X).all():
        return
    own = own_data(X, [[i % 2 for i in range(len(rows))]], "t")
    after = read_as(as_csv(own).decode(), HEADER, TWO)
    assert np.array_equal(after.X, own.X)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content):
    try:
        own = read(content)
    except LayerwiseError:
        return
    assert np.isfinite(own.X).all()


@given(st.text(alphabet="01.5,;\t\" \n\r-eax'", max_size=60))
def test_any_table_is_read_or_refused(text):
    try:
        own = read(text)
    except LayerwiseError:
        return
    assert own.m >= 2 or own.kind == "regression"


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_line_endings_do_not_count_as_characters(end):
    def table(length):
        first = "1,2,0"
        return f"a,b,c\n2,1,1\n{first}{' ' * (length - len(first))}{end}"

    assert read(table(MAX_LINE)).m == 2
    with pytest.raises(LayerwiseError, match="line 3 is longer than"):
        read(table(MAX_LINE + 1))
