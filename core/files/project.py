"""Project files: `.layerwise` (complete), `.json` (settings), and the bundled examples."""

from __future__ import annotations

from pathlib import Path

from core.errors import LayerwiseError
from core.files import disk, storage
from core.files.storage import Saved
from core.progress import Progress, unheard
from core.project import Project, decode, encode

MAX_BYTES = 2**20
SUFFIX = ".layerwise"
EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


def read_project(path: Path | str) -> Project:
    """The project in a `.json` file, checked; raises LayerwiseError naming the file and why not."""
    text = disk.read(path, MAX_BYTES)
    try:
        return decode(text)
    except LayerwiseError as error:
        raise LayerwiseError(f"{disk.shown(path)} cannot be used: {error}") from None


def read_saved(path: Path | str, progress: Progress = unheard) -> Saved:
    """The content of a `.layerwise` file, or only the project of any other; raises like these."""
    if Path(path).suffix.lower() == SUFFIX:
        return storage.read(path, progress)
    return Saved(read_project(path))


def write_project(path: Path | str, project: Project) -> None:
    """Write the project as JSON; if that fails (LayerwiseError), the old file is unchanged."""
    disk.replace(path, encode(project))


def examples() -> dict[str, Path]:
    """The bundled examples: name → file, in alphabetical order."""
    return {path.stem: path for path in sorted(EXAMPLES.glob("*.json"))}


def find_saved(argument: str, progress: Progress = unheard) -> tuple[Saved, Path | None]:
    """Resolve PROJECT on the command line: a bundled example, which cannot be saved to (None), or
    the file of this name, with its content.
    """
    bundled = examples().get(argument)
    if bundled is not None:
        return Saved(read_project(bundled)), None
    path = Path(argument)
    try:
        return read_saved(path, progress), path
    except LayerwiseError as error:
        if "/" in argument or path.suffix or path.exists():
            raise
        raise LayerwiseError(
            f"{str(error).rstrip('.')}, and no bundled example of that name either; the examples"
            f" are {', '.join(examples())}."
        ) from None
