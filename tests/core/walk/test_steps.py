"""The steps: one per array, in order; their shapes agree; their code reproduces the pass."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.hyperparameters import DecaySettings, TrainingSettings
from core.project import Project
from core.training.session import Session
from core.walk.entry import Entry
from core.walk.explain import explain
from core.walk.steps import steps_of
from tests.core.nn.networks import Case, assert_same
from tests.core.walk.records import entries, record_of, records

TYPESET: set[str] = set()  # what ziamath has drawn: most records have most formulas in common


def names_of(record):
    """What the code of a record may use."""
    names = {
        "np": np,
        "X": record.A[0].copy(),
        "Y": record.Y.copy(),
        "m": record.m,
        "learning_rate": record.rate,
        "lambd": record.l2,
        "lambd1": record.l1,
        "train_m": record.train_m,
        "clip_norm": record.clip_norm,
        "t": record.t,
        **record.settings,
    }
    for l in range(1, record.L + 1):
        names[f"W{l}"], names[f"b{l}"] = record.p.W[l].copy(), record.p.b[l].copy()
        for letter, p in record.memory.items():
            names[f"{letter}_dW{l}"], names[f"{letter}_db{l}"] = p.W[l].copy(), p.b[l].copy()
    return names


@settings(max_examples=60)
@given(records())
def test_the_code_of_all_steps_in_order_reproduces_the_pass(record):
    names = names_of(record)
    with np.errstate(all="ignore"):
        for step in steps_of(record):
            exec(step.code, names)
            if step.target == "D":  # drawn by chance there
                names[f"D{step.layer}"] = record.D[step.layer]
    for l in range(record.L + 1):
        for target in ("A", "Z", "dA", "dZ", "dW", "db"):
            if record.has(target, l):
                assert_same(names[f"{target}{l}"], record.array(target, l), f"{target}{l}")
        if l:
            for letter, p in (("W", record.after.W), ("b", record.after.b)):
                np.testing.assert_allclose(names[f"{letter}{l}"], p[l], rtol=1e-9, atol=1e-12)
    if np.isfinite(record.J):
        assert names["J"] == pytest.approx(record.J, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("output", "units"), [("sigmoid", 1), ("softmax", 3)])
def test_the_line_of_the_cost_is_right_where_an_output_is_exactly_0_or_1(output, units):
    case = Case((2, 3, units), ("tanh", output), "cross_entropy", m=40, scale=1.0)
    usual = steps_of(record_of(case, l2=0.7))
    case.p.flat *= 3000
    record = record_of(case, l2=0.7)
    assert {0.0, 1.0} <= set(record.A[2].ravel())
    names = names_of(record)
    with np.errstate(all="ignore"):
        for step in steps_of(record):
            exec(step.code, names)
    assert names["J"] == pytest.approx(record.J, rel=1e-9)
    (line,) = [step.code for step in steps_of(record) if step.target == "J"]
    assert line.endswith("  # from Z: an exact 0 or 1 in A2 would need log(0)")
    (line,) = [step.code for step in usual if step.target == "J"]
    assert "np.log(A2)" in line
    assert "#" not in line


@settings(max_examples=60)
@given(records())
def test_steps_are_in_the_order_of_the_pass(record):
    steps = steps_of(record)
    phases = [step.phase for step in steps]
    assert phases == sorted(phases, key=["forward", "cost", "backward", "update"].index)
    assert steps[0].chip == "A[0]"
    assert steps[-1].chip == "update"
    assert len({step.chip for step in steps}) == len(steps)
    backward = [step.layer for step in steps if step.phase == "backward"]
    assert backward == sorted(backward, reverse=True)
    for step in steps:
        assert step.title
        assert step.caption.endswith((".", "?"))
        assert step.code


@settings(max_examples=60)
@given(records())
def test_every_number_belongs_to_exactly_one_step_or_to_none_of_this_iteration(record):
    steps = steps_of(record)
    given_ = {"W", "b", "Y"}
    for entry in entries(record):
        showing = [step for step in steps if step.shows(entry.target, entry.layer)]
        assert len(showing) == (0 if entry.target in given_ else 1), entry


@settings(max_examples=60)
@given(records())
def test_shapes_are_those_of_the_arrays_and_inner_dimensions_agree(record):
    for step in steps_of(record):
        for line in step.lines:
            for operand in (line.result, *line.operands):
                array = record.array(operand.target, operand.layer)
                assert operand.shape == (array.T if operand.transposed else array).shape
            if line.match is not None:
                left, right = line.operands[line.match.left], line.operands[line.match.right]
                assert left.shape[1] == right.shape[0] == line.match.size
                assert line.result.shape == (left.shape[0], right.shape[1])


@settings(max_examples=30)
@given(records())
def test_a_number_is_made_of_the_operands_of_its_step(record):
    for step in steps_of(record):
        if step.phase == "update" or (step.target == "A" and step.layer == 0):
            continue
        found = explain(record, Entry(step.target, step.layer))
        used = {(e.target, e.layer) for e in found.entries}
        assert used <= {(o.target, o.layer) for o in step.lines[0].operands}


def test_a_backward_step_reads_as_in_the_course():
    record = record_of(Case((2, 4, 3, 1), ("tanh", "tanh", "sigmoid"), "cross_entropy", m=400))
    step = next(step for step in steps_of(record) if step.chip == "dW[2]")
    (line,) = step.lines
    assert step.title == "Gradient of the weights of layer 2"
    assert step.code == "dW2 = np.dot(dZ2, A1.T) / m"
    assert line.text == "dW[2] = 1/400 · dZ[2] · A[1]ᵀ"
    assert line.shapes == "(3, 4) = (3, 400)·(400, 4)"
    assert step.latex == r"dW[2] = \frac{1}{400} \, dZ[2] \, A[1]^{T}"
    assert line.match is not None
    assert line.match.said == "400 examples"


def test_the_chips_of_a_small_network():
    record = record_of(Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy"))
    chips = "A[0] Z[1] A[1] Z[2] A[2] J dZ[2] dW[2] db[2] dA[1] dZ[1] dW[1] db[1] update"
    assert " ".join(step.chip for step in steps_of(record)) == chips


def test_the_walk_in_full_has_the_gradient_of_the_predictions():
    record = record_of(Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy")).in_full()
    steps = {step.chip: step for step in steps_of(record)}
    chips = "A[0] Z[1] A[1] Z[2] A[2] J dA[2] dZ[2] dW[2] db[2] dA[1] dZ[1] dW[1] db[1] update"
    assert " ".join(steps) == chips
    dA, dZ = steps["dA[2]"], steps["dZ[2]"]
    assert dA.latex == r"dA[2] = -\frac{Y}{A[2]} + \frac{1 - Y}{1 - A[2]}"
    assert dA.code == "dA2 = -Y / A2 + (1 - Y) / (1 - A2)"
    assert dZ.latex == r"dZ[2] = dA[2] \odot g'(Z[2])"
    assert dZ.code == "dZ2 = A2 - Y  # = dA2 * A2 * (1 - A2)"
    found = explain(record, Entry("dA", 2, 0, 0))
    assert found.text == "da₁[2](1) = −y₁(1) / a₁[2](1) + (1 − y₁(1)) / (1 − a₁[2](1))"
    assert "cancel" in explain(record, Entry("dZ", 2, 0, 0)).note


@pytest.mark.slow
@settings(max_examples=8)
@given(records())
def test_every_formula_can_be_typeset(record):
    zmath = pytest.importorskip("ziamath.zmath")
    formulas = [text for s in steps_of(record) for text in (s.detail, *(x.latex for x in s.lines))]
    first = {(e.target, e.layer): explain(record, e) for e in entries(record)}
    formulas += [found.latex for found in first.values()]
    for found in first.values():
        formulas += [term.with_numbers(lambda x: f"{x:+.3g}") for term in found.terms]
    for latex in sorted(set(filter(None, formulas)))[:40]:
        assert r"\left" not in latex  # drawn far too tall around a sum
        if latex not in TYPESET:
            zmath.Latex(latex).svg()
            TYPESET.add(latex)


def decaying_record():
    """The iteration that comes after 3 epochs of a decaying rate."""
    decay = DecaySettings(form="inverse", rate=0.5)
    session = Session(Project(training=TrainingSettings(decay=decay, optimizer="momentum")))
    for _ in range(3):
        session.step()
    return session.record()


def test_the_update_shows_the_rate_that_it_decayed_to_and_how():
    record = decaying_record()
    update = steps_of(record)[-1]
    assert update.title == "The update, α = 0.48"
    assert "After 3 epochs, α = 1.2 / (1 + 0.5 · 3) = 0.48." in update.caption
    assert update.code.startswith("learning_rate = 1.2 / (1 + 0.5 * epoch)\n")
    found = explain(record, Entry("step_W", 1, 0, 0))
    assert found.note.endswith("After 3 epochs, α = 1.2 / (1 + 0.5 · 3) = 0.48.")
    assert found.scale is not None
    assert found.scale.value == 0.48


def test_the_code_of_a_decaying_update_is_the_update():
    record = decaying_record()
    names = names_of(record)
    del names["learning_rate"]
    names["epoch"] = record.epoch
    for step in steps_of(record):
        exec(step.code, names)
    np.testing.assert_allclose(names["W1"], record.after.W[1], rtol=1e-9)
    np.testing.assert_allclose(names["b2"], record.after.b[2], rtol=1e-9)
