"""Every homework file passes unchanged; with one slip, the check finds its line and its name."""

import pytest

from core.check import stand_ins
from tests.cases import spread
from tests.core.check import table
from tests.core.check.slips_made import SLIPS
from tests.core.check.slips_of_styles import MISSING_LINES, SLIPS_OF_STYLES
from tests.core.check.styles import NAMES, text_of
from tests.core.check.table import changed_lines, check, found_line


@pytest.fixture(scope="module")
def network():
    return table.network()


@pytest.fixture(autouse=True)
def _stand_ins(network, monkeypatch):
    import sys

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    modules = dict(sys.modules)
    stand_ins.install(network["X"], network["Y"], lambda top: False)
    yield
    for name in set(sys.modules) - set(modules):
        if isinstance(sys.modules[name], stand_ins.StandIn):
            del sys.modules[name]


@pytest.mark.parametrize("name", NAMES)
def test_right_homework_passes(name, network):
    report = check(name, text_of(name), network)
    assert report.finding is None, report.finding
    assert sum(step.state == "right" for step in report.steps) >= 6


@pytest.mark.parametrize(
    ("name", "old", "new", "quantity", "slip", "line"), spread([*SLIPS, *MISSING_LINES], 24)
)
def test_one_slip_is_found_at_its_line_and_named(name, old, new, quantity, slip, line, network):
    text = text_of(name)
    assert old in text
    report = check(name, text.replace(old, new, 1), network)
    found = report.finding
    assert found is not None
    assert (found.name, found.slip, found_line(report)) == (quantity, slip, line)
    assert found.said[0].isupper() or found.said[0].islower()
    assert found.said.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new", "quantity", "slip"), SLIPS_OF_STYLES)
def test_a_slip_in_any_style_is_found_at_its_line_and_named(
    name, old, new, quantity, slip, network
):
    text = text_of(name)
    assert old in text
    slipped = text.replace(old, new, 1)
    report = check(name, slipped, network)
    assert report.finding is not None
    assert (report.finding.name, report.finding.slip) == (quantity, slip)
    assert found_line(report) in changed_lines(text, slipped)


def test_there_are_25_files_and_each_has_a_slip():
    assert len(NAMES) >= 25
    assert set(NAMES) == {row[0] for row in (*SLIPS, *SLIPS_OF_STYLES)}
