"""The bundled examples, as a menu lists them."""

from __future__ import annotations

from dataclasses import dataclass

from core.data.datasets import DATASETS
from core.files.project import examples, read_project


@dataclass(frozen=True, slots=True)
class Example:
    """A bundled project: its `name`, its data set and its title."""

    name: str
    source: str
    label: str  # of its data set
    sizes: str  # of its network: 2-4-1


def bundled() -> list[Example]:
    """Every bundled example, in alphabetical order."""
    found = []
    for name, path in examples().items():
        project = read_project(path)
        source = project.data.source
        sizes = "-".join(map(str, project.sizes()))
        found.append(Example(name, source, DATASETS[source].label, sizes))
    return found
