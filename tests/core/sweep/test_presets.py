"""Every preset is a valid plan with a description."""

import pytest

from core.project import Project
from core.sweep.plan import runs_of
from core.sweep.presets import PRESETS
from core.sweep.summary import METRICS


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_swept(name):
    preset = PRESETS[name]
    plan = preset.plan(Project())
    assert 1 <= len(plan.axes) <= 2
    assert len(runs_of(plan)) <= 100
    assert preset.metric in METRICS
    assert preset.metric.startswith("train") or plan.project.data.test_share > 0
