"""One table of settings: every field has its row, and nothing else lists what they are called."""

import ast
import re
from pathlib import Path

import msgspec
import pytest

from core import edits
from core.errors import LayerwiseError
from core.hyperparameters import TrainingSettings
from core.project import DataSettings, LayerSettings, NetworkSettings, Project, check
from core.settings import SETTINGS, OneOf, Real, Whole, Written, setting
from core.sweep.keys import KEYS, with_value
from core.training.changes import marked
from gui.model.training import what_is_trained

SAID_OF_SOMETHING_ELSE = {"data set"}  # what is found in the command palette
ROOT = Path(__file__).parents[2]


def paths(kind, group):
    """Of every field of a struct, those of structs in it in their place."""
    for field in msgspec.structs.fields(kind):
        path = f"{group}.{field.name}"
        inner = isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
        yield from paths(field.type, path) if inner else [path]


def test_every_setting_has_its_row_and_no_row_is_of_nothing():
    found = {*paths(DataSettings, "data"), *paths(NetworkSettings, "network")}
    found |= {*paths(LayerSettings, "network.layers[]"), *paths(TrainingSettings, "training")}
    assert found == set(SETTINGS)
    assert "training.decay.rate" in found


def test_rows_tell_each_other_apart_in_words_that_a_reader_knows():
    for each in ("label", "tip"):
        said = [getattr(row, each) for row in SETTINGS.values()]
        doubled = {words for words in said if said.count(words) > 1}
        assert not doubled
        assert all(said)
    assert not [row.label for row in SETTINGS.values() if "_" in row.label]
    assert setting("network.layers[12].units") is SETTINGS["network.layers[].units"]
    assert setting("training.rate") is None
    assert SETTINGS["training.beta1"].title == "β₁"  # and no capital Beta
    assert SETTINGS["training.loss"].title == "Loss"


LIMITED = [path for path, row in SETTINGS.items() if row.limits is not None]
OUTSIDE: dict[type, list[float | str]] = {
    Real: [-1.0, float("nan"), float("inf")],
    Whole: [-1, 10**12],
    OneOf: ["of no table"],
}


@pytest.mark.parametrize("path", LIMITED)
def test_a_value_outside_its_row_is_refused_by_its_path(path):
    row = SETTINGS[path]
    where = path.replace("[]", "[0]")
    for value in OUTSIDE[type(row.limits)]:
        with pytest.raises(LayerwiseError, match=f"^{re.escape(where)} is "):
            check(with_value(Project(), where, value))


def changed(project, path):
    """The project with another value at a path, of its type."""
    row, where = SETTINGS[path], path.replace("[]", "[0]")
    if row.written is Written.UNITS:
        return edits.mute_unit(project, 1, 1) if row.name == "muted" else freeze(project)
    known = {"training.dtype": "float32", "training.loss": "squared_error"}
    value = known.get(path) or (list(row.choices)[-1] if row.choices else 0.5)
    value = 7 if isinstance(row.limits, Whole) else value
    return with_value(project, where, value)


def freeze(project):
    first, *rest = project.network.layers
    first = msgspec.structs.replace(first, frozen=(0,))
    return edits.with_network(project, layers=(first, *rest))


@pytest.mark.parametrize(
    "path", [path for path in SETTINGS if path.startswith(("training.", "network.layers[]."))]
)
def test_a_run_continues_under_another_value_if_the_row_says_so(path):
    before, after = Project(), changed(Project(), path)
    assert before != after
    check(after)
    assert (what_is_trained(before) == what_is_trained(after)) is SETTINGS[path].in_run
    ends = path == "training.iterations" or path.startswith("training.stop.")
    assert bool(SETTINGS[path].mark) is (SETTINGS[path].in_run and not ends)
    if SETTINGS[path].mark:
        found = marked((), 3, before, after)
        if not path.startswith("training.decay.") or path.endswith("form"):
            assert [mark.what.partition("[")[0] for mark in found] == [SETTINGS[path].mark]


def test_the_window_and_the_sweep_take_their_names_from_the_table():
    """A name of two words, or a tip, that is written a second time in the program is a copy."""
    words = {row.tip for row in SETTINGS.values()}
    words |= {row.label for row in SETTINGS.values() if " " in row.label}
    words |= {row.title for row in SETTINGS.values() if " " in row.label}
    words -= SAID_OF_SOMETHING_ELSE
    copies = [
        f"{path.relative_to(ROOT)}: {node.value}"
        for folder in ("core", "gui")
        for path in (ROOT / folder).rglob("*.py")
        if path != ROOT / "core/settings.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in words
    ]
    assert not copies
    assert {key.path for key in KEYS.values()} < set(SETTINGS)
    assert all(key.suggested for key in KEYS.values())


def test_the_readme_lists_every_key_of_a_sweep():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = readme[
        readme.index("`KEY` is ") : readme.index("or a path into the project's JSON such")
    ]
    assert set(re.findall(r"`(\w+)`", listed)) == {*KEYS, "KEY"}
