"""`python main.py check HOMEWORK [PROJECT]`: finds where homework differs from a correct pass.

Exit status: 0 everything present is correct, 1 something differs, 2 it cannot be read.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from core.check.run import Checked, Subject, check_file, subject_of
from core.errors import LayerwiseError
from core.files import disk
from core.files.homework import homework_in
from core.files.project import find_saved
from core.terminal import BAD_INPUT, DONE, Parser
from core.training.data_source import split_of

DIFFERS = 1
DEFAULT = "flower"


def main(argv: list[str]) -> int:
    """Run `check …` (the arguments after the program's name); return the exit status."""
    try:
        arguments = _parser().parse_args(argv[1:])
        pairs = [_pair(text) for text in arguments.map]
        names = Names(
            {name: theirs for name, theirs in pairs if "." not in theirs},
            {theirs: name for name, theirs in pairs if "." in theirs},
        )
        if arguments.report is not None:
            disk.check_replaceable(arguments.report)
        subject = _subject(arguments.project)
        files = homework_in(arguments.homework)
        if files is not None:
            return _class(files, subject, names, arguments.report)
        checked = check_file(arguments.homework, subject, names.mapped, answers=names.answers)
    except LayerwiseError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    _say(checked)
    if arguments.report is not None:
        text = json.dumps(checked.report, indent=2, allow_nan=False, ensure_ascii=False)
        disk.replace(arguments.report, text.encode() + b"\n")
    return DONE if checked.equal else DIFFERS


def _parser() -> Parser:
    parser = Parser(
        "check",
        "Compare homework (a .py file, a .ipynb notebook, or a folder of them) with a right pass.",
        "Exit status: 0 everything agrees, 1 something differs, 2 the homework cannot be read. The"
        " homework runs in a process of its own, in an empty folder, with limits of time and"
        " memory: a limit, not a jail, so check code that you would run yourself.",
    )
    parser.add_argument("homework", metavar="HOMEWORK")
    parser.add_argument(
        "project", metavar="PROJECT", nargs="?",
        help="the network and the data to check on (a file or an example's name); else the flower",
    )  # fmt: skip
    parser.add_argument(
        "--report", metavar="R", help="write a JSON report here; for a folder a CSV, a line a file"
    )
    parser.add_argument(
        "--map", metavar="name=theirs", action="append", default=[],
        help="say what the homework calls a function or an argument of the course, e.g. X=data; of"
        " one function alone, X=forward.data",
    )  # fmt: skip
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, theirs = text.partition("=")
    parts = theirs.split(".")
    if not (name and equals and len(parts) < 3 and all(part.isidentifier() for part in parts)):
        raise LayerwiseError(
            f"--map {disk.shown(text)} is not of the form name=theirs or name=function.theirs."
        )
    return name, theirs


class Names(NamedTuple):
    """The answers of --map: course's name → theirs, and function.parameter → course's name."""

    mapped: dict[str, str]
    answers: dict[str, str]


def _subject(project: str | None) -> Subject:
    saved, _ = find_saved(project or DEFAULT)
    return subject_of(saved.project, split_of(saved.project, saved.own), chosen=project is not None)


def _say(checked: Checked) -> None:
    report = checked.report
    print(checked.said)
    for code in report["code"]:
        mark = ">" if code["here"] else " "
        print(f"  {mark} {code['line']:>4}  {code['text']}")
    for line in report["next"]:
        print(f"- {line}")
    for note in report["notes"]:
        print(f"Note: {note}", file=sys.stderr)
    if unknown := report["unknown"]:
        print(
            f"Note: not recognized: {', '.join(unknown)}. If one is a function of the course, say"
            f" which with --map NAME={unknown[0]}.",
            file=sys.stderr,
        )


COLUMNS = ("file", "stage", "name", "slip", "line", "said")


def _class(files: list[Path], subject: Subject, names: Names, report: str | None) -> int:
    """Check every file of a folder; an unreadable one gets a line too."""
    rows: list[dict[str, Any]] = []
    for path in files:
        try:
            checked = check_file(path, subject, names.mapped, answers=names.answers)
            place = checked.report["line"]
            if checked.report.get("cell") is not None:
                place = f"cell {checked.report['cell']}, line {place}"
            rows.append({**checked.report, "file": path.name, "line": place})
        except LayerwiseError as error:
            rows.append({"file": path.name, "stage": "cannot be read", "said": str(error)})
        print(f"{path.name}: {rows[-1]['said']}", flush=True)
    if report is not None:
        table = io.StringIO(newline="")
        writer = csv.DictWriter(table, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
        disk.replace(report, table.getvalue().encode())
    return DONE if all(row.get("slip", "unread") is None for row in rows) else DIFFERS


def _cell(value: Any) -> Any:
    """No cell of ours is read as a formula by a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
