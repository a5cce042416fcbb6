"""Who may know whom, who may touch the disk, how long things may be: ARCHITECTURE.md, checked."""

import ast
import sys
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.trees import nodes_of, tree_of

ROOT = Path(__file__).parents[1]

# Who may import whom inside the project. The longest row that a module lies under is its own; a
# name stands for everything under it, and a module always knows what shares a folder of its own
# (gui/panels/stepper/*). A new import between them is a decision, made here.
MATHEMATICS = {"core/rounding", "core/errors", "core/nn"}
EXAMPLES = {"core/errors", "core/progress", "core/data"}
SETTINGS = {
    *MATHEMATICS, *EXAMPLES, "core/limits", "core/settings", "core/hyperparameters",
    "core/layers", "core/project",
    "core/state", "core/runs",
}  # fmt: skip
LOOKS = {"gui/style/theme", "gui/style/text", "gui/style/resources"}
SAVING = {"gui/files/open_save"}


def model(*names: str) -> set[str]:
    """Modules of gui/model."""
    return {f"gui/model/{name}" for name in names}


MAY_KNOW: dict[str, set[str]] = {
    "main": {
        "core/cli", "core/check/command", "core/export/command", "core/lessons/command",
        "core/sweep/command", "gui/app",
    },
    "core/errors": set(),
    "core/cells": set(),
    "core/progress": set(),
    "core/rounding": set(),
    "core/nn": MATHEMATICS,
    "core/data": EXAMPLES,
    "core/limits": {"core/errors"},
    "core/span": set(),
    "core/hyperparameters": SETTINGS,
    "core/settings": {*MATHEMATICS, *EXAMPLES, "core/limits"},
    "core/layers": {*MATHEMATICS, "core/limits", "core/settings"},
    "core/project": SETTINGS,
    "core/state": MATHEMATICS,
    "core/runs": SETTINGS,
    "core/by_hand": {*MATHEMATICS, "core/limits", "core/state"},
    "core/view": SETTINGS,
    "core/edits": SETTINGS,
    "core/training": {
        *SETTINGS, "core/by_hand", "core/edits", "core/look", "core/span", "core/walk",
        "core/training",
    },
    "core/look": {
        *SETTINGS, "core/by_hand", "core/span", "core/training", "core/walk", "core/look",
    },
    "core/walk": {*MATHEMATICS, "core/limits", "core/walk"},
    "core/files": {*SETTINGS, "core/view", "core/files"},
    "core/files/lessons": {*SETTINGS, "core/edits", "core/lessons", "core/view", "core/files"},
    "core/files/lesson_draft": {*SETTINGS, "core/lessons", "core/files"},
    "core/files/answers": {"core/errors", "core/lessons/handed", "core/files"},
    "core/lessons/command": {
        "core/errors", "core/files/answers", "core/files/disk", "core/lessons/handed",
        "core/terminal",
    },
    "core/files/lesson_progress": {"core/errors", "core/lessons/progress", "core/files"},
    "core/lessons": {*SETTINGS, "core/cells", "core/runs", "core/lessons"},
    "core/lessons/seen": {*SETTINGS, "core/look", "core/training/session"},
    "core/labs": {*SETTINGS, "core/edits", "core/training", "core/walk/record", "core/labs"},
    "core/terminal": {"core/errors", "core/files/disk"},
    "core/sweep": {
        *SETTINGS, "core/cells", "core/edits", "core/training", "core/files", "core/terminal",
        "core/sweep",
    },
    "core/check": {
        *SETTINGS, "core/training/data_source", "core/files", "core/terminal", "core/check",
    },
    "core/export": {
        *SETTINGS, "core/files", "core/terminal", "core/training/data_source",
        "core/training/start", "core/export",
    },
    "core/check/child": {"core/errors", "core/check"},
    "core/library": {
        *SETTINGS, "core/edits", "core/files", "core/look", "core/training/session",
    },
    "core/__init__": {"core"},
    "core/cli": {"core"},
    "gui/style/text": {"core"},
    "gui/style/paths": set(),
    "gui/style/stylesheet": {"gui/style/paths"},
    "gui/style/fonts": {"gui/style/paths"},
    "gui/style/theme": {"core", "gui/style/fonts", "gui/style/stylesheet"},
    "gui/style/resources": {"core", "gui/style/theme", "gui/style/paths"},
    "gui/display": set(),
    "gui/garbage": set(),
    "gui/parts": {"core/errors"},
    "gui/parts_lock": {"gui/parts"},
    "gui/actions": {"core", "gui/parts", *LOOKS},
    "gui/errors": {"core", "gui/widgets", *LOOKS},
    "gui/model/document": {"core", "gui/style/text"},
    "gui/model/pace": set(),
    "gui/model/thread": {"core"},
    "gui/model/runs": {"core", "gui/style/text"},
    "gui/model/layer_edits": {"core", "gui/style/text", *model("document", "selection")},
    "gui/model/data_cache": {"core", *model("document", "runs")},
    "gui/model/viewers": {"core"},
    "gui/model/parked": {"core", *model("document", "runs", "thread")},
    "gui/model/training": {
        "core", "gui/style/text",
        *model("document", "pace", "runs", "data_cache", "parked", "thread", "viewers"),
    },
    "gui/model/playback": {"core", *model("training")},
    "gui/model/selection": {"core"},
    "gui/model/walk": {"core"},
    "gui/docks": {"core/errors", "gui"},
    "gui/layout_table": set(),
    "gui/layout_room": {"gui/docks", "gui/layout_table", "gui/widgets", *LOOKS},
    "gui/layouts": {
        "gui/actions", "gui/docks", "gui/layout_room", "gui/layout_table", "gui/widgets", *LOOKS,
    },
    "gui/presentation": {"gui/layouts", *LOOKS},
    "gui/command_palette": {"gui/parts", "gui/widgets", *LOOKS},
    "gui/files/bundled": {"core"},
    "gui/files/recent": set(),
    "gui/files/run_state": {"core", *model("document", "training"), "gui/dialogs"},
    "gui/files/open_save": {
        "core", *model("document", "training", "selection"), "gui/dialogs", "gui/errors",
        "gui/files/recent", "gui/files/run_state", *LOOKS,
    },
    "gui/files/data_import": {"core", *model("document", "training"), "gui/dialogs", *SAVING},
    "gui/files/code_export": {"core", *model("document", "training"), "gui/dialogs", *SAVING},
    "gui/files/film": {"core", *model("training"), "gui/dialogs", *SAVING, "gui/style/text"},
    "gui/files/recovery": {"core", *model("document", "training"), "gui/dialogs", *SAVING},
    "gui/widgets": {"core", "gui/widgets", *LOOKS},
    "gui/plots/pixels": {"core"},
    "gui/paper": {
        "core", "gui/matrix", "gui/stepper", "gui/widgets", "gui/paper", "gui/style/fonts", *LOOKS,
    },
    "gui/paper/device": {"gui/widgets"},
    "gui/paper/dialog": {"core/files/disk", "gui/widgets", *SAVING, *LOOKS},
    "gui/figures": {
        "core", *model("selection", "walk"), "gui/canvas/view", "gui/docks", "gui/panels/base",
        "gui/panels/stepper", "gui/paper", "gui/plots/export", *SAVING, *LOOKS,
    },
    "gui/plots": {
        "core", "gui/paper/device", "gui/widgets", "gui/plots", "gui/style/fonts", *LOOKS,
    },
    "gui/plots/menu": {
        "core", "gui/paper/dialog", "gui/widgets", "gui/plots", *SAVING, *LOOKS,
    },
    "gui/plots/lasso": {"core", *model("selection"), "gui/widgets", "gui/plots", *LOOKS},
    "gui/matrix": {"core", "gui/actions", "gui/widgets", "gui/matrix", *LOOKS},
    "gui/controls": {
        "core", *model("document"), "gui/parts", "gui/widgets", "gui/controls", *LOOKS,
    },
    "gui/check": {
        "core", *model("document", "training"), "gui/files/open_save", "gui/dialogs/job",
        "gui/widgets", "gui/matrix", "gui/check", *LOOKS,
    },
    "gui/dialogs": {"core", *model("document"), "gui/actions", "gui/widgets", *LOOKS},
    "gui/dialogs/table": {"core", "gui/dialogs/job", "gui/widgets", *LOOKS},
    "gui/canvas": {
        "core", *model("document", "layer_edits", "selection"), "gui/actions", "gui/widgets",
        "gui/canvas", "gui/parts", "gui/plots/pixels", "gui/plots/cost_line", "gui/style/fonts",
        *LOOKS,
    },
    "gui/stepper": {
        "core", *model("walk", "selection"), "gui/actions", "gui/widgets", "gui/matrix",
        "gui/parts", "gui/stepper", *LOOKS,
    },
    "gui/paint": {
        "core", *model("document", "training"), "gui/widgets", "gui/plots", "gui/paint", *LOOKS,
    },
    "gui/panels": {
        "core", *model("document", "training", "selection", "walk", "playback"), "gui/actions",
        "gui/parts", "gui/plots", "gui/widgets", "gui/stepper", "gui/controls", "gui/panels/base",
        *LOOKS,
    },
    "gui/panels/layers": {
        "core", *model("document", "training", "selection", "layer_edits"), "gui/actions",
        "gui/parts", "gui/widgets", "gui/panels/base", *LOOKS,
    },
    "gui/labs": {
        "core", *model("document", "training", "selection", "walk"), "gui/parts", "gui/plots",
        "gui/widgets", "gui/matrix", "gui/panels/base", "gui/dialogs/job", "gui/labs", *LOOKS,
    },
    "gui/lessons": {
        "core", *model("document", "training", "selection", "walk"), "gui/actions", "gui/docks",
        "gui/files", "gui/layouts", "gui/parts", "gui/panels/stepper", "gui/panels/surface",
        "gui/canvas/view", "gui/canvas/weight_card", "gui/stepper", "gui/sweep/command",
        "gui/sweep/runner", "gui/widgets", "gui/labs/plot", "gui/lessons", *LOOKS,
    },
    "gui/lessons/handout": {
        "core", "gui/canvas/scene", "gui/files/open_save", "gui/paper", "gui/plots", *LOOKS,
    },
    "gui/sweep": {
        "core", *model("document", "training"), "gui/errors", "gui/widgets", "gui/plots",
        "gui/sweep", *SAVING, *LOOKS,
    },
    "gui/menus": {
        "core/files/disk", "gui/actions", "gui/command_palette", "gui/dialogs", "gui/docks",
        "gui/figures",
        "gui/files", "gui/layout_table", "gui/layouts", "gui/parts", "gui/presentation", *LOOKS,
    },
    "gui/main_window": {"core", "gui"},
    "gui/app": {"core", "gui"},
}  # fmt: skip
# The rows above say "core" for short; these two never leave the training thread.
TRAINING_THREAD = ("core/training/loop", "core/training/session")
KNOW_THE_THREAD = ("core", "gui/model/thread", "gui/model/training")

LIBRARIES = {
    "main": set[str](),
    "core": {"numpy", "msgspec"},
    "core/files/pictures": {"numpy", "PIL"},
    "core/files/film": {"numpy", "PIL"},
    "core/files/course": {"numpy", "h5py"},  # imported when used, as the next three are
    "core/files/spreadsheet": {"openpyxl"},
    "core/data/table/grid": {"numpy", "pandas"},
    "core/data/table/source": {"charset_normalizer"},
    "core/sweep/workers": {"distributed"},  # an extra, imported when used
    "core/export/onnx": {"numpy", "onnx"},  # likewise
    "gui": {"numpy", "msgspec", "PySide6", "shiboken6", "ziamath", "PIL"},
    "gui/plots/pg": {"pyqtgraph"},
}
NEVER = {
    "main": set[str](),
    "core": {"threading", "_thread", "pickle"},
    "core/sweep/workers": {"_thread", "pickle"},  # a thread a worker waits for its parent's end
    "gui": {"pickle"},
}

TOUCH_THE_DISK = (
    "core/files", "core/data/tables", "core/cli", "core/check/child",  # the last reads its request
    "gui/files/open_save", "gui/style/resources", "gui/errors",  # the last writes its log
)  # fmt: skip
DISK_NAMES = {
    "open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "rmdir", "touch",
    "unlink", "iterdir", "rglob", "tofile", "fromfile", "loadtxt", "savetxt", "genfromtxt",
    "memmap", "savez", "savez_compressed", "zipfile", "shutil", "tempfile", "QFile", "QSaveFile",
    "QTemporaryFile", "QDir",
}  # fmt: skip
DISK_CALLS = {
    "np.load", "np.save", "numpy.load", "numpy.save", "os.remove", "os.rename", "os.replace",
    "os.listdir", "os.scandir",
}  # fmt: skip
# QDialog.open shows a window, Files.open is a command
NOT_THE_DISK = {
    "self.open",
    "dialog.open",
    "buffer.open",
    "super().open",
    "self._files.open",
    "self.overflow.open",
    "self._overflow.open",
}
SHARED_RANDOM = {
    "seed",
    "rand",
    "randn",
    "randint",
    "random",
    "normal",
    "uniform",
    "permutation",
    "shuffle",
}

MOST_LINES = 600  # where a file is one thing; most stay under 400
MOST_LINES_OF_A_FUNCTION = 45


def row_of(where: str, rows: Container[str]) -> str | None:
    parts = where.split("/")
    above = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((row for row in above if row in rows), None)


def inside(name: str, folder: str) -> bool:
    return name == folder or name.startswith(folder + "/")


def imported(tree: ast.Module) -> Iterator[str]:
    """Every name imported, as a path: `from core.nn import losses` is core/nn/losses."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.replace(".", "/") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}/{alias.name}".replace(".", "/") for alias in node.names)


def wrong_neighbours(where: str, tree: ast.Module) -> Iterator[str]:
    row = row_of(where, MAY_KNOW)
    if row is None and Path(where).name != "__init__":
        yield "has no row in MAY_KNOW (tests/test_architecture.py): say whom it may know"
        return
    own_folder = "/".join(where.split("/")[: (row or where).count("/") + 2])
    allowed = {*MAY_KNOW.get(row or "", ()), own_folder}
    for name in imported(tree):
        if name.split("/")[0] in ("core", "gui", "tests", "benchmarks", "main"):
            if not any(inside(name, other) for other in allowed):
                yield f"imports {name}, which {row} may not know"
            if any(inside(name, part) for part in TRAINING_THREAD) and not any(
                inside(where, part) for part in KNOW_THE_THREAD
            ):
                yield f"imports {name}, which never leaves the training thread"


def wrong_libraries(where: str, tree: ast.Module) -> Iterator[str]:
    part = where.split("/")[0]
    ours = {"core", "gui", "tests", "benchmarks", "main"}  # wrong_neighbours knows about these
    for name in imported(tree):
        top = name.split("/")[0]
        never = NEVER[row_of(where, NEVER) or part]
        if top in never:
            yield f"imports {top}, which {part} never does"
        row = row_of(where, LIBRARIES) or part
        if top not in never and top not in ours | LIBRARIES[row] | sys.stdlib_module_names:
            yield f"imports {top}, which is not among the libraries of {part}"


def relative_imports(where: str, tree: ast.Module) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno}: relative import"


def disk(where: str, tree: ast.Module) -> Iterator[str]:
    if any(inside(where, part) for part in TOUCH_THE_DISK):
        return
    for node in nodes_of(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {part for name in imported(ast.Module([node], [])) for part in name.split("/")}
            touched = names & DISK_NAMES
        elif isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            known = call in DISK_CALLS or call.rpartition(".")[2] in DISK_NAMES
            touched = {call} if known and call not in NOT_THE_DISK else set()
        else:
            continue
        yield from (f"line {node.lineno}: {name} touches the disk" for name in sorted(touched))


def global_state(where: str, tree: ast.Module) -> Iterator[str]:
    if not inside(where, "core"):
        return
    for node in nodes_of(tree):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno}: global {', '.join(node.names)}"
        elif isinstance(node, ast.Call):
            owner, _, name = ast.unparse(node.func).rpartition(".")
            if owner in ("np.random", "numpy.random") and name in SHARED_RANDOM:
                yield f"line {node.lineno}: {owner}.{name} draws from the one shared generator"


def no_docstring(where: str, tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "has no docstring saying what the file is for"


def too_long(where: str, tree: ast.Module) -> Iterator[str]:
    last = max((node.end_lineno or 0 for node in tree.body), default=0)
    if last > MOST_LINES:
        yield f"has {last} lines, more than {MOST_LINES}"
    for node in nodes_of(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_A_FUNCTION:
                yield f"{node.name} has {length} lines, more than {MOST_LINES_OF_A_FUNCTION}"


def loose_painters(where: str, tree: ast.Module) -> Iterator[str]:
    """One that is still at work after an exception ends the process with its widget."""
    if where == "gui/widgets/painting":
        return
    ended = {
        id(item.context_expr)
        for node in nodes_of(tree)
        if isinstance(node, ast.With)
        for item in node.items
    }
    for node in nodes_of(tree):
        if isinstance(node, ast.Call) and id(node) not in ended:
            maker = ast.unparse(node.func)
            if maker in ("QPainter", "smooth"):
                yield f"line {node.lineno}: {ast.unparse(node)} is not ended by a `with`"


def guessing_tooltips(where: str, tree: ast.Module) -> Iterator[str]:
    """Qt's own takes what looks like markup for markup: words may be a file's or a user's."""
    if where.startswith("gui/") and where != "gui/widgets/tooltips":
        for node in nodes_of(tree):
            if isinstance(node, ast.ImportFrom) and any(n.name == "QToolTip" for n in node.names):
                yield f"line {node.lineno}: QToolTip; use gui.widgets.tooltips"


EVERYWHERE = (relative_imports, no_docstring, too_long)
IN_THE_PROGRAM = (
    *EVERYWHERE,
    wrong_neighbours,
    wrong_libraries,
    disk,
    global_state,
    loose_painters,
    guessing_tooltips,
)


def faults(where: str, source: str) -> list[str]:
    """What is wrong with a module, given its path without .py and its text."""
    program = where.split("/")[0] in LIBRARIES
    tree = tree_of(source)
    rules = IN_THE_PROGRAM if program else EVERYWHERE
    return [f"{where}: {fault}" for rule in rules for fault in rule(where, tree)]


def cycle(sources: Mapping[str, str]) -> list[str]:
    """A ring of modules that import each other, or nothing."""
    graph = {}
    for where, source in sources.items():
        found = (row_of(name, sources) for name in imported(ast.parse(source)))
        graph[where] = {other for other in found if other}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def shared_names(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """The public classes whose name another module gives to a class or a type, with the modules."""
    classes, found = set[str](), defaultdict[str, list[str]](list)
    for where, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes.add(node.name)
                found[node.name].append(where)
            elif isinstance(node, ast.Assign) and not isinstance(node.value, ast.Attribute):
                for target in node.targets:  # `Key = Qt.Key` only shortens a name of Qt
                    found[ast.unparse(target)].append(where)
    return {name: where for name, where in found.items() if name in classes and len(where) > 1}


def modules(*folders: str) -> dict[str, str]:
    paths = [path for folder in folders for path in sorted(ROOT.glob(folder))]
    return {
        path.relative_to(ROOT).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in paths
    }


PROGRAM = modules("main.py", "core/**/*.py", "gui/**/*.py")
REST = modules("tests/**/*.py", "benchmarks/**/*.py", "docs/**/*.py")
FOLDERS = sorted({where.split("/")[0] for where in {**PROGRAM, **REST}})


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_module_breaks_a_rule(folder):
    those = {w: text for w, text in {**PROGRAM, **REST}.items() if w.split("/")[0] == folder}
    broken = [fault for where, text in those.items() for fault in faults(where, text)]
    assert not broken, "\n".join(broken)


def test_no_modules_import_each_other_in_a_ring():
    assert not cycle(PROGRAM)


def test_every_class_has_a_name_of_its_own():
    assert not shared_names(PROGRAM)


def test_the_rules_saw_the_program():
    assert {"main", "core/nn/network", "gui/model/document"} <= set(PROGRAM)
