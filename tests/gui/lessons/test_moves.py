"""A moved point that changed its answer counts; one that was moved by training does not."""

import numpy as np

from core import Project, Session, edits
from core.data.own import drawn
from core.data.painting import copied
from core.data.sheet import Sheet
from core.look.plane import plane_of
from gui.lessons.moves import Moves


def test_only_points_moved_across_the_border_are_flipped():
    project = edits.choose_source(Project(), "moons")
    session = Session(project)
    plane = plane_of(session.split)
    data = project.data
    sheet = Sheet(x1=plane.x1, x2=plane.x2)
    own = drawn(data.source, data.examples, data.noise, data.seed, data.options, data.balance)
    painting = copied(own, sheet)

    def answered(painting, flat):
        own = painting.own()
        moved = Session(edits.choose_own(project, own), weights=flat, own=own)
        return moved.p.flat.copy(), moved.split, moved.answers()

    flat = np.arange(1.0, session.p.flat.size + 1)
    moves = Moves()
    moves.take(*answered(painting, flat))
    assert moves.flipped == frozenset()
    _, _, before = answered(painting, flat)
    said = before.train.A[0] > 0.5
    there = np.flatnonzero(said)[0], np.flatnonzero(~said)[0]
    target = painting.table()[:2, there[1]].tolist()
    across = painting.moved(int(there[0]), target)
    moves.take(*answered(across, flat))
    assert moves.flipped == {there[0] + 1}
    moves.take(*answered(painting, flat))  # back where it was
    assert moves.flipped == frozenset()
    moves.take(*answered(across, flat + 1))  # trained since: nothing was moved from there
    assert moves.flipped == frozenset()
