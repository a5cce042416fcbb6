"""`python main.py export PROJECT FILE`: exports a script, a notebook or a model, by suffix.

Exit status: 0 done, 2 bad input.
"""

from __future__ import annotations

import sys
from pathlib import Path

from core.errors import LayerwiseError
from core.export import onnx
from core.export.script import Exported, export
from core.export.torch_script import export_torch
from core.export.writing import MODEL, SUFFIXES, write
from core.files import disk
from core.files.project import find_saved
from core.nn.parameters import Parameters
from core.terminal import BAD_INPUT, DONE, Parser
from core.training.data_source import split_of
from core.training.start import fill

KINDS = (*SUFFIXES, MODEL)


def main(argv: list[str]) -> int:
    """Run `export …` (the arguments after the program's name); return the exit status."""
    try:
        arguments = _parser().parse_args(argv[1:])
        file = Path(arguments.file)
        if arguments.torch and file.suffix.lower() not in SUFFIXES:
            raise LayerwiseError(
                f"--torch writes code, and {disk.shown(file)} is none: name a file that ends in"
                f" {' or '.join(SUFFIXES)}."
            )
        if file.suffix.lower() == MODEL:
            print(write_model(arguments.project, file))
        else:
            for path in write(exported(arguments.project, file, arguments.torch), file):
                print(f"Wrote {disk.shown(path)}")
    except LayerwiseError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return DONE


def _parser() -> Parser:
    parser = Parser(
        "export",
        "Write a project as code that trains it (the same data, start and costs), or the weights"
        " saved in it as a model that predicts.",
        "Exit status: 0 done, 2 bad input.",
    )
    parser.add_argument("project", metavar="PROJECT", help="a project's file or an example's name")
    parser.add_argument("file", metavar="FILE", help=f"ends in {' or '.join(KINDS)}")
    parser.add_argument("--torch", action="store_true", help="code for PyTorch instead of NumPy")
    return parser


def exported(project: str, file: Path, torch: bool = False) -> Exported:
    """The project's code, for a file of this name."""
    saved, _ = find_saved(project)
    split = split_of(saved.project, saved.own)
    name = Path(project).stem
    make = export_torch if torch else export
    return make(saved.project, split, saved.start, saved.own, name, f"{file.stem}.data.npz")


def write_model(project: str, file: Path) -> str:
    """Write the weights that are saved in a project as a model; returns a sentence on it."""
    saved, _ = find_saved(project)
    made = saved.project
    split = split_of(made, saved.own)
    p = Parameters(made.sizes(split.train.X.shape[0]), made.training.dtype)
    fill(p, made.network, saved.start if saved.state is None else saved.state.flat)
    disk.check_replaceable(file)
    disk.replace(file, onnx.model(made, split, p, Path(project).stem))
    iteration = 0 if saved.state is None else saved.state.iteration
    return f"Wrote {disk.shown(file)}: the network after iteration {iteration:,}"
