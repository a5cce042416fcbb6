"""The labs that look at the open network take any: of classes, of numbers, of one input or many."""

import pytest

from core import Project, edits
from core.labs.shapes import outcome
from core.training.data_source import split_of
from gui.labs.picture.panel import PictureLab
from gui.labs.race import RaceLab
from gui.labs.shapes import ShapesLab
from gui.labs.starts.panel import DEEP, StartsLab
from tests.cases import spread
from tests.gui.labs.conftest import type_into
from tests.gui.panels.snapshots import snapshot

FEW = edits.with_data(Project(), examples=40)
PROJECTS = {
    "a single neuron": edits.remove_layer(FEW, 1),
    "classes": edits.choose_source(FEW, "blobs"),
    "numbers": edits.choose_source(FEW, "bumps"),
    "one input": edits.switch_feature(FEW, "x2"),
    "digits": edits.with_data(edits.choose_source(FEW, "digits"), examples=60, test_share=0.2),
    "deep": edits.insert_layer(edits.insert_layer(FEW, 2), 3),
    "dropout": edits.set_dropout(FEW, 1, 0.5),
    "muted": edits.mute_unit(FEW, 1, 2),
    "step": edits.set_activation(FEW, 1, "step"),
    "ReLU": edits.set_activation(FEW, 1, "relu"),
    "single precision": edits.with_training(FEW, dtype="float32"),
    "mini-batches": edits.with_training(FEW, batch_size=7),
    "penalties": edits.with_training(FEW, l2=0.1, l1=0.1),
    "Adam": edits.with_training(FEW, optimizer="adam", clip_norm=1.0),
}


@pytest.mark.parametrize("project", spread(PROJECTS.values(), 5), ids=PROJECTS)
def test_any_network_is_looked_at(shown, qtbot, project):
    shapes = shown(ShapesLab, project)
    sizes = project.sizes()
    for l in range(1, len(sizes)):
        shapes.take_equation("Z", l)
        assert outcome(shapes.state).shape == (sizes[l], project.data.m)
        shapes.take_equation("dW", l)
        assert outcome(shapes.state).shape == (sizes[l], sizes[l - 1])
    race = shown(RaceLab, project)
    race.task.chosen.emit("forward")
    qtbot.waitUntil(lambda: "about" in race.guess.text())
    type_into(race.size_, "500")
    race.bar.start.click()
    qtbot.waitUntil(lambda: race.facts()["done"])
    assert race.facts()["agrees"]


@pytest.mark.parametrize("name", spread(["classes", "numbers", "digits", "dropout", "step"], 2))
def test_any_network_is_begun_in_seven_ways(shown, qtbot, name):
    project = PROJECTS[name]
    lab = shown(StartsLab, project)
    seen = snapshot(project, split_of(project))
    lab.training.latest = seen
    lab.show_snapshot(seen)
    for network in ("open", *DEEP):
        lab.network.set_value(network)
        lab.network.chosen.emit(network)
        qtbot.waitUntil(lambda: len(lab.begun) == 7)
        assert lab.said.text()
        assert not lab.grab().isNull()


def test_the_pictures_follow_the_open_project(shown):
    digits = PROJECTS["digits"]
    lab = shown(PictureLab, digits)
    lab.training.latest = snapshot(digits, split_of(digits))
    lab.album.chosen.emit("open")
    lab.one.number.edited.emit(3)
    faster = edits.with_training(digits, learning_rate=0.3)
    lab.document.edit("Faster", faster)
    lab.show_snapshot(snapshot(faster, split_of(faster)))
    assert lab.state.project == faster
    assert lab.one.number.value == 3
    lab.document.edit("Flower", FEW)
    lab.show_snapshot(snapshot(FEW, split_of(FEW)))
    assert lab.album.value == "digits"
    assert lab.one.number.value == 1
