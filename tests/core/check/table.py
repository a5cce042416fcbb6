"""A table of planted slips and the check's findings: `python -m tests.core.check.table`."""

import difflib
import sys
import warnings
from dataclasses import dataclass

import numpy as np

from core.check import stand_ins
from core.check.examine import examine
from core.check.session import Student
from core.check.source import parse
from core.project import Project
from core.training.data_source import split_of
from tests.core.check.slips_made import SLIPS
from tests.core.check.slips_of_styles import MISSING_LINES, SLIPS_OF_STYLES
from tests.core.check.styles import NAMES, in_style, text_of


def network():
    """The default network on a fifth of its examples."""
    project = Project()
    train = split_of(project).train
    return {
        "X": np.array(train.X[:, ::5], float), "Y": np.array(train.Y[:, ::5], float),
        "sizes": project.sizes(2), "activations": project.activations, "chosen": False, "seed": 0,
    }  # fmt: skip


def check(name, text, network):
    """Check one homework in this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's own
        student = Student(parse(*in_style(name, text)), {})
        student.run()
        return examine(student, network, lambda step: None)


def changed_lines(text, slipped):
    """The lines, stripped, at which the text with the slip is another; all that changed places."""
    before, after = text.splitlines(), slipped.splitlines()
    if len(before) == len(after):
        return [new.strip() for old, new in zip(before, after, strict=True) if old != new]
    parts = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [line.strip() for kind, _, _, i, j in parts if kind != "equal" for line in after[i:j]]


def found_line(report):
    """The line that a report points at, stripped."""
    return next((row["text"].strip() for row in report.code if row["here"]), "")


@dataclass
class Row:
    """What came out for one slip."""

    file: str
    planted: str  # the slip
    named: str
    at_its_line: bool

    @property
    def verdict(self):
        """Found and named, found at its line, found elsewhere, or not found."""
        if not self.named:
            return "NOT FOUND"
        if not self.at_its_line:
            return "WRONG LINE"
        return "named" if self.named == self.planted else "not named"


def rows():
    """A row for every slip of both lists."""
    on = network()
    every = [(f, o, n, key, line) for f, o, n, _, key, line in (*SLIPS, *MISSING_LINES)]
    every += [(f, o, n, key, "") for f, o, n, _, key in SLIPS_OF_STYLES]
    for file, old, new, key, line in every:
        text = text_of(file)
        slipped = text.replace(old, new, 1)
        report = check(file, slipped, on)
        named = "" if report.finding is None else report.finding.slip
        lines = [line] if line else changed_lines(text, slipped)
        yield Row(file, key, named, found_line(report) in lines)


def main():
    """Print the table, then the sums, and the right versions that pass."""
    on = network()
    stand_ins.install(on["X"], on["Y"], lambda top: False)
    made, say = [], sys.stdout.write
    for row in rows():
        made.append(row)
        say(f"{row.file:14} {row.planted:20} {row.named:20} {row.verdict}\n")
    alarms = [name for name in NAMES if check(name, text_of(name), on).finding is not None]
    verdicts = [row.verdict for row in made]
    say(
        f"{len(made)} slips in {len(NAMES)} files: {len(made) - verdicts.count('NOT FOUND')} found,"
        f" {verdicts.count('named')} named, {verdicts.count('WRONG LINE')} at another line;"
        f" right versions that do not pass: {', '.join(alarms) or 'none'}.\n"
    )
    return int(bool(alarms) or set(verdicts) != {"named"})


if __name__ == "__main__":
    sys.exit(main())
