"""On drawn networks the numbers of a step touch no other words, no unit, and each other neither."""

import itertools
import random
import re

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from core.data.own import own_data
from core.edits import choose_own
from core.project import LayerSettings, NetworkSettings, Project
from core.training.session import Session
from core.walk.entry import Entry
from core.walk.steps import steps_of
from gui.canvas.emphasis import emphasis_of
from gui.canvas.scene import NetworkScene
from gui.plots.export import uncached
from gui.style.theme import theme
from tests.cases import spread
from tests.gui.hands import drawing_of, inked_words
from tests.looking import seen

NAMES = (
    "concave points of the worst cell", "x", "smoothness_error", "Fläche (mm²)", "length (cm)",
    "WWWWWWWWWWWWWWWWWWWW", "age", "number of months since the last visit to a doctor",
)  # fmt: skip
NUMBER = re.compile(r"(\S+ )?([+-]\d[\d.]*(e[+-]\d+)?|0)")
SCREENS = ((1280, 720), (1440, 900), (1600, 1000))


@pytest.fixture(autouse=True)
def usual_text(qapp):
    yield
    theme().set_text_size(1.0)


def drawn_network(chance):
    """A session of 1–8 inputs with long names and 1–5 layers of 1–64 units."""
    n_x, L = chance.randint(1, 8), chance.randint(1, 5)
    units = [chance.choice([1, 2, 3, 4, 5, 8, 13, 64]) for _ in range(L - 1)]
    rng = np.random.RandomState(chance.randrange(1000))
    own = own_data(
        rng.randn(n_x, 12), rng.randint(0, 2, (1, 12)), "made.csv",
        inputs=chance.sample(NAMES, n_x), classes=("no", "yes"),
    )  # fmt: skip
    hidden = tuple(
        LayerSettings(units=n, activation=chance.choice(("tanh", "relu"))) for n in units
    )
    layers = (*hidden, LayerSettings(units=1, activation="sigmoid"))
    project = Project(network=NetworkSettings(layers=layers, initializer="he"))
    session = Session(choose_own(project, own), own=own)
    session.step()
    return session


def scene_of(session, chance):
    """Its picture in a window of some size and text size."""
    scene = NetworkScene(session.project)
    width, height = chance.choice(SCREENS)
    theme().set_text_size(chance.choice((1.0, 1.25, 1.5, 2.0)))
    scene.fit(width * chance.uniform(0.3, 0.6), height * chance.uniform(0.4, 0.8))
    scene.show_snapshot(seen(session))
    return scene


def some_steps(record, chance):
    """Steps of the walk, some with an opened number."""
    steps = steps_of(record)
    for step in chance.sample(steps, 3):
        yield step, ()
        l = chance.randint(1, record.L)
        row, column = (chance.randrange(n) for n in record.array("W", l).shape)
        yield step, (Entry(chance.choice(("W", "dW")), l, row, column),)
        yield step, (Entry(chance.choice(("Z", "dZ")), l, row, 0),)


def words_of(scene):
    """All drawn words, and where they are in the scene."""
    layout = scene.picture.layout
    whole = QRectF(0, 0, layout.width, layout.height)
    with uncached(scene):
        drawing = drawing_of(lambda painter: scene.render(painter, whole, whole))
    return inked_words(drawing)


def faults(scene):
    """The numbers of the step that touch other words, or a unit, and those that are cut."""
    words, found = words_of(scene), []
    numbers = [place for word, place in words if NUMBER.fullmatch(word)]
    units = [QRectF(*box) for column in scene.picture.layout.columns for box in column.boxes]
    for (one, place), (other, at) in itertools.combinations(words, 2):
        if (place in numbers or at in numbers) and place.adjusted(-1, -1, 1, 1).intersects(at):
            found.append(f"{one} touches {other}")
    for word, place in words:
        if place in numbers and any(place.intersects(unit) for unit in units):
            found.append(f"{word} is over a unit")
    return found


@pytest.mark.parametrize("seed", spread(range(40), 8))
def test_no_number_of_a_step_touches_a_word_or_a_unit(seed):
    chance = random.Random(seed)
    session = drawn_network(chance)
    scene = scene_of(session, chance)
    record = session.record()
    for step, trail in some_steps(record, chance):
        scene.show_emphasis(emphasis_of(record, step, trail, 3))
        layout = scene.picture.layout
        where = (
            f"{step.chip} {trail} {scene.picture.sizes} {layout.width:.0f} × {layout.height:.0f}"
        )
        assert not faults(scene), where


def test_where_there_is_room_every_number_of_a_step_is_written():
    session = Session(Project())
    session.step()
    scene = NetworkScene(session.project)
    scene.show_snapshot(seen(session))
    record = session.record()
    for chip, numbers in (("Z[1]", 8 + 4 + 2), ("dW[2]", 4 + 1 + 4)):
        step = next(step for step in steps_of(record) if step.chip == chip)
        scene.show_emphasis(emphasis_of(record, step, (), 3))
        words = [word for word, _ in words_of(scene)]
        assert len([word for word in words if NUMBER.fullmatch(word)]) == numbers
