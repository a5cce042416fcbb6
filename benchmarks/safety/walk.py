"""Random walks over the window, each in a process, and the shortest script of a failure."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any

ACTIONS = 500  # of one process; then another begins from nothing
HANGS = 150.0  # seconds without an action
SHRINKING = 240.0  # seconds at most for one thing that broke
TAILS = (8, 20, 50, 120, 250)  # how many of the last actions may be enough


@dataclass
class Outcome:
    """What came of one process: its actions, and what broke after how many of them."""

    script: list[dict[str, Any]] = field(default_factory=list)
    broke: dict[str, tuple[int, str]] = field(default_factory=dict)  # signature: (actions, details)


def run(
    folder: Path, seed: int, actions: int, script: list[dict[str, Any]] | None = None
) -> Outcome:
    """Walk in a process; a crash or a standstill is something that broke too."""
    arguments = [str(folder), "--seed", str(seed), "--actions", str(actions)]
    if script is not None:
        told = folder / "script.jsonl"
        told.write_text("".join(json.dumps(each) + "\n" for each in script), "utf-8")
        arguments += ["--script", str(told)]
    command = [sys.executable, "-m", "benchmarks.safety.walker", *arguments]
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        hung = _wait(process, folder / "log.jsonl")
    outcome = read_log(folder / "log.jsonl")
    crash = (folder / "crash.txt").read_text() if (folder / "crash.txt").exists() else ""
    said = crash or (folder / "output.txt").read_text("utf-8", "replace")[-4000:]
    if hung:
        outcome.broke[f"STANDSTILL in {_innermost(crash)}"] = len(outcome.script), said
    elif process.returncode:
        name = signal.Signals(-process.returncode).name if process.returncode < 0 else "exit"
        outcome.broke[f"CRASH {name} in {_innermost(crash)}"] = len(outcome.script), said
    return outcome


def _wait(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Wait for the end; True if nothing happened any more, and it was ended."""
    changed, size = time.monotonic(), -1
    try:
        while process.poll() is None:
            time.sleep(0.1)
            now = log.stat().st_size if log.exists() else 0
            if now != size:
                changed, size = time.monotonic(), now
            elif time.monotonic() > changed + HANGS:
                process.send_signal(signal.SIGUSR1)
                time.sleep(2)
                return True
        return False
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it has started: it leads a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _innermost(crash: str) -> str:
    """The innermost of our own lines in what faulthandler wrote of the thread in question."""
    current = crash.partition("Current thread")[2] or crash
    frames = re.findall(r'File "([^"]+)", line \d+ in (\S+)', current)
    ours = [frame for frame in frames if re.search(r"/(core|gui)/", frame[0])] or frames
    return f"{'/'.join(Path(ours[0][0]).parts[-2:])}:{ours[0][1]}" if ours else "no line of Python"


def read_log(log: Path) -> Outcome:
    """What was done, and what broke after how many actions; nothing where there is no log."""
    outcome = Outcome()
    for line in log.read_text("utf-8").splitlines() if log.exists() else ():
        what = json.loads(line)
        if "do" in what:
            outcome.script.append(what)
        elif "broke" in what:
            outcome.broke.setdefault(what["broke"], (len(outcome.script), what["details"]))
    return outcome


@dataclass
class Found:
    """One thing that broke, and the first script after which it did."""

    seed: int
    script: list[dict[str, Any]]
    details: str


def walk(minutes: float, seed: int, keep: Path | None = None, *, shrinks: bool = True) -> int:
    """Walk for so many minutes, then print what broke with its least script; how much did."""
    counts, found = Counter[str](), dict[str, Found]()
    end, episode = time.monotonic() + 60 * minutes, 0
    while time.monotonic() < end:
        own_seed = seed * 10_000 + episode
        outcome = in_own_folder(own_seed, ACTIONS, None, keep)
        episode += 1
        counts["actions"] += len(outcome.script)
        for signature, (count, details) in outcome.broke.items():
            counts[_kind(signature)] += 1
            if signature not in found:
                after = f"after {counts['actions']:,} actions, seed {own_seed}"
                print(f"  {after}: {signature}", flush=True)
                found[signature] = Found(own_seed, outcome.script[:count], details)
    print(_summary(minutes, seed, episode, counts), flush=True)
    for signature, what in found.items():
        print(f"\n=== {signature}\n{what.details.strip()}", flush=True)
        script = shrunk(signature, what) if shrinks else what.script
        print(f"--- {len(script)} actions, from seed {what.seed}")
        print("\n".join(map(json.dumps, script)), flush=True)
    return len(found)


def _kind(signature: str) -> str:
    kinds = {"CRASH": "crashes", "STANDSTILL": "standstills", "unreadable": "unreadable saves"}
    kinds |= {"seen": "not as the document says", "Qt": "Qt messages"}
    return kinds.get(re.split("[ :]", signature)[0], "exceptions")


def _summary(minutes: float, seed: int, episodes: int, counts: Counter[str]) -> str:
    names = ("exceptions", "Qt messages", "not as the document says", "standstills")
    said = [f"{counts[name]} {name}" for name in (*names, "crashes", "unreadable saves")]
    return (
        f"seed {seed}, {minutes:g} minutes, {episodes} processes: {counts['actions']:,} actions, "
        + ", ".join(said)
    )


def in_own_folder(
    seed: int, actions: int, script: list[dict[str, Any]] | None, keep: Path | None = None
) -> Outcome:
    """Walk, or do what a script says, with settings and files of its own; `keep` keeps the log."""
    with tempfile.TemporaryDirectory(prefix="walk-", ignore_cleanup_errors=True) as folder:
        outcome = run(Path(folder), seed, actions, script)
        if keep is not None and outcome.broke:
            copytree(folder, keep / f"seed{seed}", dirs_exist_ok=True)
    return outcome


def shrunk(signature: str, found: Found) -> list[dict[str, Any]]:
    """The shortest script found in the time there is after which the same breaks again."""
    end = time.monotonic() + SHRINKING

    def breaks(script: list[dict[str, Any]]) -> bool:
        outcome = in_own_folder(found.seed, len(script), script)
        return signature in outcome.broke

    script = found.script
    for tail in TAILS:
        if tail < len(script) and time.monotonic() < end and breaks(script[-tail:]):
            script = script[-tail:]
            break
    size = max(len(script) // 2, 1)
    while time.monotonic() < end:
        at = 0
        while at < len(script) and time.monotonic() < end:
            shorter = script[:at] + script[at + size :]
            if shorter and breaks(shorter):
                script = shorter
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return script


def replay(path: Path) -> int:
    """Do what a script says and print what breaks; how much did."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    script = [line for line in lines if "do" in line]
    outcome = in_own_folder(1, len(script), script)
    for signature, (count, details) in outcome.broke.items():
        print(f"=== after {count} actions: {signature}\n{details.strip()}")
    print(f"{len(outcome.script)} of {len(script)} actions, {len(outcome.broke)} things broke")
    return len(outcome.broke)
