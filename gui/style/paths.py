"""Where the files that come with Layerwise lie, in a checkout as in an installed package."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2] / "resources"


def path(*parts: str) -> Path:
    """The path of a file or folder under resources/."""
    return _ROOT.joinpath(*parts)
