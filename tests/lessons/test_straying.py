"""What counts as straying: settings that no allowed part of the window changes."""

from core import edits
from core.project import Project
from gui.lessons.straying import strayed


def test_layers_behind_an_added_one_have_not_strayed():
    base = Project()
    now = edits.insert_layer(base, 1)
    assert not strayed(base, now, ["canvas.add[2]", "stepper"], "")
    assert not strayed(base, now, ["canvas.palette"], "")
    assert strayed(base, now, ["stepper"], "")


def test_a_setting_that_the_step_does_not_change_is_named():
    base = Project()
    now = edits.with_training(base, learning_rate=0.5)
    assert strayed(base, now, ["canvas"], "") == (
        "Learning rate α was 1.2 and is 0.5. This step needs it as it was."
    )
    assert not strayed(base, now, ["runbar.learning_rate"], "")
    assert not strayed(base, now, [], "project.training.learning_rate == 0.5")
