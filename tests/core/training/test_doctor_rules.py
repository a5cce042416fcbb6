"""Each rule of the doctor where it is right, in near misses, and where there is nothing to say."""

from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.edits import with_data, with_network, with_training
from core.project import LayerSettings, Project
from core.training import doctor
from core.training.doctor import RULES, examine
from core.training.session import Session
from core.training.signs import Curve, signs_of

RNG = np.random.RandomState(0)
DEEP = [(6, "sigmoid")] * 7


def built(*named, init="xavier", scale=1.0, **training):
    layers = tuple(LayerSettings(units=n, activation=g) for n, g in named)
    project = with_network(Project(), layers=layers, initializer=init, scale=scale)
    return with_training(project, **training)


def owned(X, Y, *named, **training):
    """A project on own data, and these."""
    own = own_data(np.asarray(X, float), [np.asarray(Y)], "own.npz")
    project = edits.choose_own(built(*named, **training) if named else Project(), own)
    return project, own


def signs(project, iterations=0, own=None, weights=None, restart=False):
    """What the doctor sees after so many iterations; at `restart` in a session that goes on."""
    session = Session(project, own=own, weights=weights)
    for _ in range(iterations):
        assert session.step(), session.halt
    if restart:
        session = Session(project, own=own, state=session.state())
    return signs_of(session, session)


def names(seen):
    return [finding.name for finding in examine(seen)]


def only(name, seen):
    (finding,) = [f for f in examine(seen) if f.name == name]
    return finding


def after(seen, **curve):
    """The same with another curve behind it."""
    return replace(seen, curve=replace(seen.curve, **curve))


def wide(scale=300.0, m=80):
    X = np.random.RandomState(0).randn(2, m) * [[1.0], [scale]]
    return owned(X, (X[0] > 0).astype(int))


def rare(share, classes=2, m=100):
    Y = np.arange(m) % classes
    Y[Y == 1] = 0
    Y[: round(share * m)] = 1
    rows = [Y] if classes == 2 else np.eye(classes)[Y].T
    own = own_data(np.random.RandomState(0).randn(2, m), rows, "own.npz")
    return edits.choose_own(Project(), own), own


def of_own(made):
    project, own = made
    return signs(project, own=own)


def noisy_points():
    project = built((40, "tanh"), (40, "tanh"), (1, "sigmoid"), learning_rate=0.5)
    return with_data(project, examples=60, test_share=0.5, noise=1.0)


def l2(alpha, strength):
    return with_training(Project(), learning_rate=alpha, l2=strength)


FIRES = {  # a rule -> where it is right
    "all-linear": lambda: signs(built((4, "linear"), (1, "sigmoid"))),
    "output-range": lambda: signs(
        edits.set_activation(edits.choose_source(Project(), "plane"), 2, "sigmoid")
    ),
    "twins": lambda: signs(with_network(Project(), initializer="zeros")),
    "dead": lambda: signs(built((8, "relu"), (8, "relu"), (1, "sigmoid"), learning_rate=10.0), 100),
    "exploding": lambda: signs(built((8, "tanh"), (1, "sigmoid"), learning_rate=60.0), 300),
    "penalty-too-strong": lambda: signs(l2(1.2, 500.0), 5),
    "nothing-learned": lambda: signs(built(*DEEP, (1, "sigmoid")), 300),
    "vanishing": lambda: signs(built(*DEEP, (1, "sigmoid")), 1),
    "saturated": lambda: signs(with_network(Project(), scale=10.0)),
    "rate-too-high": lambda: signs(built((8, "tanh"), (1, "sigmoid"), learning_rate=30.0), 300),
    "rate-too-low": lambda: signs(with_training(Project(), learning_rate=1e-3), 200),
    "underfitting": lambda: signs(built((1, "sigmoid")), 60),
    "overfitting": lambda: signs(noisy_points(), 2000),
    "unscaled": lambda: of_own(wide()),
    "unbalanced": lambda: of_own(rare(0.04)),
}


@pytest.fixture(scope="module")
def seen():
    """The signs of each of these, made once."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = FIRES[name]()
        return made[name]

    return of


@pytest.mark.parametrize("name", FIRES)
def test_every_rule_fires_where_it_is_right_and_says_sentences(seen, name):
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


def test_the_default_project_is_well_on_its_whole_way():
    session = Session(with_data(Project(), test_share=0.2))
    for stop in (0, 1, 30, 200, 400, 1000, 3000, 10000):
        while session.iteration < stop:
            session.step()
        assert names(signs_of(session, session)) == []


# --- projects in which there is nothing to compare ---

CONSTANT = np.full((2, 40), 0.1)
VARIED = RNG.randn(2, 40)
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
def test_nothing_is_said_where_there_is_nothing_to_compare(case, optimizer):
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
def test_of_examples_of_one_class_it_is_said_that_the_other_is_missing_and_no_more(balance, m):
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
    assert only("all-linear", signs(built((4, "linear"), (1, "sigmoid")))).advice.endswith("it.")
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
def test_labels_beyond_what_the_output_can_be(output, labels, wrong):
    own = own_data(VARIED[:, :2], [np.array(labels)], "own.npz", kind="regression")
    layers = ((4, "tanh"), (1, output))
    project = edits.choose_own(built(*layers, loss="squared_error"), own)
    project = edits.set_activation(project, 2, output)
    found = names(signs(project, own=own))
    assert ("output-range" in found) is wrong


def twins_of(seen):
    return [f.units for f in examine(seen) if f.name == "twins"]


@pytest.mark.parametrize("n", range(2, 21))
@pytest.mark.parametrize("g", ["sigmoid", "tanh"])
def test_twins_of_every_width_are_all_of_them_for_as_long_as_rounding_does_not_part_them(n, g):
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


def test_what_the_optimizer_remembers_tells_twins_apart():
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


def test_a_dead_unit_is_one_of_relu_for_every_example_that_nobody_muted():
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
def test_the_promise_of_death_holds(l):
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


def test_the_slope_that_is_said_is_the_mean_of_plain_loops():
    project = built((3, "tanh"), (4, "sigmoid"), (2, "relu"), (3, "softmax"))
    session = Session(with_data(project, source="blobs", classes=3, examples=37))
    measured = session.measures.slopes(session.p)
    A = [session.activations(l, fresh=True) for l in range(5)]
    assert measured[1] == pytest.approx(np.mean(1 - A[1] ** 2))
    assert measured[2] == pytest.approx(np.mean(A[2] * (1 - A[2])))
    assert measured[3] == pytest.approx(np.mean(A[3] > 0))
    assert measured[4] == pytest.approx(np.mean(A[4] * (1 - A[4])))


# --- the gradient ---


def with_sizes(seen, sizes):
    """The same with gradients of these sizes in its layers."""
    for l, size in enumerate(sizes, start=1):
        seen.grad.W[l][...] = size
    return seen


@pytest.mark.parametrize(
    ("sizes", "vanishes"),
    [
        ([1e-6, 1e-3, 1.0], True),
        ([1e-2, 1e-1, 1.0], False),
        ([1.0, 1e-6, 1e-6], False),  # it fades on its way on, not back
        ([1e-2, 1e-2, 1e-6], False),
        ([0.0, 1e-3, 1.0], False),  # nothing comes through at all: that is another rule's
        ([1e-22, 1e-20, 1e-17], False),  # rounding
    ],
)
def test_a_gradient_vanishes_backwards_by_a_factor(sizes, vanishes):
    seen = signs(built((4, "tanh"), (4, "tanh"), (1, "sigmoid")), 1)
    found = names(with_sizes(seen, sizes))
    assert ("vanishing" in found) is vanishes


def test_vanishing_needs_three_layers_and_a_pass_and_something_to_learn():
    two = with_sizes(signs(built((4, "tanh"), (1, "sigmoid")), 1), [1e-9, 1.0])
    assert "vanishing" not in names(two)
    before = with_sizes(signs(built((4, "tanh"), (4, "tanh"), (1, "sigmoid"))), [1e-9, 1e-3, 1.0])
    assert "vanishing" not in names(before)
    project = built((4, "tanh"), (4, "tanh"), (1, "sigmoid"))
    learned = signs(with_data(project, source="gaussians"), 400)
    assert learned.learned
    assert "vanishing" not in names(with_sizes(learned, [1e-9, 1e-3, 1.0]))
    words = only("vanishing", signs(built(*DEEP, (1, "sigmoid")), 1)).what
    assert "in layer 1 it is 10⁵ times smaller than in layer 8" in words


def test_nothing_is_learned_at_the_cost_of_a_constant_answer(seen):
    found = only("nothing-learned", seen("nothing-learned"))
    assert "stands still at 0.693" in found.what
    assert "vanishing" not in names(seen("nothing-learned"))
    tiny = built(*[(6, "tanh")] * 7, (1, "sigmoid"), init="normal", scale=0.01)
    assert "nothing-learned" in names(signs(tiny, 200))
    assert "nothing-learned" not in names(signs(tiny, 199))
    batches = with_training(tiny, batch_size=64)
    assert "nothing-learned" in names(signs(batches, 300))
    assert names(signs(with_data(built((1, "sigmoid")), source="xor"), 300)) != ["nothing-learned"]
    assert "nothing-learned" not in names(signs(Project(), 200))


def test_on_a_slow_way_or_at_a_better_cost_something_is_learned(seen):
    plateau = signs(with_data(with_training(Project(), learning_rate=0.05), source="circles"), 400)
    assert plateau.score.cost > doctor.NO_BETTER * plateau.baseline
    assert "nothing-learned" not in names(plateau)
    stuck = seen("nothing-learned")
    better = replace(stuck, project=stuck.project)
    better.__dict__["score"] = replace(stuck.score, cost=0.89 * stuck.baseline)
    assert "nothing-learned" not in names(better)


def test_updates_explode_where_they_are_large_and_the_cost_jumps(seen):
    exploding = seen("exploding")
    assert only("exploding", exploding).layer == 2
    calm = np.linspace(1.0, 0.5, 200)
    assert "exploding" not in names(after(exploding, recent=calm))
    assert "exploding" not in names(replace(exploding, step=exploding.step / 10))
    assert "exploding" not in names(replace(exploding, step=None))
    zeros = signs(with_network(Project(), initializer="zeros"), 30)
    assert "exploding" not in names(after(zeros, recent=np.tile([1.0, 2.0], 100)))


def test_the_last_step_is_that_of_any_optimizer_and_of_a_run_that_goes_on():
    for optimizer in ("gradient_descent", "adam"):
        project = built((3, "tanh"), (1, "sigmoid"), optimizer=optimizer, learning_rate=0.01)
        session = Session(project)
        assert signs_of(session, session).step is None
        for _ in range(3):
            before = session.p.flat.copy()
            session.step()
        step = signs_of(session, session).step
        assert step is not None
        np.testing.assert_allclose(before - session.p.flat, step, rtol=1e-9)
        again = signs(project, 3, restart=True).step
        if optimizer == "adam":
            assert again is None
        else:
            assert again is not None
            np.testing.assert_allclose(again, step, rtol=1e-12)


@pytest.mark.parametrize(
    ("times", "optimizer", "says"),
    [
        (0.9, "gradient_descent", None),
        (1.5, "gradient_descent", "takes each weight past 0, whatever"),
        (2.5, "gradient_descent", "takes each weight past 0, and further away each time, whatever"),
        (2.5, "momentum", None),
        (2.5, "adam", None),
    ],
)
def test_l2_that_drives_the_divergence(times, optimizer, says):
    project = with_training(l2(1.0, 400 * times), optimizer=optimizer)
    found = [f for f in examine(signs(project, 2)) if f.name == "penalty-too-strong"]
    assert [says in f.what for f in found] == ([] if says is None else [True])
    if optimizer == "gradient_descent":
        seen = signs(with_training(project, learning_rate=1e-9), 0)
        before = np.abs(seen.p.W[1]).max()
        session = Session(project)
        for _ in range(12):
            session.step()
        assert bool(np.abs(session.p.W[1]).max() > before) is (times > 2)


def test_l1_that_holds_a_layer_at_zero():
    strong = with_training(Project(), l1=10.0)
    assert only("penalty-too-strong", signs(strong, 300)).layer == 1
    assert "penalty-too-strong" not in names(signs(strong))
    assert "penalty-too-strong" not in names(signs(with_training(Project(), l1=0.1), 600))
    assert "penalty-too-strong" not in names(signs(with_training(strong, optimizer="adam"), 300))
    zeros = with_network(strong, initializer="zeros")
    assert "penalty-too-strong" not in names(signs(zeros, 5))


# --- the cost ---

JUMPS = np.tile([1.0, 2.0], 100)


def test_a_cost_that_jumps_is_seen_in_full_batches_alone(seen):
    jumping = seen("rate-too-high")
    assert (
        "though small steps of plain descent would lower it" in only("rate-too-high", jumping).what
    )
    well = signs(Project(), 200)
    assert "rate-too-high" in names(after(well, recent=JUMPS))
    assert "rate-too-high" not in names(after(well, recent=np.linspace(2, 1, 200)))
    few = np.linspace(2, 1, 200)
    few[:60:2] += 1
    assert "rate-too-high" not in names(after(well, recent=few))
    assert "rate-too-high" not in names(after(well, recent=JUMPS[:19]))
    assert "rate-too-high" in names(after(well, recent=JUMPS[:20]))
    trifles = 1.0 + 0.005 * (np.arange(200) % 2)
    assert "rate-too-high" not in names(after(well, recent=trifles))
    adam = signs(with_training(Project(), optimizer="adam", learning_rate=0.01), 200)
    words = only("rate-too-high", after(adam, recent=JUMPS)).what
    assert words == "The cost jumps: J rose in 50 % of the last 200 iterations."
    batches = signs(with_training(Project(), batch_size=64), 200)
    assert "rate-too-high" not in names(after(batches, recent=JUMPS))
    dropped = signs(edits.set_dropout(Project(), 1, 0.5), 200)
    assert "rate-too-high" not in names(after(dropped, recent=JUMPS))
    whole = signs(with_training(Project(), batch_size=400), 200)
    assert "rate-too-high" in names(after(whole, recent=JUMPS))


def test_a_cost_at_rounding_does_not_jump():
    X = np.random.RandomState(1).randn(2, 50)
    own = own_data(X, [X[0] - 2 * X[1]], "plane.npz", kind="regression")
    project = edits.choose_own(built((1, "linear"), loss="squared_error"), own)
    project = with_training(project, optimizer="momentum", learning_rate=0.5)
    seen = signs(project, 1500, own=own)
    assert seen.score.cost < 1e-25
    assert names(after(seen, recent=1e-41 * JUMPS)) == []
    assert "rate-too-high" in names(after(seen, recent=1e-20 * JUMPS))


def test_costs_before_a_change_of_settings_do_not_count():
    session = Session(built((8, "tanh"), (1, "sigmoid"), learning_rate=30.0))
    for _ in range(100):
        session.step()
    assert "rate-too-high" in names(signs_of(session, session))
    session.retune(with_training(session.project, learning_rate=0.1))
    assert len(signs_of(session, session).curve.recent) == 0
    for _ in range(100):
        session.step()
    assert len(signs_of(session, session).curve.recent) == 100
    assert "rate-too-high" not in names(signs_of(session, session))


@pytest.mark.parametrize("alpha", [1e-3, 1e-4, 1e-5, 1e-8, 1e-12])
def test_a_rate_that_is_too_low_at_any_size(alpha):
    found = only("rate-too-low", signs(with_training(Project(), learning_rate=alpha), 250))
    assert found.advice == f"Raise the learning rate ({alpha:g} now) ten times."


def test_what_is_slow_for_another_reason_is_not_the_rate(seen):
    low = seen("rate-too-low")
    assert "rate-too-low" not in names(after(low, recent=low.curve.recent[1:200]))
    falls = np.linspace(0.70, 0.6999, 200)
    assert "rate-too-low" not in names(after(low, recent=falls))
    rises = np.linspace(0.70, 0.700001, 200)
    assert "rate-too-low" not in names(after(low, recent=rises))
    assert "rate-too-low" not in names(replace(low, step=None))
    assert "rate-too-low" not in names(replace(low, step=-low.step))
    assert "rate-too-low" not in names(signs(with_training(low.project, batch_size=64), 250))
    # a saddle: steps are short, but not the rate
    assert "rate-too-low" not in names(signs(with_data(Project(), source="circles"), 400))
    # Adam's steps are as long everywhere
    adam = with_training(Project(), optimizer="adam", learning_rate=1e-6)
    assert "rate-too-low" in names(signs(adam, 250))
    # the best parameters there are
    assert "rate-too-low" not in names(signs(built((1, "sigmoid"), learning_rate=1.2), 400))
    deep = signs(built(*DEEP, (1, "sigmoid"), learning_rate=1e-4), 200)
    assert "rate-too-low" not in names(
        after(signs(built(*DEEP, (1, "sigmoid")), 300), recent=deep.curve.recent * 0 + 1.0)
    )
    # a step as long as it may be
    good = signs(Project(), 3000)
    assert "rate-too-low" not in names(after(good, recent=falls[:1].repeat(200)))
    easy = with_training(with_data(Project(), source="gaussians"), learning_rate=1.2)
    learned = replace(signs(easy, 400), rate=1e-5)
    learned = replace(learned, step=learned.step * 1e-5)
    assert "rate-too-low" not in names(after(learned, recent=falls[:1].repeat(200)))


def test_the_sharpness_is_the_largest_eigenvalue():
    seen = signs(built((2, "tanh"), (1, "sigmoid")), 40)
    n, near = seen.p.flat.size, 1e-5
    H = np.empty((n, n))
    for i in range(n):
        rows = []
        for side in (near, -near):
            moved = type(seen.p)(seen.p.sizes, flat=seen.p.flat.copy())
            moved.flat[i] += side
            rows.append(seen.measures.gradient(moved, seen.project.training))
        H[i] = (rows[0] - rows[1]) / (2 * near)
    assert seen.sharpness == pytest.approx(np.abs(np.linalg.eigvalsh(H)).max(), rel=0.1)


def test_a_line_that_cannot_part_the_classes(seen):
    found = only("underfitting", seen("underfitting"))
    assert found.what.startswith(
        "One layer parts classes by a straight line, and no straight line parts these:"
    )
    assert "x₁²" in found.advice
    X = np.random.RandomState(0).randn(3, 200)
    project, own = owned(X, (np.abs(X[0]) < 0.7).astype(int), (1, "sigmoid"))
    words = only("underfitting", signs(project, 300, own=own))
    assert "by a plane, and no plane parts" in words.what
    assert "x₁²" not in words.advice
    project, own = owned(X[:1], (np.abs(X[0]) < 0.7).astype(int), (1, "sigmoid"))
    assert "by a threshold" in only("underfitting", signs(project, 300, own=own)).what
    classes = edits.choose_source(built((1, "sigmoid")), "spirals")
    assert "underfitting" in names(signs(classes, 300))


@pytest.mark.parametrize(
    ("changed", "iterations"),
    [
        (lambda p: p, 0),  # no iteration yet
        (lambda p: with_training(p, learning_rate=1e-3), 60),  # not there yet
        (lambda p: with_training(p, l2=0.1), 200),  # held back by a penalty
        (lambda p: with_training(p, l1=0.1), 2000),
        (lambda p: with_training(p, loss="squared_error"), 400),
        (lambda p: with_data(p, source="gaussians"), 3000),  # few are wrong
        (lambda p: edits.insert_layer(p, 1), 200),
    ],
)
def test_what_fits_badly_for_another_reason_is_not_the_line(changed, iterations):
    seen = signs(changed(built((1, "sigmoid"))), iterations)
    assert "underfitting" not in names(seen)


def test_underfitting_is_a_matter_of_classes():
    X = np.random.RandomState(0).randn(2, 60)
    own = own_data(
        X, [(X[0] > 0).astype(int), (np.abs(X[1]) < 0.7).astype(int)], "two.npz", kind="binary"
    )
    project = edits.choose_own(built((1, "sigmoid")), own)
    assert "underfitting" not in names(signs(project, 400, own=own))
    plane = edits.choose_source(
        built((1, "linear"), loss="squared_error", learning_rate=0.1), "plane"
    )
    assert "underfitting" not in names(signs(plane, 400))


def overfit(tests, recent=(0.5,) * 10, at=1.0):
    seen = signs(Project(), 20)
    tested = np.arange(len(tests)) * 20
    curve = Curve(np.array(recent), tested, np.array(tests), lambda _: at)
    return "overfitting" in names(replace(seen, curve=curve))


def test_overfitting_is_a_test_cost_that_rises_while_the_training_cost_falls():
    rising = [1.0, 0.5, *[0.6] * 8]
    assert overfit(rising)
    assert not overfit(rising[:9])
    assert not overfit([1.0, 0.5, *[0.52] * 8])
    assert not overfit(rising, at=0.4)  # the training cost rose as well
    assert not overfit(rising, recent=())
    assert not overfit([1e-15, 1e-17, *[3e-17] * 8])
    assert not overfit(rising, at=0.5)


# --- the data ---


def scaled(*deviations, shift=0.0, m=200):
    X = np.random.RandomState(3).randn(len(deviations), m)
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    X = X * np.array(deviations)[:, None] + shift
    return owned(X, (np.arange(m) % 2).astype(int))


@pytest.mark.parametrize(
    ("deviations", "shift", "says"),
    [
        ((1.0, 9.0), 0.0, None if 9.0 * 3.3 < 10 else "they reach"),
        ((0.1, 0.9), 0.0, None),
        ((0.1, 1.1), 0.0, "one input varies 11 times as much as another"),
        ((1.0, 1.0), 0.0, None),
        ((1.0, 1.0), 20.0, "they reach"),
        ((1.0, 0.0), 0.0, None),
        ((1e-9, 1.0), 0.0, "one input varies 10⁹ times as much as another"),
        ((1.0, 1e-17), 0.1, None),  # that is rounding
    ],
)
def test_inputs_are_not_scaled_by_reach_or_by_ratio(deviations, shift, says):
    project, own = scaled(*deviations, shift=shift)
    found = [f.what for f in examine(signs(project, own=own)) if f.name == "unscaled"]
    assert [says in what for what in found] == ([] if says is None else [True])
    normalized = with_data(project, normalize=True)
    assert "unscaled" not in names(signs(normalized, own=own))


def test_pixels_are_of_one_scale():
    assert "unscaled" not in names(signs(edits.choose_source(Project(), "digits")))


@pytest.mark.parametrize(
    ("share", "classes", "found"),
    [(0.09, 2, True), (0.11, 2, False), (0.05, 3, True), (0.08, 3, False)],
)
def test_a_class_is_rare_by_its_share_of_an_even_split(share, classes, found):
    project, own = rare(share, classes)
    seen = signs(project, own=own)
    assert ("unbalanced" in names(seen)) is found
    if found:
        right = 1 - share
        words = only("unbalanced", seen).what
        assert f"can be right in {100 * right:.1f} % of all cases" in words


def test_what_can_be_right_without_the_rare_class_is_what_a_network_reaches():
    project, own = rare(0.02, 3, m=300)
    words = only("unbalanced", signs(project, own=own)).what
    assert "Only 2.0 % of the training examples are of class 1" in words
    assert "can be right in 98.0 % of all cases" in words


def test_numbers_and_questions_of_their_own_have_no_rare_class():
    X = np.random.RandomState(0).randn(2, 100)
    rows = [(np.arange(100) < 2).astype(int), (np.arange(100) < 50).astype(int)]
    own = own_data(X, rows, "two.npz", kind="binary")
    assert "unbalanced" not in names(signs(edits.choose_own(Project(), own), own=own))
    own = own_data(X, [np.arange(100) < 2 + 0.0], "numbers.npz", kind="regression")
    assert "unbalanced" not in names(signs(edits.choose_own(Project(), own), own=own))


@pytest.mark.parametrize(
    ("Y", "kind", "loss", "least"),
    [
        ([[0, 1, 1, 1]], "binary", "cross_entropy", 0.5623351446188083),
        ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], "classes", "cross_entropy", np.log(3)),
        ([[0, 1], [1, 0]], "binary", "cross_entropy", 2 * np.log(2)),
        ([[1.0, 3.0]], "regression", "squared_error", 0.5),
    ],
)
def test_the_cost_of_a_constant_answer(Y, kind, loss, least):
    Y = np.array(Y, float)
    own = own_data(np.random.RandomState(0).randn(2, Y.shape[1]), list(Y), "own.npz", kind=kind)
    project = edits.choose_own(built((1, "sigmoid")), own)
    seen = signs(with_training(project, loss=loss), own=own)
    assert seen.baseline == pytest.approx(least)
