"""The texts of a gradient check: for the lamp, the table and the summary."""

from __future__ import annotations

from core.nn.activations import ACTIVATIONS
from core.nn.gradient_check import GradientDifference
from core.walk.record import Record
from gui.stepper.check import GradientChecks
from gui.style import text


def name_of(difference: GradientDifference) -> str:
    """`dW[2]`."""
    return f"d{difference.array}[{difference.layer}]"


def lamp_of(checks: GradientChecks) -> tuple[str, str]:
    """The text of the lamp, and its palette colour."""
    result = checks.result
    if checks.record is None:
        return "–", "faint"
    if checks.running:
        done = 0.0 if result is None else result.done / result.total
        return f"{100 * done:.0f} %", "accent"
    if result is None:
        return "check", "accent"
    if not checks.done:
        return "cancelled", "muted"
    if result.passed:
        return f"✓ {text.magnitude(result.overall.relative)}", "muted" if checks.stale else "good"
    if not checks.wrong:
        return "nothing compared", "warning"
    names = [name_of(difference) for difference in checks.wrong]
    return f"✗ {names[0]}{' …' if len(names) > 1 else ''}", "muted" if checks.stale else "error"


def sentence_of(checks: GradientChecks) -> tuple[str, str]:
    """The result of the check in words, and its palette colour."""
    result, record = checks.result, checks.checked
    if result is None or record is None:
        return ("Comparing …" if checks.running else ""), "muted"
    if not checks.done:
        so_far = f"{text.count(result.done)} of {text.count(result.total)} parameters compared"
        return f"{so_far}{'' if checks.running else ', then cancelled'}.", "muted"
    of = f" (of iteration {text.count(record.iteration)})" if checks.stale else ""
    if checks.wrong:
        return f"{_wrong(checks)}{of}", "error"
    if not result.overall.checked:
        return "No parameter could be compared: each is at a kink.", "warning"
    compared = text.count(result.overall.checked)
    found = f"The gradient is right, by {compared} parameters compared{of}."
    return found, "good"


def _wrong(checks: GradientChecks) -> str:
    names = [name_of(difference) for difference in checks.wrong]
    compared = sum(array.checked > 0 for array in checks.result.arrays) if checks.result else 0
    if len(names) == compared > 2:
        return "Every array is wrong: look for a mistake they all share."
    layers = sorted({difference.layer for difference in checks.wrong})
    where = "layer" if len(layers) == 1 else "layers"
    listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
    verb = "is" if len(names) == 1 else "are"
    return f"{listed} {verb} wrong: look at {where} {', '.join(map(str, layers))}."


def notes_of(checks: GradientChecks) -> str:
    """Notes on a result: skipped parameters, and differences too small to measure."""
    result, record = checks.result, checks.checked
    if result is None or record is None:
        return ""
    notes = []
    if skipped := result.overall.skipped:
        notes.append(_skipped(record, skipped))
    if checks.done and record.p.flat.dtype != "float64":
        notes.append("Both were recomputed in float64.")
    if record.l1 or record.l2:
        notes.append("What regularization adds is left out.")
    if record.clip_norm:
        notes.append("The gradient is compared as it is before clipping.")
    return " ".join(notes)


def _skipped(record: Record, skipped: int) -> str:
    kinked = sorted({ACTIVATIONS[g].label for g in record.activations if ACTIVATIONS[g].kinked})
    which = f" of {', '.join(kinked)}" if kinked else ""
    if skipped == 1:
        return f"1 parameter is at a kink{which}, where no derivative exists: skipped."
    count = text.count(skipped)
    return f"{count} parameters are at a kink{which}, where no derivative exists: skipped."
