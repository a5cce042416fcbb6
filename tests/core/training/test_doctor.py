"""The doctor finds faults and names their place, and finds nothing in healthy projects."""

import numpy as np
import pytest

from core import edits
from core.by_hand import Place, number
from core.data.own import own_data
from core.edits import with_data, with_network, with_training
from core.look.findings import Findings
from core.look.watcher import Watcher
from core.project import LayerSettings, Project
from core.training.messages import Load, Run
from core.training.session import Session
from tests.core.oracle import activate
from tests.looking import answer, seen


def layers(*named):
    return tuple(LayerSettings(units=n, activation=g) for n, g in named)


def built(*named, **training):
    project = with_network(Project(), layers=layers(*named), initializer="xavier", scale=1.0)
    return with_training(project, **training)


def findings(project, iterations=0, own=None, weights=None):
    session = Session(project, own=own, weights=weights)
    for _ in range(iterations):
        if not session.step():
            break
    return answer(session, Findings())


def names(*args, **kwargs):
    return {finding.name for finding in findings(*args, **kwargs)}


def only(name, found):
    (finding,) = [f for f in found if f.name == name]
    return finding


def test_the_default_project_is_well_before_while_and_after_it_trains():
    for iterations in (0, 1, 30, 400, 3000):
        assert findings(Project(), iterations) == ()


def test_zero_weights_make_twins_that_stay_twins():
    project = with_network(Project(), initializer="zeros")
    for iterations in (0, 50):
        twins = only("twins", findings(project, iterations))
        assert (twins.layer, twins.units) == (1, (0, 1, 2, 3))
        assert "Units 1, 2, 3 and 4 of layer 1" in twins.what
    assert "twins" not in names(built((4, "tanh"), (1, "sigmoid")), 50)


def test_some_twins_among_others():
    project = built((4, "tanh"), (1, "sigmoid"))
    p = Session(project).p
    p.Wb[1][2] = p.Wb[1][0]
    p.W[2][:, 2] = p.W[2][:, 0]
    twins = only("twins", findings(project, 40, weights=p.flat))
    assert twins.units == (0, 2)
    p.W[2][:, 2] += 0.1  # the passes after them differ, and so does their gradient
    assert "twins" not in names(project, 0, weights=p.flat)


def test_units_that_differ_are_not_twins():
    project = built((4, "tanh"), (1, "sigmoid"))
    p = Session(project).p
    p.Wb[1][2] = p.Wb[1][0]
    p.W[2][:, 2] = p.W[2][:, 0]
    dropped = edits.set_dropout(project, 1, 0.5)
    for other in (edits.freeze_unit(project, 1, 2), edits.mute_unit(project, 1, 0), dropped):
        assert "twins" in names(project, weights=p.flat)
        assert "twins" not in names(other, weights=p.flat)
    assert "twins" in names(with_network(dropped, initializer="zeros"), 30)


def test_findings_are_measured_again_after_a_change():
    session = Session(with_network(Project(), initializer="zeros"))
    watcher = Watcher(session)
    found = answer(watcher, Findings())
    assert answer(watcher, Findings()) is found
    session.adjust(number(Place(1, 0, 0), 1.0))
    session.adjust(number(Place(2, 0, 1), 1.0))
    watcher.forget()
    again = answer(watcher, Findings()) or ()
    assert [finding.units for finding in again] == [(2, 3)]


def test_dead_units_give_zero_for_every_example():
    project = built((5, "relu"), (1, "sigmoid"))
    session = Session(project)
    session.p.b[1][[1, 3]] = -100.0
    found = findings(project, weights=session.p.flat)
    dead = only("dead", found)
    assert (dead.layer, dead.units) == (1, (1, 3))
    assert dead.what.startswith("2 of 5 units of layer 1 are dead")
    one = session.p
    one.b[1][1] = 0.0
    assert only("dead", findings(project, weights=one.flat)).what.startswith("Unit 4 of layer 1 is")


def test_a_saturated_layer():
    project = with_network(built((4, "tanh"), (1, "sigmoid")), initializer="normal", scale=1000.0)
    found = only("saturated", findings(project))
    assert (found.layer, found.units) == (1, (0, 1, 2, 3))


def one_pass_of(session, k):
    """a[1] and a[2] of one example, number by number."""
    p, a = session.p, session.split.train.X[:, k].tolist()
    found = []
    for l, name in ((1, "tanh"), (2, "relu")):
        rows = zip(p.W[l].tolist(), p.b[l].ravel().tolist(), strict=True)
        a = activate(name, [sum(w * x for w, x in zip(row, a, strict=True)) + b for row, b in rows])
        found.append(a)
    return found


def test_the_share_of_flat_places_is_counted_by_hand():
    project = built((3, "tanh"), (4, "relu"), (1, "sigmoid"))
    session = Session(with_data(project, examples=37))
    flat = session.measures.flat(session.p)
    A = [one_pass_of(session, k) for k in range(37)]
    assert flat[1].tolist() == [sum(abs(a[0][i]) > 0.98 for a in A) / 37 for i in range(3)]
    assert flat[2].tolist() == [sum(a[1][i] <= 0 for a in A) / 37 for i in range(4)]


def test_vanishing_gradients_in_a_deep_sigmoid_network():
    project = built(*[(6, "sigmoid")] * 7, (1, "sigmoid"))
    found = only("vanishing", findings(project, 1))
    assert found.layer == 1
    assert "vanishing" not in names(built(*[(6, "relu")] * 3, (1, "sigmoid")), 1)


def test_a_learning_rate_that_is_too_high_and_one_that_is_too_low():
    assert "rate-too-high" in names(built((8, "tanh"), (1, "sigmoid"), learning_rate=30.0), 300)
    low = built((4, "tanh"), (1, "sigmoid"), learning_rate=1e-8)
    assert only("rate-too-low", findings(low, 300)).advice.startswith("Raise")
    assert not {"rate-too-low", "rate-too-high"} & names(built((4, "tanh"), (1, "sigmoid")), 300)


def test_exploding_updates():
    project = built((8, "relu"), (8, "relu"), (1, "sigmoid"), learning_rate=20.0)
    found = findings(project, 60)
    assert {"exploding", "rate-too-high"} & {f.name for f in found}


def test_linear_layers_are_one():
    assert (
        only("all-linear", findings(built((4, "linear"), (3, "linear"), (1, "sigmoid")))).layer == 1
    )
    assert "all-linear" not in names(built((4, "linear"), (3, "tanh"), (1, "sigmoid")))
    assert "all-linear" not in names(built((1, "sigmoid")))


@pytest.mark.parametrize(
    ("activation", "wrong"), [("sigmoid", True), ("relu", True), ("linear", False)]
)
def test_labels_that_the_output_can_never_give(activation, wrong):
    project = edits.choose_source(Project(), "plane")
    project = edits.set_activation(project, 2, activation)
    assert ("output-range" in names(project)) is wrong


def test_overfitting_is_seen_from_the_test_cost():
    project = built((40, "tanh"), (40, "tanh"), (1, "sigmoid"), learning_rate=0.5)
    project = with_data(project, examples=60, test_share=0.5, noise=1.0)
    found = only("overfitting", findings(project, 3000))
    assert "overfits" in found.what
    assert "overfitting" not in names(project, 20)


def test_inputs_that_are_not_scaled():
    rng = np.random.RandomState(0)
    X = rng.randn(2, 80) * [[1.0], [300.0]]
    own = own_data(X, [(X[0] > 0).astype(int)], "wide.npz")
    project = edits.choose_own(Project(), own)
    assert only("unscaled", findings(project, own=own)).layer == 0
    assert "unscaled" not in names(with_data(project, normalize=True), own=own)


def test_a_class_that_is_rare():
    rng = np.random.RandomState(0)
    own = own_data(rng.randn(2, 100), [(np.arange(100) < 4).astype(int)], "rare.npz")
    project = edits.choose_own(Project(), own)
    assert only("unbalanced", findings(project, own=own)).what.startswith("Only 4.0 %")


def test_a_class_that_is_missing_is_not_called_rare():
    project = edits.choose_source(Project(), "digits")
    remark = only("unbalanced", findings(with_data(project, examples=10)))
    assert remark.what == "No training example is of class 2, so it cannot be learned."


def test_looking_changes_nothing_and_not_asked_nothing_is_looked_at():
    one, two = Session(Project()), Session(Project())
    watcher = Watcher(one)
    for _ in range(30):
        one.step()
        two.step()
        assert Findings() not in seen(watcher).answers
        assert answer(watcher, Findings()) is not None
    assert one.p.flat.tobytes() == two.p.flat.tobytes()


def test_over_the_loop(driver):
    driver.post(Load(with_network(Project(), initializer="zeros"), run=1), Run(10))
    driver.wait(10)
    found = driver.ask(Findings())
    assert [finding.name for finding in found] == ["twins"]
