"""Single units: muted, frozen, cloned, nudged; in the project, and in the current run."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import cli, edits
from core.by_hand import Clone, column_of, nudge, row_of
from core.errors import LayerwiseError
from core.files import storage
from core.files.project import write_project
from core.files.storage import Saved
from core.look.activations import Activations
from core.look.boundary import Boundary
from core.look.hidden import Hidden
from core.look.next_iteration import NextIteration
from core.look.space import Viewpoint
from core.look.state import State
from core.look.units import Thumbnails
from core.look.watcher import Watcher
from core.nn.optimizers import OPTIMIZERS
from core.nn.parameters import Parameters, places_of
from core.project import Project, decode, encode
from core.training.messages import Load, Retune
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Timeline
from tests.core import oracle
from tests.core.training.projects import project, wide
from tests.looking import answer_in, seen

THREE = project((4, "tanh"), (3, "relu"), (1, "sigmoid"), data={"examples": 60, "test_share": 0.2})


def run(session, iterations):
    for _ in range(iterations):
        assert session.step()
    return session


# --- in the project ---


def test_empty_unit_lists_are_left_out_of_the_json():
    assert b"muted" not in encode(Project())
    assert b"frozen" not in encode(Project())


def test_they_are_written_and_read():
    after = edits.freeze_unit(edits.mute_unit(THREE, 2, 1), 1, 3)
    after = edits.mute_unit(after, 2, 0)
    layers = json.loads(encode(after))["network"]["layers"]
    assert layers[1] == {"units": 3, "activation": "relu", "muted": [0, 1]}
    assert layers[0]["frozen"] == [3]
    assert decode(encode(after)) == after
    assert (after.muted, after.frozen) == ({2: (0, 1)}, {1: (3,)})
    assert after.network.structure == THREE.network
    assert edits.mute_unit(after, 2, 1, on=False).muted == {2: (0,)}


@pytest.mark.parametrize(
    ("layer", "fields", "said"),
    [
        (0, {"muted": [4]}, "network.layers[0].muted names unit 4"),
        (0, {"frozen": [-1]}, "network.layers[0].frozen names unit -1"),
        (0, {"frozen": [1, 1]}, "network.layers[0].frozen names unit 1"),
        (0, {"frozen": [2, 1]}, "network.layers[0].frozen names unit 2"),
        (2, {"muted": [0]}, "network.layers[2].muted must be empty: the output"),
        (1, {"activation": "softmax", "muted": [0]}, "shares of one whole"),
        (0, {"muted": [True]}, "Expected `int`"),
        (0, {"muted": 1}, "Expected `array`"),
    ],
)
def test_meaningless_units_are_refused(layer, fields: dict[str, Any], said):
    value = json.loads(encode(THREE))
    value["network"]["layers"][layer].update(fields)
    with pytest.raises(LayerwiseError) as caught:
        decode(json.dumps(value).encode())
    assert said in str(caught.value)


def test_edits_of_a_layer_keep_only_existing_units():
    both = edits.freeze_unit(edits.mute_unit(edits.mute_unit(THREE, 1, 1), 1, 3), 1, 3)
    fewer = edits.set_units(both, 1, 3)
    assert (fewer.muted, fewer.frozen) == ({1: (1,)}, {})
    assert edits.set_activation(both, 1, "softmax").muted == {}
    assert edits.set_activation(both, 1, "softmax").frozen == {1: (3,)}
    assert edits.move_layer(both, 1, 2).muted == {2: (1, 3)}
    with pytest.raises(LayerwiseError, match="The output is what is trained"):
        edits.mute_unit(both, 3, 0)
    frozen_output = edits.freeze_unit(both, 3, 0)
    assert edits.choose_source(frozen_output, "blobs").frozen == {1: (3,), 3: (0,)}


def test_a_clone_is_muted_and_frozen_like_its_original():
    before = edits.freeze_unit(edits.mute_unit(THREE, 1, 2), 1, 2)
    after = edits.clone_unit(before, 1, 2)
    assert after.sizes() == (2, 5, 3, 1)
    assert (after.muted, after.frozen) == ({1: (2, 4)}, {1: (2, 4)})
    assert edits.clone_unit(before, 1, 0).muted == {1: (2,)}
    with pytest.raises(LayerwiseError, match="only hidden layers"):
        edits.clone_unit(THREE, 3, 0)


# --- frozen ---


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.data())
def test_the_places_of_units(sizes, data):
    L = len(sizes) - 1
    units = {l: data.draw(st.sets(st.integers(0, sizes[l] - 1))) for l in range(1, L + 1)}
    places = places_of(sizes, {l: sorted(rows) for l, rows in units.items()})
    p = Parameters(sizes)
    p.flat[places] = 1.0
    for l, rows in units.items():
        assert {i for i, row in enumerate(p.Wb[l]) if row.all()} == rows
        assert p.Wb[l].sum() == len(rows) * (sizes[l - 1] + 1)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 16])
def test_a_frozen_unit_stays_and_the_others_learn(optimizer, batch_size):
    given_ = edits.freeze_unit(edits.freeze_unit(THREE, 1, 2), 3, 0)
    given_ = edits.with_training(
        given_, optimizer=optimizer, batch_size=batch_size, learning_rate=0.05, l2=0.1
    )
    session = Session(given_)
    before = Parameters(session.p.sizes, flat=session.p.flat.copy())
    for _ in range(12):
        record = session.record()
        run(session, 1)
        np.testing.assert_array_equal(record.after.flat, session.p.flat)
    for l, block in session.p.Wb.items():
        stays = [i for i, row in enumerate(block) if np.array_equal(row, before.Wb[l][i])]
        assert stays == {1: [2], 2: [], 3: [0]}[l]


def test_in_gram_form_too():
    given_ = project((6, "relu"), (1, "sigmoid"), learning_rate=0.05)
    session = run(Session(given_, split=wide()), 3)
    before = session.p.flat.copy()
    session.retune(edits.freeze_unit(edits.mute_unit(given_, 1, 4), 1, 1))
    run(session, 20)
    assert session.gram
    p, old = session.p, Parameters(session.p.sizes, flat=before)
    np.testing.assert_allclose(p.Wb[1][1], old.Wb[1][1], rtol=1e-13)
    np.testing.assert_allclose(p.Wb[1][4], old.Wb[1][4], rtol=1e-13)
    assert not np.allclose(p.Wb[1][0], old.Wb[1][0])
    assert p.W[2][0, 4] == old.W[2][0, 4]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_freezing_and_thawing_forgets_nothing(optimizer):
    given_ = edits.with_training(THREE, optimizer=optimizer, learning_rate=0.02)
    one, two = run(Session(given_), 9), run(Session(given_), 9)
    two.retune(edits.freeze_unit(edits.mute_unit(given_, 1, 1), 1, 2))
    two.retune(given_)
    assert np.array_equal(run(one, 9).p.flat, run(two, 9).p.flat)
    assert np.array_equal(one.costs, two.costs)


# --- muted ---


def by_loops(session):
    p, train = session.p, session.split.train
    W = {l: W.tolist() for l, W in p.W.items()}
    b = {l: b.tolist() for l, b in p.b.items()}
    X, Y, names = train.X.tolist(), train.Y.tolist(), session.project.activations
    return oracle.one_pass(W, b, X, Y, names, "cross_entropy", muted=session.project.muted)


def test_everything_that_looks_sees_a_muted_unit_as_0():
    session = run(Session(THREE), 5)
    watcher = Watcher(session)
    hidden_of = Hidden(Viewpoint(2, (1, 0)))
    asks = Boundary(), Thumbnails(((2, 1),)), Activations(2), NextIteration(), hidden_of
    before = seen(watcher, *asks)
    session.retune(edits.mute_unit(THREE, 2, 1))
    watcher.forget()
    after, made = seen(watcher, *asks), by_loops(session)
    assert after.train.cost == pytest.approx(made.J, rel=1e-12)
    field, maps, A, record, hidden = (answer_in(after, type(ask)) for ask in asks)
    np.testing.assert_allclose(A, np.array(made.A[2]), rtol=1e-9)
    assert not A[1].any()
    assert not hidden.points[0].any()
    for name, layers in (("A", made.A), ("dZ", made.dZ), ("dW", made.dW)):
        found = record.array(name, 2)
        np.testing.assert_allclose(found, np.array(layers[2]), rtol=1e-9, atol=1e-14)
    assert np.ptp(maps.levels[2, 1]) == 0 < np.ptp(answer_in(before, Thumbnails).levels[2, 1])
    assert not np.allclose(field.values, answer_in(before, Boundary).values)
    run(session, 1)
    assert session.costs[-1] == pytest.approx(made.J, rel=1e-12)
    np.testing.assert_allclose(session.grad.W[2], np.array(made.dW[2]), rtol=1e-9, atol=1e-14)


def test_a_muted_unit_learns_nothing_and_returns_unchanged():
    session = run(Session(THREE), 5)
    row, out = session.p.Wb[1][2].copy(), session.p.W[2][:, 2].copy()
    session.retune(edits.mute_unit(THREE, 1, 2))
    run(session, 10)
    assert np.array_equal(session.p.Wb[1][2], row)
    assert np.array_equal(session.p.W[2][:, 2], out)
    assert session.iteration == 15


def test_replay_repeats_muting_and_freezing():
    live = Session(THREE, past=Timeline())
    seen = {}
    for i in range(30):
        if i == 10:
            live.retune(edits.mute_unit(THREE, 1, 2))
        if i == 20:
            live.retune(edits.freeze_unit(THREE, 1, 0))
        seen[i] = live.p.flat.copy()
        live.step()
    for i in (5, 10, 15, 20, 29):
        visit = Replay(live, i)
        while not visit.there:
            visit.advance()
        assert np.array_equal(visit.session.p.flat, seen[i])


def test_the_run_continues_when_a_unit_is_muted_and_saves_it(driver):
    muted = edits.mute_unit(THREE, 1, 0)
    driver.post(Load(THREE, 1))
    driver.post(Retune(muted))
    snapshot = driver.look(State(), Thumbnails(((1, 0),)))
    assert snapshot.run == 1
    assert np.ptp(answer_in(snapshot, Thumbnails).levels[1, 0]) == 0
    saved = storage.decode(storage.encode(Saved(muted, snapshot.state)), "a.layerwise")
    assert saved.project.muted == {1: (0,)}
    again = Session(saved.project, state=saved.state)
    assert not again.activations(1, fresh=True)[0].any()


# --- cloned and nudged ---


@pytest.mark.parametrize("trained", [0, 7])
def test_a_clone_leaves_the_function_as_it_is(driver, trained):
    after = edits.clone_unit(THREE, 1, 2)
    before = run(Session(THREE), trained)
    driver.post(Load(THREE, 1, state=before.state()))
    driver.post(Load(after, 2, keep=True, by_hand=Clone(1, 2)))
    made = driver.look(Activations(3))
    assert made.sizes == (2, 5, 3, 1)
    np.testing.assert_allclose(
        made.answer(Activations(3)), before.activations(3, fresh=True), rtol=1e-12
    )
    p, old = made.parameters(), before.p
    assert np.array_equal(p.Wb[1][[2, 4]], old.Wb[1][[2, 2]])
    assert np.array_equal(p.W[2][:, [2, 4]], old.W[2][:, [2, 2]] / 2)
    back = column_of(old, 1, 2)  # what an undo sets back
    driver.post(Load(THREE, 3, keep=True, by_hand=back))
    assert np.array_equal(driver.look().flat, old.flat)


def test_a_nudge_is_small_the_same_for_the_same_seed_and_of_one_unit():
    session = run(Session(THREE), 5)
    before = session.p.flat.copy()
    one, two, other = (nudge(session.p, 2, 1, seed) for seed in (3, 3, 4))
    assert one == two != other
    assert set(one.values) == set(row_of(session.p, 2, 1).values)
    session.adjust(one)
    moved = Parameters(session.p.sizes, flat=session.p.flat - before)
    old = Parameters(session.p.sizes, flat=before)
    size = float(np.sqrt(np.mean(old.Wb[2][1] ** 2)))
    assert 0 < np.abs(moved.Wb[2][1]).max() < 0.5 * size
    assert np.count_nonzero(session.p.flat != before) == 5
    session.adjust(row_of(old, 2, 1))
    assert np.array_equal(session.p.flat, before)


def test_a_nudge_breaks_the_symmetry_of_zeros():
    p = Parameters((2, 3, 1))
    numbers = nudge(p, 1, 0, 1)
    assert 0 < max(abs(value) for value in numbers.values.values()) < 0.1


def test_the_train_command_leaves_frozen_units_and_says_which_are_muted(tmp_path):
    given_ = edits.freeze_unit(edits.mute_unit(THREE, 1, 1), 1, 3)
    given_ = edits.with_training(given_, iterations=20)
    path, out, report = (tmp_path / name for name in ("p.json", "w.npz", "r.json"))
    write_project(path, given_)
    command = ["train", str(path), "--export", str(out), "--report", str(report)]
    assert cli.main(command) == 0
    start, trained = Session(given_).p, np.load(out)
    assert np.array_equal(trained["W1"][3], start.W[1][3])
    assert not np.array_equal(trained["W1"][0], start.W[1][0])
    assert json.loads(str(trained["project"]))["network"]["layers"][0]["muted"] == [1]
    expected = run(Session(given_), 20).score()[0].cost
    assert json.loads(report.read_text())["final_cost"] == pytest.approx(expected, rel=1e-12)


def test_switching_a_unit_is_marked_in_the_run():
    session = run(Session(THREE), 5)
    session.retune(edits.mute_unit(edits.mute_unit(THREE, 1, 1), 1, 2))
    run(session, 5)
    session.retune(edits.freeze_unit(THREE, 2, 0))
    found = [(m.iteration, m.what, m.before, m.after) for m in session.curves.marks]
    assert found == [
        (5, "muted[1]", None, "2, 3"),
        (10, "muted[1]", "2, 3", None),
        (10, "frozen[2]", None, "1"),
    ]
