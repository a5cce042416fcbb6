"""The form: what it plans, what it refuses while it is typed, the presets."""

import pytest

from core import edits
from core.project import Project
from core.sweep.plan import SweepAxis, runs_of
from core.sweep.presets import PRESETS
from gui.model.document import Document
from gui.sweep.form import Form
from tests.gui.hands import choose, collected, look, put, window  # noqa: F401  (fixtures)


@pytest.fixture
def document(qapp):
    return Document(Project())


@pytest.fixture
def form(window, document):  # noqa: F811
    return put(window, Form(document))


def test_at_first_learning_rates_of_the_project_in_the_window(form):
    plan = form.plan()
    assert plan.project == Project()
    assert [axis.key for axis in plan.axes] == ["learning_rate"]
    assert form.summary.text() == "18 runs"
    assert form.start.isEnabled()
    assert "flower-2-4-1" in form.base.text()
    assert not form.use_window.isVisible()


def test_the_project_is_that_of_the_window_when_it_is_started(form, document):
    document.edit("Units", edits.set_units(document.project, 1, 7))
    assert form.plan().project == document.project
    assert "flower-2-7-1" in form.base.text()


def test_a_second_key_makes_every_combination(form):
    choose(form.second.key, "units")
    assert form.second.values.isVisible()
    form.second.values.setText("1, 2")
    assert form.plan().axes[1] == SweepAxis("units", (1, 2))
    assert form.summary.text() == "36 runs"
    form.cluster.setText("tcp://there:8786")
    assert form.summary.text() == "36 runs on tcp://there:8786"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("", "learning_rate needs values"),
        ("0.1, fast", "learning_rate=fast cannot be used: it takes a number."),
        ("0.1, -1", "learning_rate=-1 cannot be used: training.learning_rate is -1"),
        ("1, 1", "learning_rate names 1 twice"),
        (",".join(map(str, range(1, 4000))), "That would be 11,997 runs"),
    ],
)
def test_an_impossible_value_gets_a_message_while_typing(form, values, sentence):
    form.first.values.setText(values)
    assert form.summary.text().startswith(sentence)
    assert not form.start.isEnabled()
    form.first.values.setText("0.1")
    assert form.start.isEnabled()


def test_one_key_cannot_be_varied_twice(form):
    form.second.show_axis(SweepAxis("learning_rate", (1, 2)))
    assert form.summary.text().startswith("learning_rate is varied twice")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_shown_as_it_is(form, name):
    chosen = collected(form.preset_chosen)
    form.choose_preset(name)
    assert chosen == [name]
    expected = PRESETS[name].plan(Project())
    assert form.plan() == expected
    assert len(runs_of(form.plan())) == int(form.summary.text().partition(" ")[0])
    assert form.says.text() == PRESETS[name].says
    assert form.use_window.isVisible() == (expected.project != Project())


def test_a_preset_s_values_can_be_used_on_the_project_in_the_window(form):
    form.choose_preset("scales")
    form.use_window.click()
    assert form.plan().project == Project()
    assert form.plan().axes[0].key == "scale"
    assert not form.says.isVisible()


def test_while_a_sweep_is_under_way_none_is_begun(form):
    form.set_busy(True)
    assert not form.start.isEnabled()
    assert not form.first.values.isEnabled()
    form.set_busy(False)
    assert form.start.isEnabled()
