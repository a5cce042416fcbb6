"""Tables as people have them are read; tables that lie or break say so in one sentence."""

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.delimited import Choice, Format, Source, decode, examples, guess, preview
from core.data.own import OwnData, drawn, own_data
from core.data.table_text import as_csv
from core.errors import LayerwiseError

FLOWERS = """length,width,species
5.1,3.5,setosa
4.9,3.0,setosa
6.3,3.3,virginica
7.0,3.2,versicolor
"""


def read(text: str | bytes) -> OwnData:
    """As a dialog reads it whose user agrees with everything."""
    source = decode(text if isinstance(text, bytes) else text.encode(), "t.csv")
    shown = preview(source)
    return examples(source, shown.format, shown.choice)


def test_a_table_is_understood_as_it_stands():
    own = read(FLOWERS)
    assert own.inputs == ("length", "width")
    assert own.classes == ("setosa", "versicolor", "virginica")
    assert own.kind == "classes"
    assert own.X.tolist() == [[5.1, 4.9, 6.3, 7.0], [3.5, 3.0, 3.3, 3.2]]
    assert own.Y.argmax(axis=0).tolist() == [0, 0, 2, 1]
    assert own.origin == "t.csv"


def test_the_preview_says_what_was_found():
    shown = preview(decode(FLOWERS.encode(), "t.csv"))
    assert shown.format == Format(",", ".", header=True)
    assert [(c.name, c.numeric) for c in shown.columns] == [
        ("length", True),
        ("width", True),
        ("species", False),
    ]
    assert shown.columns[2].values == ("setosa", "versicolor", "virginica")
    assert shown.rows[0] == ("5.1", "3.5", "setosa")
    assert shown.choice == Choice((0, 1), 2, "classes")


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
    assert guess(Source("t", text, "utf-8")) == expected


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("latin-1", "windows-1252"),
        ("cp1252", "windows-1252"),
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


def test_what_the_user_chooses_is_read():
    source = decode(FLOWERS.encode(), "t")
    own = examples(source, Format(",", ".", header=True), Choice((1,), 0, "regression"))
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
    "ragged": ("a,b,c\n1,2,3\n1,2\n", "line 3 has 2 cells and those before it 3"),
    "longer": ("1,2,0\n1,2,1\n1,2,3,4\n", "line 3 has 4 cells"),
    "unclosed": ('a,b\n1,"2\n3,4\n', "a quote that opens in line 2 is not closed"),
    "unclosed for long": ('a,b\n1,"2\n' + "3,4\n" * 500, "a quote that opens in line 2"),
    "a quote inside": ('a,b\n1,"2"3\n', "line 2: ',' expected after"),
    "NUL": (b"a,b\n1,\x002\n", "line 2 holds bytes that are no text"),
    "binary": (bytes(range(256)), "line 1 holds bytes that are no text"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0", "bytes that are no text"),
    "half UTF-16": (b"\xff\xfea", "choose at least one|header and no rows"),
    "UTF-16 unmarked": (FLOWERS.encode("utf-16-le"), "bytes that are no text"),
    "lone surrogate": (b"\xff\xfe\x00\xd8a\0", "bytes that are no text"),
    "underscore": ("a,b,y\n1_000,2,u\n2,3,v\n", "line 2, column a: '1_000' is not a number"),
    "one class": ("a,b,label\n1,2,x\n3,4,x\n", "every label is 'x'"),
    "constant": ("a,b,label\n1,2,x\n1,2,y\n", "choose at least one column as input"),
    "one column": ("a\n1\n2\n", "choose at least one column as input"),
    "a long cell": ("a,b\n1," + "2" * 200_000 + "\n", "field larger than field limit"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_used_says_why(case):
    text, reason = HOSTILE[case]
    with pytest.raises(LayerwiseError, match=reason) as caught:
        read(text)
    assert str(caught.value).startswith("t.csv cannot be used: ")
    assert "\n" not in str(caught.value)


TWO = Choice((0, 1), 2, "classes")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1_000", "'1_000' is not a number"),
        ("\uff11\uff12", "is not a number"),
        ("nan", "'nan' is not a number"),
        ("-inf", "is not a number"),
        ("1e999", "'1e999' is not a number"),
        ("", "there is no number"),
        ("0x10", "is not a number"),
        ("1,5", "is not a number"),
        ("1" * 5000, "is not a number"),
        ("<b>x</b>\u202e", "'<b>x</b>\ufffd' is not a number"),
    ],
)
def test_what_is_no_number_is_shown_with_its_place(cell, reason):
    text = f'a,b,y\n1,2,u\n3,"{cell}",v\n'
    with pytest.raises(LayerwiseError, match=rf"t cannot be used: line 3, column b: .*{reason}"):
        examples(Source("t", text, ""), Format(",", ".", header=True), TWO)


def test_labels_that_are_missing_or_too_many():
    header = Format(",", ".", header=True)
    with pytest.raises(LayerwiseError, match="line 3 has no label"):
        examples(Source("t", "a,b,y\n1,2,u\n3,4,\n", ""), header, TWO)
    rows = "".join(f"{i},2,{i / 7}\n" for i in range(200))
    with pytest.raises(LayerwiseError, match="200 different values, and the limit is 100 classes"):
        examples(Source("t", "a,b,y\n" + rows, ""), header, TWO)
    with pytest.raises(LayerwiseError, match="every input is the same in all rows"):
        examples(Source("t", "a,b,y\n1,2,u\n1,2,v\n", ""), header, TWO)
    with pytest.raises(LayerwiseError, match="choose at least one column"):
        examples(Source("t", FLOWERS, ""), header, Choice((0, 2), 2, "classes"))
    with pytest.raises(LayerwiseError, match="choose at least one column"):
        examples(Source("t", FLOWERS, ""), header, Choice((0, 9), 2, "classes"))


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


def test_a_gallery_data_set_goes_out_and_comes_back_bit_for_bit():
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
    assert text.splitlines()[0] == "'=cmd|' /C calc'!A0,label"
    assert text.splitlines()[1] == "-1.0,'@SUM(1)"
    assert set(read(text).classes) == {"@SUM(1)", "+1+1", "-2"}


numbers = st.floats(-1e150, 1e150)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=8))
def test_every_number_comes_back(rows):
    X = np.array(rows).T
    if (X[:, :1] == X).all():
        return
    own = own_data(X, [[i % 2 for i in range(len(rows))]], "t")
    choice = Choice((0, 1), 2, "classes")
    after = examples(decode(as_csv(own), "t"), Format(",", ".", header=True), choice)
    assert np.array_equal(after.X, own.X)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_it_is_it_is_read_or_refused(content):
    try:
        own = read(content)
    except LayerwiseError:
        return
    assert np.isfinite(own.X).all()


@given(st.text(alphabet="01.5,;\t\" \n\r-eax'", max_size=60))
def test_whatever_table_it_is_it_is_read_or_refused(text):
    try:
        own = read(text)
    except LayerwiseError:
        return
    assert own.m >= 2 or own.kind == "regression"
