"""`python main.py export PROJECT FILE`: a project as a script, a notebook or weights, by suffix.

Exit status: 0 done, 2 bad input.
"""

from __future__ import annotations

import sys
from pathlib import Path

from core.errors import LayerwiseError
from core.export.script import Exported, export
from core.export.writing import SUFFIXES, write
from core.files import disk
from core.files.project import find_saved
from core.terminal import BAD_INPUT, DONE, Parser
from core.training.data_source import split_of


def main(argv: list[str]) -> int:
    """Run `export …` (the arguments after the program's name); return the exit status."""
    try:
        arguments = _parser().parse_args(argv[1:])
        made = exported(arguments.project, Path(arguments.file))
        for path in write(made, Path(arguments.file)):
            print(f"Wrote {disk.shown(path)}")
    except LayerwiseError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return DONE


def _parser() -> Parser:
    parser = Parser(
        "export",
        "Write a project as code that trains it: the same data, start and costs.",
        "Exit status: 0 done, 2 bad input.",
    )
    parser.add_argument("project", metavar="PROJECT", help="a project's file or an example's name")
    parser.add_argument("file", metavar="FILE", help=f"ends in {' or '.join(SUFFIXES)}")
    return parser


def exported(project: str, file: Path) -> Exported:
    """The project's code, for a file of this name."""
    saved, _ = find_saved(project)
    split = split_of(saved.project, saved.own)
    name = Path(project).stem
    return export(saved.project, split, saved.start, saved.own, name, f"{file.stem}.data.npz")
