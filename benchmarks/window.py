"""How fluent is the window while it trains, and what does it cost? python -m benchmarks.window."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

STARTS = 7  # of the program, for the time to the first paint
ROOT = Path(__file__).parent.parent
PLATFORMS = ("offscreen", "xcb")
CASES = ("W1", "W3", "wide", "deep", "many", "inputs")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
Result = dict[str, Any]

# Shows the time at which the canvas has been painted for the first time, and ends there.
FIRST_PAINT = """
import os, sys, time
import main
if hasattr(main, "import_window"):  # which older versions do not have
    main.import_window()
import gui.app, gui.main_window
from gui.canvas.view import CanvasView

class Timed(CanvasView):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.perf_counter(), flush=True)
        os._exit(0)

gui.main_window.CanvasView = Timed
sys.exit(main.main([]))
"""


def main() -> int:
    """Measure what the command line asks for, print a table a platform, write JSON."""
    options = _options()
    results: list[Result] = []
    for name in options.platform:
        with screen(name) as environment:
            if environment is None:
                print("(Xvfb is not installed)", file=sys.stderr)
                continue
            first = _first_paint(environment)
            print(f"\n{name}: first paint {first['least']:.2f} s after the start, ", end="")
            print(f"median {first['median']:.2f} s of {STARTS}", flush=True)
            cases = [_measure(case, environment, options) for case in options.case]
            results.append({"platform": name, "first_paint": first, "cases": cases})
    if options.json is not None:
        machine = {"machine": platform.processor(), "cores": os.cpu_count()}
        options.json.write_text(json.dumps({**machine, "results": results}, indent=2) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", nargs="+", choices=CASES, default=CASES)
    parser.add_argument("--platform", nargs="+", choices=PLATFORMS, default=PLATFORMS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each part of a round")
    parser.add_argument("--walked", action="store_true", help="walk first, and open a number")
    parser.add_argument("--minutes", type=int, default=0, help="train so long: only memory counts")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds to measure rest for")
    parser.add_argument("--json", type=Path, help="write all numbers here")
    return parser.parse_args()


@contextmanager
def screen(name: str, root: Path = ROOT) -> Iterator[dict[str, str] | None]:
    """The environment of a process with settings of its own on such a screen, None without one.

    `root` is the folder of the version that it runs.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "QT_QPA_PLATFORM": name, "PYTHONPATH": str(root)}
        environment.update(dict.fromkeys(THREADS, "1"))
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a second start finds it compiled
        environment["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            environment[f"XDG_{kind}_HOME"] = f"{folder}/{kind.lower()}"
        if name != "xcb":
            yield environment
            return
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1200x24"]
        try:
            server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            yield None
            return
        try:
            yield {**environment, "DISPLAY": f":{os.read(read, 20).decode().strip()}"}
        finally:
            server.terminate()
            server.wait()


def _first_paint(environment: dict[str, str]) -> Result:
    """Seconds from the start of the process to the first picture of the network, warm."""
    times = [first_paint(environment) for _ in range(STARTS + 1)]
    return {"least": min(times[1:]), "median": statistics.median(times[1:])}


def first_paint(environment: dict[str, str]) -> float:
    """The same of one start."""
    start = perf_counter()  # the same clock in every process of a machine
    shown = _output([sys.executable, "-c", FIRST_PAINT], environment)
    return float(shown) - start


def _output(command: list[str], environment: dict[str, str]) -> bytes:
    """What a process prints, run in the folder of its version: there its modules are found."""
    done = subprocess.run(
        command, env=environment, cwd=environment["PYTHONPATH"], stdout=subprocess.PIPE, check=True
    )
    return done.stdout


def _measure(case: str, environment: dict[str, str], options: argparse.Namespace) -> Result:
    """Run one case in a process of its own, which sends back its numbers, and print them."""
    walked = "walked" if options.walked else "fresh"
    numbers = (options.minutes, options.rounds, options.seconds, options.idle)
    result = run_case((case, walked, *map(str, numbers)), environment)
    print(f"\n{result['title']}")
    if "share" in result:
        _print(result)
    sizes = "  ".join(f"{name} {value:.0f}" for name, value in result["memory"].items())
    print(f"  MB: {sizes}", flush=True)
    return result


def run_case(arguments: tuple[str, ...], environment: dict[str, str]) -> Result:
    """The numbers of benchmarks.window_case with these arguments, in a process of its own."""
    shown = _output([sys.executable, "-m", "benchmarks.window_case", *arguments], environment)
    result: Result = json.loads(shown)
    return result


def _print(result: Result) -> None:
    late, rest = result["late"], result["late_at_rest"]
    print(f"  it/s {result['speed']:.0f}, of headless {result['share']:.2f}", end="")
    print(f" (fastest round against fastest {result['share_of_fastest']:.2f})")
    shown = "  ".join(f"{name} {rate:.0f}" for name, rate in result["paints"].items())
    print(f"  frames/s {result['frames']:.0f}  (painted: {shown})", end="")
    print(f", a frame takes {result['ms_a_frame']:.2f} ms of the window's thread")
    for words, ms in (("training", late), ("at rest", rest)):
        print(f"  5 ms timer late, {words}: ", end="")
        print("  ".join(f"{name} {value:.1f}" for name, value in ms.items()), "ms")
    print(f"  pause {result['pause']:.0f} ms, close {result['close']:.0f} ms")
    print(f"  idle {100 * result['idle']:.2f} % of a core")


if __name__ == "__main__":
    sys.exit(main())
