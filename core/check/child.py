"""The process that runs homework: sets limits, checks, and prints a JSON line per event."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_REFUSED = (
    "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.kill",
    "os.killpg", "subprocess.Popen", "pty.spawn", "socket.connect", "socket.bind",
    "socket.getaddrinfo", "ctypes.dlopen", "webbrowser.open", "os.startfile",
)  # fmt: skip
_CHANGES_FILES = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.utime", "shutil.rmtree", "shutil.move", "shutil.copyfile",
    "shutil.copytree", "os.chdir",
)  # fmt: skip


def _limit(memory: int, seconds: int) -> None:
    """Limit memory and processor time, if the system can."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    for kind, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds),
                        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 2**26)):  # fmt: skip
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, hard))


def _guard(folder: str) -> None:
    """Refuse new processes, the network, and changes of files outside the empty folder."""
    inside = os.path.realpath(folder) + os.sep

    def outside(path: Any) -> bool:
        if isinstance(path, int):
            return False
        return not (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(inside)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _REFUSED:
            raise PermissionError(f"{event} is not available while homework is checked")
        if event == "open":
            path, mode, flags = arguments
            writes = any(c in str(mode or "") for c in "wax+") or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            if writes and path is not None and outside(path):
                raise PermissionError("only the check's own folder can be written")
        elif event in _CHANGES_FILES and any(
            isinstance(a, str | bytes | os.PathLike) and outside(a) for a in arguments
        ):
            raise PermissionError("only the check's own folder can be changed")

    sys.addaudithook(hook)


def main() -> None:
    """Read the request (JSON) from standard input, check, and write events to standard output."""
    request = json.loads(sys.stdin.buffer.readline())
    sys.path[:] = [p for p in sys.path if p not in ("", request["folder"])]
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):  # the output and input of the student's code are not ours
        os.dup2(null, handle)

    def say(**event: Any) -> None:
        print(json.dumps(event), file=out, flush=True)

    from core.errors import LayerwiseError

    try:
        say(report=_checked(request, lambda *step: say(step=step)))
    except LayerwiseError as error:
        say(refused=str(error))
    except BaseException as error:  # noqa: BLE001 - any exception of homework is reported
        say(broken=f"{type(error).__name__}: {error}")
    os._exit(0)  # the student's threads or hooks do not keep the process alive


def _checked(request: dict[str, Any], on_step: Any) -> dict[str, Any]:
    import numpy as np

    from core.check import stand_ins
    from core.check.examine import examine
    from core.check.session import Student
    from core.check.source import parse

    with Path(request["data"]).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        X, Y = arrays["X"], arrays["Y"]
    homework = parse(request["name"], Path(request["file"]).read_bytes())
    folder = Path(request["folder"])
    stand_in = stand_ins.install(X, Y, lambda top: (folder / f"{top}.py").exists())
    sys.path.insert(0, str(folder))
    _limit(request["memory"], request["seconds"])
    _guard(request["folder"])
    student = Student(homework, request["mapped"], request["answers"])
    student.run()
    network = {"X": X, "Y": Y, **request["network"]}
    report = examine(student, network, lambda s: on_step(s.stage, s.name, s.state))
    if stand_in.used:
        names = ", ".join(sorted(set(stand_in.used)))
        report.notes.append(f"Stand-ins were used for {names}.")
    return report.as_json()


if __name__ == "__main__":
    main()
