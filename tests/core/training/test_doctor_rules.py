"""Each rule of the doctor on its fault, in degenerate projects, and about units."""

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.edits import with_data, with_network, with_training
from core.project import Project
from core.training import doctor
from core.training.doctor import RULES, examine
from core.training.session import Session
from core.training.signs import signs_of
from tests.core.training.patients import FIRES, built, fault, names, only, signs


@pytest.fixture
def seen():
    return fault


@pytest.mark.parametrize("name", FIRES)
def test_every_rule_fires_on_its_fault_with_sentences(seen, name):
    found = [finding for finding in examine(seen(name)) if finding.name == name]
    assert found
    for finding in found:
        for words in (finding.what, finding.advice):
            assert words.endswith(".")
            assert not words[0].islower()
            assert "nan" not in words


def test_there_is_no_rule_that_no_project_here_fires(seen):
    fired = [rule for rule in RULES if any(True for name in FIRES for _ in rule(seen(name)))]
    assert fired == list(RULES)


def test_the_default_project_has_no_findings_while_it_learns():
    session = Session(with_data(Project(), test_share=0.2))
    for stop in (0, 1, 30, 200, 400, 1000, 3000, 10000):
        while session.iteration < stop:
            session.step()
        assert names(signs_of(session, session)) == []


# --- projects in which there is nothing to compare ---

CONSTANT = np.full((2, 40), 0.1)
VARIED = np.random.RandomState(0).randn(2, 40)
HALF_CONSTANT = np.vstack([CONSTANT[:1], VARIED[:1]])
HALVES = (np.arange(40) < 20).astype(int)
DEGENERATE = {
    "constant inputs": (CONSTANT, HALVES, ((4, "tanh"), (1, "sigmoid"))),
    "one constant input": (HALF_CONSTANT, HALVES, ((4, "tanh"), (1, "sigmoid"))),
    "constant labels": (VARIED, np.full(40, 6.979880106324746), ((4, "tanh"), (1, "linear"))),
    "constant labels, one layer": (VARIED, np.full(40, 0.3), ((1, "linear"),)),
    "labels of zeros": (VARIED, np.zeros(40) + 0.0, ((4, "relu"), (1, "linear"))),
    "one example": (VARIED[:, :1], np.array([2.5]), ((4, "tanh"), (1, "linear"))),
    "a plane without noise": (VARIED, VARIED[0] - 2 * VARIED[1], ((1, "linear"),)),
}  # fmt: skip


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum"])
@pytest.mark.parametrize("case", DEGENERATE)
def test_without_anything_to_compare_there_are_no_findings(case, optimizer):
    X, Y, layers = DEGENERATE[case]
    whole = np.isin(Y, (0, 1)).all() and len(set(Y.tolist())) == 2
    training = {"loss": "cross_entropy" if whole else "squared_error", "learning_rate": 0.01}
    own = own_data(X, [Y], "own.npz", kind=None if whole else "regression")
    project = edits.choose_own(built(*layers, optimizer=optimizer, **training), own)
    session = Session(project, own=own)
    for stop in (0, 1, 50, 800, 3000):
        while session.iteration < stop:
            assert session.step()
        assert [f for f in examine(signs_of(session, session)) if f.name != "dead"] == []


@pytest.mark.parametrize("balance", [(1.0, 0.0), (0.0, 1.0)])
@pytest.mark.parametrize("m", [1, 40])
def test_examples_of_one_class_get_only_the_finding_about_the_missing_class(balance, m):
    project = with_data(Project(), source="gaussians", examples=m, balance=balance)
    session = Session(project)
    for stop in (0, 1, 300, 2000):
        while session.iteration < stop:
            session.step()
        assert names(signs_of(session, session)) == ["unbalanced"]


# --- the network ---


def test_linear_layers_are_all_of_them_and_hidden():
    two = only("all-linear", signs(built((4, "linear"), (3, "linear"), (1, "sigmoid"))))
    assert two.what.startswith("The hidden layers are linear")
    assert two.advice.endswith("for them.")
    one = only("all-linear", signs(built((4, "linear"), (1, "sigmoid"))))
    assert one.what.startswith("The hidden layer is linear")
    assert one.advice.endswith("for it.")
    assert "all-linear" not in names(signs(built((4, "linear"), (3, "tanh"), (1, "sigmoid"))))
    assert "all-linear" not in names(signs(built((1, "linear"), loss="squared_error")))


@pytest.mark.parametrize(
    ("output", "labels", "wrong"),
    [
        ("sigmoid", [0.2, 0.9], False),
        ("sigmoid", [-0.5, 0.9], True),
        ("sigmoid", [0.2, 1.5], True),
        ("sigmoid", [0.2, 1.0 + 1e-15], False),
        ("sigmoid", [-1e-17, 1.0], False),
        ("tanh", [-0.9, 0.9], False),
        ("tanh", [-0.9, 1.1], True),
        ("relu", [0.2, 50.0], False),
        ("relu", [-0.2, 50.0], True),
        ("linear", [-50.0, 50.0], False),
    ],
)
def test_labels_outside_the_range_of_the_output(output, labels, wrong):
    own = own_data(VARIED[:, :2], [np.array(labels)], "own.npz", kind="regression")
    layers = ((4, "tanh"), (1, output))
    project = edits.choose_own(built(*layers, loss="squared_error"), own)
    project = edits.set_activation(project, 2, output)
    found = {f.name: f.what for f in examine(signs(project, own=own))}
    assert ("output-range" in found) is wrong
    reach = {"sigmoid": "from 0 to 1:", "tanh": "from -1 to 1:", "relu": "0 and more:"}
    assert not wrong or f"can only be {reach[output]}" in found["output-range"]


def twins_of(seen):
    return [f.units for f in examine(seen) if f.name == "twins"]


@pytest.mark.parametrize("n", range(2, 21))
@pytest.mark.parametrize("g", ["sigmoid", "tanh"])
def test_twins_of_every_width_are_found_despite_rounding(n, g):
    """Equal rows of a product may differ in their last digit (which do, depends on the machine)."""
    project = built((n, g), (1, "sigmoid"), learning_rate=0.3)
    halves = np.full(4 * n + 1, 0.5)
    session = Session(with_data(project, examples=50), weights=halves)
    for stop in (0, 1, 100):
        while session.iteration < stop:
            session.step()
        assert twins_of(signs_of(session, session)) == [tuple(range(n))]
        a = session.activations(1, fresh=True)
        assert np.abs(a - a[0]).max() <= 1e-14
    words = only("twins", signs_of(session, session)).what
    assert "rounding may part them after thousands of iterations" in words


def test_twins_that_have_parted_are_none_any_more():
    session = Session(built((4, "tanh"), (1, "sigmoid")), weights=np.full(17, 0.5))
    session.p.W[1][2] += 1e-12
    assert twins_of(signs_of(session, session)) == [(0, 1, 3)]
    session.p.W[2][0, 1] += 1e-12
    assert twins_of(signs_of(session, session)) == [(0, 3)]
    session.p.b[1][3] += 1e-12
    assert twins_of(signs_of(session, session)) == []
    session.p.b[1][2] += 1e-16
    assert twins_of(signs_of(session, session)) == []


def test_two_pairs_of_twins_are_two_findings():
    session = Session(built((5, "tanh"), (2, "tanh"), (1, "sigmoid")))
    for one, other in ((0, 3), (1, 4)):
        session.p.Wb[1][other] = session.p.Wb[1][one]
        session.p.W[2][:, other] = session.p.W[2][:, one]
    assert twins_of(signs_of(session, session)) == [(0, 3), (1, 4)]


def test_the_optimizers_memory_distinguishes_twins():
    project = built((4, "tanh"), (1, "sigmoid"), optimizer="momentum")
    session = Session(project)
    for _ in range(10):
        session.step()
    for p in (session.p, *signs_of(session, session).remembered().values()):
        p.Wb[1][2] = p.Wb[1][0]
        p.W[2][:, 2] = p.W[2][:, 0]
    assert twins_of(signs_of(session, session)) == [(0, 2)]
    (v,) = signs_of(session, session).remembered().values()
    v.W[1][2, 0] += 0.1
    assert twins_of(signs_of(session, session)) == []


@pytest.mark.parametrize(("g", "stay"), [("tanh", True), ("relu", True), ("sigmoid", False)])
def test_dropout_tells_units_of_zeros_apart_unless_they_give_0(g, stay):
    project = built((4, g), (1, "sigmoid"), init="zeros")
    dropped = with_training(edits.set_dropout(project, 1, 0.5), learning_rate=0.5)
    assert twins_of(signs(project)) == [(0, 1, 2, 3)]
    assert bool(twins_of(signs(dropped))) is stay
    session = Session(dropped)
    for _ in range(20):
        session.step()
    assert np.allclose(session.p.W[2], session.p.W[2][0, 0], rtol=1e-12) is stay


def dying(l, units, **training):
    """What is said of these units of layer l (from 0), far below 0 for every example."""
    project = built((3, "relu"), (3, "relu"), (1, "sigmoid"), **training)
    session = Session(project)
    session.p.b[1][...] = 1000.0  # all others are far above it
    session.p.b[2][...] = 1e6
    session.p.b[l][units] = -1e6
    return only("dead", signs_of(session, session)).what


def test_a_dead_unit_has_relu_gives_0_for_every_example_and_is_not_muted():
    project = built((3, "relu"), (1, "sigmoid"))
    session = Session(project)
    session.p.b[1][[0, 2]] = -1000.0
    assert only("dead", signs_of(session, session)).units == (0, 2)
    session.p.b[1][0, 0] = -np.sort(session.p.W[1][0] @ session.split.train.X)[-2]
    assert (session.activations(1, fresh=True)[0] > 0).sum() == 1
    assert only("dead", signs_of(session, session)).units == (2,)
    muted = edits.mute_unit(project, 1, 2)
    assert "dead" not in names(signs(muted, weights=session.p.flat))
    other = edits.set_activation(project, 1, "tanh")
    assert "dead" not in names(signs(other, weights=session.p.flat))
    other = edits.set_activation(project, 1, "leaky_relu")
    assert "dead" not in names(signs(other, weights=session.p.flat))


def test_in_the_first_layer_death_is_for_good_and_behind_it_it_need_not_be():
    assert dying(1, [1]).endswith("nothing is learned there any more.")
    assert dying(2, [1]).endswith("for as long as this lasts; the layer before it may wake it.")
    assert dying(2, [0, 1]).endswith("may wake them.")
    assert dying(1, [1], optimizer="rmsprop").endswith("any more.")
    for optimizer in ("momentum", "adam"):
        words = dying(1, [1], optimizer=optimizer)
        assert words.endswith("the optimizer's memory of earlier gradients may wake it.")


def test_a_positive_bias_alone_wakes_no_dead_unit():
    project = built((1, "relu"), (1, "sigmoid"), learning_rate=1.0)
    positive = own_data(np.abs(VARIED) + 0.1, [HALVES], "own.npz")
    session = Session(edits.choose_own(project, positive), own=positive)
    session.p.W[1][...], session.p.b[1][...] = -50.0, 0.1
    assert only("dead", signs_of(session, session)).what.endswith("any more.")


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_regularization_wakes_a_dead_unit_whose_bias_is_positive(penalty):
    project = built((1, "relu"), (1, "sigmoid"), learning_rate=1.0, **{penalty: 40.0})
    positive = own_data(np.abs(VARIED) + 0.1, [HALVES], "own.npz")
    session = Session(edits.choose_own(project, positive), own=positive)
    session.p.W[1][...], session.p.b[1][...] = -50.0, 0.1  # inputs are above 0: all z below
    assert only("dead", signs_of(session, session)).what.endswith("regularization may wake it.")
    for _ in range(400):
        session.step()
    assert "dead" not in names(signs_of(session, session))
    session.p.W[1][...], session.p.b[1][...] = -50.0, -0.1
    assert only("dead", signs_of(session, session)).what.endswith("any more.")
    for _ in range(400):
        session.step()
    assert "dead" in names(signs_of(session, session))


@pytest.mark.parametrize("l", [1, 2])
def test_a_unit_called_dead_stays_dead(l):
    """What is said to be dead for good stays so, over many seeds; behind layer 1 some come back."""
    woken = 0
    for seed in range(1, 9):
        project = built((6, "relu"), (6, "relu"), (1, "sigmoid"), learning_rate=1.2)
        session = Session(with_data(with_network(project, seed=seed), examples=60))
        dead: set[int] = set()
        for stop in (10, 20, 40, 80):
            while session.iteration < stop and session.step():
                pass
            found = [f for f in examine(signs_of(session, session)) if f.name == "dead"]
            now = {unit for f in found if f.layer == l for unit in f.units}
            woken += len(dead - now)
            dead = now
    assert woken == 0 if l == 1 else woken > 0


def test_saturation_is_much_of_a_layer_that_has_not_learned_yet():
    found = only("saturated", signs(with_network(Project(), scale=10.0, seed=2)))
    assert "88 % of its tanh outputs" in found.what
    assert "g′ is 0.06 on average" in found.what
    assert len(found.units) in (2, 3, 4)
    assert "saturated" not in names(signs(with_network(Project(), scale=3.0, seed=2)))
    learned = signs(with_data(Project(), source="gaussians"), 400)
    learned.p.W[1][...] *= 30
    assert float(learned.flat[1].mean()) > doctor.SATURATED
    assert "saturated" not in names(learned)
    relus = signs(built((4, "relu"), (1, "sigmoid"), init="normal", scale=10.0))
    relus.p.b[1][...] = -1000.0
    assert "saturated" not in names(relus)
    last = signs(built((1, "sigmoid"), init="normal", scale=1000.0))
    assert "saturated" not in names(last)


def test_the_stated_slope_is_the_mean_by_plain_loops():
    project = built((3, "tanh"), (4, "sigmoid"), (2, "relu"), (3, "softmax"))
    session = Session(with_data(project, source="blobs", classes=3, examples=37))
    measured = session.measures.slopes(session.p)
    A = [session.activations(l, fresh=True) for l in range(5)]
    assert measured[1] == pytest.approx(np.mean(1 - A[1] ** 2))
    assert measured[2] == pytest.approx(np.mean(A[2] * (1 - A[2])))
    assert measured[3] == pytest.approx(np.mean(A[3] > 0))
    assert measured[4] == pytest.approx(np.mean(A[4] * (1 - A[4])))
