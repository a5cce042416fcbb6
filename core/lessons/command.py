"""`python main.py answers FOLDER`: the answers that a class handed in, as a table.

Exit status: 0 every file was read, 1 some could not be, 2 there is nothing to read.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import LayerwiseError
from core.files import answers, disk
from core.lessons import handed
from core.terminal import BAD_INPUT, DONE, Parser, say

UNREAD = 1


def main(argv: list[str]) -> int:
    """Run `answers …` (the arguments after the program's name); return the exit status."""
    try:
        arguments = _parser().parse_args(argv[1:])
        if arguments.report is not None:
            disk.check_replaceable(arguments.report)
        found = answers.read_class(Path(arguments.folder))
        if arguments.report is not None:
            disk.replace(arguments.report, found.table())
    except LayerwiseError as error:
        say(str(error))
        return BAD_INPUT
    for work in found.works.values():
        print("\n".join(handed.summary(work)), flush=True)
    for sentence in found.unread.values():
        say(sentence)
    return UNREAD if found.unread else DONE


def _parser() -> Parser:
    parser = Parser(
        "answers",
        "Read the answers that students saved (Learn ▸ Save my answers…), a .json file each.",
        "Exit status: 0 every file was read, 1 some could not be, 2 there is nothing to read.",
    )
    parser.add_argument("folder", metavar="FOLDER", help="the folder with the files of a class")
    parser.add_argument(
        "--report", metavar="class.csv", type=Path, help="write a row for each answer (CSV)"
    )
    return parser
