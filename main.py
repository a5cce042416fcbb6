"""Hand over to the window (gui.app) or, for a command, to the same core without one."""

import gc
import os
import sys

# Read once, when NumPy is first imported: a second BLAS thread gains nothing on networks of this
# size and is up to 100 times slower while the window uses the other core. Yours wins if you set it.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# What Qt needs of a bare Debian or Ubuntu; README and .ci/run list the same packages.
QT_LIBRARIES = (
    "libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libx11-xcb1 libxkbcommon0 "
    "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xkb1 fonts-dejavu-core"
)


def main(argv: list[str] | None = None) -> int:
    """Run Layerwise with the arguments after the program's name; return the exit status."""
    argv = sys.argv[1:] if argv is None else argv
    try:
        if argv[:1] == ["train"]:
            from core.cli import main as run
        elif argv[:1] == ["sweep"]:
            from core.sweep.command import main as run
        elif argv[:1] == ["check"]:
            from core.check.command import main as run
        elif argv[:1] == ["export"]:
            from core.export.command import main as run
        elif argv[:1] == ["answers"]:
            from core.lessons.command import main as run
        else:
            import_window()
            from gui.app import main as run
        return run(argv)
    except ImportError as error:
        if (error.name or "").partition(".")[0] in ("core", "gui"):
            raise  # a fault of ours, not something that the user could install
        print(_what_is_missing(error), file=sys.stderr)
        return 2


def import_window() -> None:
    """Import the window, without looking for garbage meanwhile, nor ever in what it consists of."""
    if "gui.app" in sys.modules:
        return
    was_automatic = gc.isenabled()
    gc.disable()
    try:
        import gui.app  # noqa: F401  for the next who imports it

        gc.freeze()
    finally:
        if was_automatic:
            gc.enable()


def _what_is_missing(error: ImportError) -> str:
    library = str(error).partition(":")[0]
    if ".so" in library and "PySide6" not in library:
        return (
            f"The window needs the system library {library}, which is missing; "
            f"on Debian or Ubuntu: apt-get install {QT_LIBRARIES}"
        )
    return (
        f"Layerwise cannot start ({error}); "
        f"in its folder, run: {sys.executable} -m pip install -e ."
    )


if __name__ == "__main__":
    sys.exit(main())
