"""The sweep command: its report, its refusals, its progress messages."""

import csv
import io
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from core import terminal
from core.files.project import write_project
from core.project import OwnSettings
from core.sweep import command, workers
from core.sweep.sweep import Sweep
from tests.core.sweep.executors import AtOnce
from tests.core.training.projects import project


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_project("p.json", project((4, "tanh"), (1, "sigmoid"), iterations=50))
    return tmp_path


@pytest.fixture
def here(monkeypatch):
    """Runs are made in this process, at once."""
    executor = AtOnce()
    monkeypatch.setattr(workers.Workers, "submit", executor.submit)
    return executor


def sweep(*arguments):
    return command.main(["sweep", *arguments])


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_without_a_report_the_table_goes_to_standard_output(here, capsys):
    assert sweep("p.json", "--vary", "units=1,2", "--vary", "l2=0,0.1", "--seeds", "2") == 0
    out, err = capsys.readouterr()
    found = rows(out)
    assert [(row["units"], row["l2"], row["runs"]) for row in found] == [
        ("1", "0", "2"), ("1", "0.1", "2"), ("2", "0", "2"), ("2", "0.1", "2"),
    ]  # fmt: skip
    assert err.startswith("[##############################] 8/8 runs")
    assert here.calls == 8
    assert [path.name for path in Path().iterdir()] == ["p.json"]


def test_the_same_command_trains_nothing_and_a_wider_one_the_missing_runs(here):
    assert sweep("p.json", "--vary", "units=1,2", "--report", "r.csv") == 0
    before = Path("r.csv").read_bytes()
    assert here.calls == 2
    assert sweep("p.json", "--vary", "units=1,2", "--report", "r.csv") == 0
    assert Path("r.csv").read_bytes() == before
    assert here.calls == 2
    assert sweep("p.json", "--vary", "units=1,2,3", "--report", "r.csv") == 0
    assert here.calls == 3
    assert len(rows(Path("r.csv").read_text())) == 3


def test_a_run_without_a_result_is_reported_and_tried_again_the_next_time(monkeypatch, capsys):
    def fail(*_):
        raise OSError("no route to host")

    monkeypatch.setattr(workers.Workers, "submit", AtOnce(fail).submit)
    assert sweep("p.json", "--vary", "units=1,2", "--report", "r.csv") == 3
    found = rows(Path("r.csv").read_text())
    assert [(row["runs"], row["failed"]) for row in found] == [("0", "1"), ("0", "1")]
    assert found[0]["why"] == "It failed 2 times: OSError: no route to host."
    err = capsys.readouterr().err
    assert "units 1: It failed 2 times" in err
    assert "2 without a result" in err
    monkeypatch.setattr(workers.Workers, "submit", AtOnce().submit)
    assert sweep("p.json", "--vary", "units=1,2", "--report", "r.csv") == 0
    assert [row["runs"] for row in rows(Path("r.csv").read_text())] == ["1", "1"]


def test_a_diverged_run_is_a_result(here, capsys):
    name = "d.json"
    write_project(name, project((4, "relu"), (1, "sigmoid"), iterations=500))
    assert sweep(name, "--vary", "learning_rate=0.1,1e6") == 0
    out, err = capsys.readouterr()
    assert [row["stopped"] for row in rows(out)] == ["0", "1"]
    assert "Training stopped at iteration" in rows(out)[1]["why"]
    assert "1 stopped early" in err


def refused(capsys, *arguments):
    """The one line with which these arguments are refused; the report stays untouched."""
    Path("r.csv").write_bytes(b"old")
    assert sweep(*arguments, "--report", "r.csv") == 2
    assert Path("r.csv").read_bytes() == b"old"
    assert not Path("r.csv.lock").exists()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.rstrip("\n")


def test_every_wrong_argument_is_one_line(capsys):
    varied = ("p.json", "--vary", "units=1,2")
    assert "PROJECT" in refused(capsys)
    assert "--vary" in refused(capsys, "p.json")
    assert refused(capsys, "p.json", "--vary", "unit=1").startswith(
        "'unit' cannot be varied: use source"
    )
    assert "'units' varies nothing" in refused(capsys, "p.json", "--vary", "units")
    assert "units names 1 twice" in refused(capsys, "p.json", "--vary", "units=1,1")
    assert "units=x cannot be used: it takes a whole number." in refused(
        capsys, "p.json", "--vary", "units=x"
    )
    assert "units 0 cannot be trained" in refused(capsys, "p.json", "--vary", "units=0")
    assert "'-1' is not a whole number" in refused(capsys, *varied, "--seeds=-1")
    assert "at least one seed, not 0" in refused(capsys, *varied, "--seeds", "0")
    assert "use 1 to 256" in refused(capsys, *varied, "--workers", "0")
    assert "no bundled example" in refused(capsys, "flowr", "--vary", "units=1")
    assert "p.csv cannot be read" in refused(capsys, "p.csv", "--vary", "units=1")
    assert "units is varied twice" in refused(capsys, *varied, "--vary", "units=3")


def test_a_project_of_own_data_needs_them(capsys):
    own = OwnSettings(digest="0" * 32, examples=60, inputs=3, outputs=1, kind="binary")
    write_project("o.json", project((1, "sigmoid"), data={"source": "own", "own": own}))
    line = refused(capsys, "o.json", "--vary", "learning_rate=1,2")
    assert line.startswith("o.json cannot be swept: it learns data of your own")


def test_reports_that_cannot_be_written_are_known_before(capsys, here):
    Path("folder").mkdir()
    for path, reason in [("folder", "it is a folder"), ("no/where", "no such file or folder")]:
        assert sweep("p.json", "--vary", "units=1", "--report", path) == 2
        assert reason in capsys.readouterr().err
    Path("r.csv.runs.jsonl").write_text("a,b\n")
    assert "line 1 is no run of a sweep" in refused(capsys, "p.json", "--vary", "units=1")
    assert here.calls == 0


def test_a_cluster_that_is_not_there_is_one_line(capsys, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense", "http://x y", "tcp://a:b", "tcp://", ""):
        line = refused(capsys, "p.json", "--vary", "units=1", "--cluster", address)
        assert line.startswith(f"{address} cannot be reached (")


def test_without_dask_it_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet():  # as a scheduler does for every client
            with server.accept()[0] as asking:
                asking.sendall(b"\0")

        host = threading.Thread(target=greet)
        host.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        line = refused(capsys, "p.json", "--vary", "units=1", "--cluster", address)
        host.join()
    assert line == (
        'A cluster needs Dask, which is not installed: python -m pip install -e ".[cluster]"'
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_reports_the_results_so_far(here, monkeypatch, number):
    before = signal.getsignal(number)
    outcomes = Sweep.outcomes

    def interrupted(self, place):
        for outcome in outcomes(self, place):
            yield outcome
            os.kill(os.getpid(), number)

    monkeypatch.setattr(Sweep, "outcomes", interrupted)
    status = sweep("p.json", "--vary", "units=1,2,3,4", "--workers", "1", "--report", "r.csv")
    assert status == 128 + number
    assert len(rows(Path("r.csv").read_text())) == 1
    assert signal.getsignal(number) is before


def test_lost_workers_leave_a_report_of_the_results_so_far(monkeypatch, capsys):
    class Gone(AtOnce):
        def submit(self, fn, /, *args, **kwargs):
            if self.calls == 2:
                raise RuntimeError("closed")
            return super().submit(fn, *args, **kwargs)

    monkeypatch.setattr(workers.Workers, "submit", Gone().submit)
    arguments = ("p.json", "--vary", "units=1,2,3", "--workers", "1", "--report", "r.csv")
    assert sweep(*arguments) == 3
    assert "2/3 runs The workers are gone: RuntimeError: closed." in capsys.readouterr().err
    assert len(rows(Path("r.csv").read_text())) == 2


def test_progress_is_drawn_in_place_on_a_terminal(here, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(terminal, "ON_A_TERMINAL", 0.0)
    assert sweep("p.json", "--vary", "units=1,2") == 0
    err = capsys.readouterr().err
    assert err.count("\r") == 3
    assert err.count("\n") == 1
    assert "1/2 runs units 1: cost 0." in err


def test_help_is_for_people(capsys):
    with pytest.raises(SystemExit) as left:
        sweep("--help")
    assert left.value.code == 0
    assert "learning_rate" in capsys.readouterr().out
