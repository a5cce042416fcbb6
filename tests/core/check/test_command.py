"""`python main.py check`: exit status, reports, notebooks, a whole class, hostile homework."""

import csv
import json
from pathlib import Path

import pytest

from core.check.command import main

HOMEWORK = Path(__file__).parent / "homework"


def text_of(name):
    return (HOMEWORK / f"{name}.txt").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path, capsys):
    def run(text, *more, name="homework.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        status = main(["check", str(path), *more])
        return status, capsys.readouterr()

    return run


def notebook(*cells):
    return json.dumps(
        {
            "cells": [
                {"cell_type": kind, "source": source, "metadata": {}} for kind, source in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def test_right_homework_is_equal_and_a_slip_differs(run, tmp_path):
    report = tmp_path / "r.json"
    status, said = run(text_of("logistic"))
    assert status == 0
    assert "agree with ours" in said.out
    slip = text_of("logistic").replace("(A - Y).T)", "(Y - A).T)")
    status, said = run(slip, "--report", str(report))
    found = json.loads(report.read_text())
    assert status == 1
    assert said.out.startswith(f"Line {found['line']}: Your dw has the opposite sign.")
    assert {"stage": "propagate", "name": "dw", "slip": "sign"}.items() <= found.items()
    assert slip.splitlines()[found["line"] - 1].strip().startswith("dw = ")
    theirs, ours = found["theirs"], found["ours"]
    assert [row[0] for row in theirs] == pytest.approx([-row[0] for row in ours])


def test_a_notebook_is_read_cell_by_cell(run, tmp_path):
    functions = text_of("logistic").split("def optimize")[0]
    cells = [
        ("markdown", "# Logistic regression"),
        ("code", ["%matplotlib inline\n", "!ls\n", "import numpy as np\n"]),
        ("code", functions),
        ("code", "w, b, X, Y = propagate_test_case()"),
        ("code", "this is no Python"),
        ("code", functions.replace("np.sum(A - Y)", "np.sum(A - Y) * 1.5")),
    ]
    status, said = run(notebook(*cells), "--report", str(tmp_path / "r.json"), name="hw.ipynb")
    found = json.loads((tmp_path / "r.json").read_text())
    assert status == 1
    assert (found["cell"], found["name"]) == (5, "db")
    assert said.out.startswith(f"Cell 5, line {found['line']}: ")
    assert any("Cell 4" in note for note in found["notes"])


def test_a_class_is_a_line_a_file(tmp_path, capsys):
    (tmp_path / "a.py").write_text(text_of("logistic"))
    (tmp_path / "b.py").write_text(text_of("logistic").replace("1 / m * np.sum(A", "np.sum(A"))
    (tmp_path / "c.py").write_text("def f(:\n")
    (tmp_path / "d.py").write_text("while True:\n    pass\n")
    marks = tmp_path / "marks.csv"
    assert main(["check", str(tmp_path), "--report", str(marks)]) == 1
    rows = list(csv.DictReader(marks.read_text().splitlines()))
    assert [row["file"] for row in rows] == ["a.py", "b.py", "c.py", "d.py"]
    assert [row["slip"] for row in rows] == ["", "times_m", "", ""]
    assert (rows[0]["stage"], rows[3]["stage"]) == ("done", "nothing checked")
    assert rows[2]["stage"] == "cannot be read"
    assert "line 1" in rows[2]["said"]
    assert capsys.readouterr().out.count("\n") == 4


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("h.txt", b"", "give a .py file"),
        ("h.py", b"\0\1", "not a text file"),
        ("h.ipynb", b"{", "not a Jupyter notebook"),
        ("h.py", b"x = = 1\n", "line 1 is not Python 3"),
        ("no.py", None, "there is no such file"),
    ],
)
def test_an_unreadable_file_gets_one_line(tmp_path, capsys, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert main(["check", str(path)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_huge_notebook_is_refused_unread(tmp_path, capsys):
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    assert main(["check", str(path)]) == 2
    assert "the limit" in capsys.readouterr().err


def test_homework_that_deletes_and_forks_leaves_the_files_untouched(run, tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("precious")
    attack = f"""
import os, shutil, pathlib
for one in list(pathlib.Path(".").iterdir()): one.unlink()
pathlib.Path("new.txt").write_text("x")
try: os.remove({str(mine)!r})
except PermissionError: pass
try: open({str(mine)!r}, "w").write("gone")
except PermissionError: pass
try: shutil.rmtree({str(tmp_path)!r})
except PermissionError: pass
while True:
    os.fork()
"""
    status, said = run(attack + text_of("logistic"))
    assert mine.read_text() == "precious"
    assert {path.name for path in tmp_path.iterdir()} >= {"mine.txt", "homework.py"}
    assert status == 0, said


def test_a_name_can_be_mapped(run, tmp_path):
    text = text_of("loops").replace("def propagate(", "def one_pass(")
    said = run(text)[1]
    assert "nothing was checked" in said.out
    assert "not recognized: one_pass" in said.err
    assert "--map NAME=one_pass" in said.err
    status, said = run(text, "--map", "propagate=one_pass")
    assert (status, "agree" in said.out) == (0, True)
    assert main(["check", str(tmp_path / "homework.py"), "--map", "x"]) == 2


def test_an_unknown_parameter_is_asked_about_and_mapped_for_one_function(run, tmp_path):
    text = text_of("loops").replace("def propagate(w, b, X, Y)", "def propagate(w, b, X, Y, extra)")
    report = tmp_path / "r.json"
    status, said = run(text, "--report", str(report))
    question = json.loads(report.read_text())["question"]
    assert (status, "What is `extra` in propagate?" in said.out) == (1, True)
    assert (question["function"], question["parameter"]) == ("propagate", "extra")
    assert {"m", "0", "1", "None"} <= set(question["choices"])
    assert not {"X", "Y", "w", "b"} & set(question["choices"])
    assert run(text, "--map", "0=propagate.extra")[0] == 0
    assert run(text, "--map", "0=elsewhere.extra")[0] == 1
    assert run(text, "--map", "0=a.b.c")[0] == 2


@pytest.mark.slow
def test_homework_that_never_ends_or_eats_memory_is_stopped(run):
    status, said = run(text_of("loops").replace("    J /= m\n", "    while True: pass\n"))
    assert (status, "did not return within" in said.out) == (1, True)
    status, said = run("x = [0] * 10**12\n" + text_of("loops"))
    assert status == 0, said


def test_a_method_of_a_class_can_be_mapped_too(run, tmp_path):
    """Else its slip stays unseen, for no other function of the file tells that it is missing."""
    wrong = text_of("klass").replace("dZ2 @ self.A1.T / m", "dZ2 @ self.A1.T")
    assert wrong != text_of("klass")
    strange = wrong.replace("def backward(", "def go_home(")
    status, said = run(strange)
    assert "not recognized: go_home." in said.err  # what decorates is none of the course's
    status, said = run(strange, "--map", "backward_propagation=go_home")
    assert (status, "dW2" in said.out) == (1, True)
    right = text_of("klass").replace("def backward(", "def go_home(")
    assert run(right, "--map", "backward_propagation=go_home")[0] == 0
