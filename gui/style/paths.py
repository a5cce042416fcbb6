"""The folder of bundled files, in a checkout or an installed package."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2] / "resources"


def path(*parts: str) -> Path:
    """The path of a file or folder under resources/."""
    return _ROOT.joinpath(*parts)
