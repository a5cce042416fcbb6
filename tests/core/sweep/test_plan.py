"""The runs of a plan, and the plans that are refused before any training."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LayerwiseError
from core.project import MAX_SEED, OwnSettings, Project, decode, encode
from core.sweep.plan import Plan, SweepAxis, axis, digest_of, runs_of
from tests.core.training.projects import project


def plan(*texts, seeds=1, base=None):
    return Plan(base or Project(), tuple(map(axis, texts)), seeds)


def refusal(*texts, **more):
    with pytest.raises(LayerwiseError) as caught:
        runs_of(plan(*texts, **more))
    return str(caught.value)


def test_an_axis_is_a_key_and_its_values():
    assert axis("units=1, 2,4") == SweepAxis("units", (1, 2, 4))
    assert axis("learning_rate=0,1; 1,5") == SweepAxis("learning_rate", (0.1, 1.5))
    assert axis("batch_size=none,32") == SweepAxis("batch_size", (None, 32))
    assert axis("network.layers[0].activation=tanh,relu").values == ("tanh", "relu")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("units", "'units' varies nothing: write KEY=value,value,…"),
        ("units=", "units needs values, separated by commas"),
        ("units=1,,2", "units needs values, separated by commas"),
        ("units=1,2,1.0", "units names 1.0 twice: leave one out."),
        ("unit=1", "'unit' cannot be varied: use "),
        (
            "learning_rate=0,1, 1,5",
            "learning_rate=0,1, 1,5 can be read in two ways: write 0.1, 1.5",
        ),
    ],
)
def test_an_axis_that_is_none_is_refused(text, sentence):
    with pytest.raises(LayerwiseError, match="^" + sentence.replace("(", r"\(")):
        axis(text)


def test_every_combination_with_every_seed():
    runs = runs_of(plan("learning_rate=0.1,1", "units=2,3,4", seeds=2))
    assert len(runs) == 12
    assert len({run.digest for run in runs}) == 12
    assert [run.settings for run in runs[:4]] == [(0.1, 2), (0.1, 2), (0.1, 3), (0.1, 3)]
    first, second = runs[:2]
    assert (first.project.network.seed, first.project.data.seed) == (3, 1)
    assert (second.project.network.seed, second.project.data.seed) == (4, 2)
    assert first.project.training.learning_rate == 0.1
    assert first.project.network.layers[0].units == 2


def test_the_first_seed_of_the_project_s_own_values_is_the_project():
    runs = runs_of(plan("learning_rate=0.1,1.2", seeds=3))
    assert runs[3].project == Project()


@given(st.integers(0, MAX_SEED), st.integers(1, 50))
def test_seeds_stay_within_their_limits(seed, seeds):
    base = Project()
    base = decode(encode(base).replace(b'"seed": 3', b'"seed": %d' % seed))
    runs = runs_of(plan("units=1", seeds=seeds, base=base))
    assert len({run.digest for run in runs}) == seeds


def test_a_digest_depends_only_on_training():
    assert digest_of(Project()) == digest_of(decode(encode(Project())))
    assert digest_of(Project()) != digest_of(project((5, "tanh"), (1, "sigmoid")))


def test_keys_that_bring_others_along_are_set_first():
    runs = runs_of(plan("units=7", "layers=3", "source=moons", "network.layers[0].units=2"))
    assert [layer.units for layer in runs[0].project.network.layers] == [2, 7, 7, 1]
    noisy = runs_of(plan("noise=0.05", "source=moons"))
    assert noisy[0].project.data.noise == 0.05


def test_runs_that_are_the_same_have_one_digest():
    runs = runs_of(plan("layers=0,1", "units=2,3"))
    assert [len({run.digest for run in part}) for part in (runs[:2], runs[2:])] == [1, 2]


def test_untrainable_values_are_refused_in_advance():
    assert refusal("units=4,0").startswith(
        "units 0 cannot be trained: network.layers[0].units is 0: use"
    )
    assert "training.learning_rate is -1" in refusal("learning_rate=1,-1")
    assert "Layer 1 uses step" in refusal("activation=tanh,step")
    assert "activation is 'tank'" in refusal("activation=tank")
    assert refusal("units=1", "units=2") == "units is varied twice: name all its values at once."
    assert refusal("seed=1,2", seeds=2).startswith("seed is varied, and so are the seeds")
    assert refusal("units=1", seeds=0) == "A sweep needs at least one seed, not 0."
    assert refusal().startswith("Nothing is varied")
    many = ",".join(map(str, range(1, 102)))
    assert refusal(f"units={many}", f"learning_rate={many}") == (
        "That would be 10,201 runs, and the limit is 10,000: vary fewer values."
    )


def test_a_key_that_changes_nothing_is_refused():
    flat = project((1, "sigmoid"))
    assert refusal("units=1,2", base=flat) == "units changes nothing here: vary something else."
    assert len(runs_of(plan("units=1", base=flat))) == 1


def test_own_data_are_as_many_as_they_are():
    own = OwnSettings(digest="0" * 32, examples=60, inputs=2, outputs=1, kind="binary")
    base = project((1, "sigmoid"), data={"source": "own", "own": own})
    assert "data of your own" in refusal("examples=10,20", base=base)
    assert len(runs_of(plan("learning_rate=1,2", base=base))) == 2
    assert runs_of(plan("source=moons", base=base))[0].project.data.own is None
