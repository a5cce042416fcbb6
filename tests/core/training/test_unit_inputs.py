"""What goes into a unit for an example, against the recorded iteration."""

import numpy as np
import pytest

from core import edits
from core.look.unit_inputs import UnitInputs
from core.project import Project
from core.training.session import Session
from tests.looking import answer

PROJECTS = {
    "flower": lambda p: p,
    "deeper": lambda p: edits.insert_layer(p, 1, edits.NEW_LAYER),
    "features": lambda p: edits.switch_feature(p, "x1x2"),
    "a muted unit": lambda p: edits.mute_unit(p, 1, 2, True),
    "normalized": lambda p: edits.with_data(p, normalize=True),
    "single": lambda p: edits.with_training(p, dtype="float32"),
    "classes": lambda p: edits.choose_source(p, "blobs"),
    "pictures": lambda p: edits.choose_source(p, "digits"),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_weights_times_inputs_and_bias_are_the_z_of_the_record(name):
    session = Session(PROJECTS[name](Project()))
    record, sizes = session.record(), session.network.sizes
    for l in range(1, len(sizes)):
        for unit, k in ((0, 0), (sizes[l] - 1, 7)):
            ask = UnitInputs(l, unit, k)
            assert ask.fits(tuple(sizes))
            found = answer(session, ask)
            assert found.w.shape == found.a.shape == (sizes[l - 1],)
            z = (
                sum(w * a for w, a in zip(found.w.tolist(), found.a.tolist(), strict=True))
                + found.b
            )
            column = int(np.argmax(record.examples == k))
            assert z == pytest.approx(record.array("Z", l)[unit, column], rel=1e-5, abs=1e-7)


def test_what_there_is_not_is_not_measured():
    session = Session(Project())
    sizes = tuple(session.network.sizes)
    assert not UnitInputs(0, 0, 0).fits(sizes)
    assert not UnitInputs(1, 4, 0).fits(sizes)
    assert not UnitInputs(3, 0, 0).fits(sizes)
    assert answer(session, UnitInputs(1, 0, 400)) is None
