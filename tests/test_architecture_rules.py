"""Every rule of tests/test_architecture.py finds what it forbids, planted here."""

import pytest

from tests.test_architecture import (
    MOST_LINES,
    MOST_LINES_OF_A_FUNCTION,
    cycle,
    faults,
    shared_names,
)

LONG_FUNCTION = "def f():\n" + "    x = 1\n" * MOST_LINES_OF_A_FUNCTION
# For every rule a module that breaks it, and how the fault begins to read.
PLANTED = [
    ("core/nn/bad", "from PySide6.QtCore import QObject", "imports PySide6"),
    ("core/data/bad", "import scipy", "imports scipy"),
    ("core/training/bad", "import threading", "imports threading"),
    ("core/files/bad", "def f():\n    import pickle", "imports pickle"),
    ("core/files/bad", "import h5py", "imports h5py"),
    ("core/sweep/bad", "import threading", "imports threading"),
    ("core/sweep/bad", "import distributed", "imports distributed"),
    ("core/project", "from gui.style.theme import theme", "imports gui/style/theme"),
    ("core/project", "import gui.style.theme", "imports gui/style/theme"),
    ("core/nn/bad", "from core.data.datasets import DATASETS", "imports core/data"),
    ("core/data/bad", "from core import nn", "imports core/nn"),
    ("core/files/bad", "from core.training import messages", "imports core/training"),
    ("core/training/bad", "from core.files import storage", "imports core/files"),
    ("core/errors", "from core import project", "imports core/project"),
    (
        "gui/panels/cost/panel",
        "from gui.panels.data.panel import Data",
        "imports gui/panels/data/panel",
    ),
    ("gui/panels/cost/panel", "from gui.panels.data import panel", "imports gui/panels/data/panel"),
    ("gui/panels/cost/panel", "import gui.panels.base_of_others", "imports gui/panels/base_of"),
    ("gui/panels/cost/panel", "from gui.canvas.view import View", "imports gui/canvas"),
    ("gui/panels/cost/panel", "from gui.main_window import MainWindow", "imports gui/main_window"),
    (
        "gui/panels/cost/panel",
        "from core.training.session import Session",
        "imports core/training/session",
    ),
    ("gui/canvas/bad", "from gui.model.training import Training", "imports gui/model/training"),
    ("gui/canvas/bad", "from gui.panels import base", "imports gui/panels"),
    ("gui/dialogs/bad", "from gui.model.training import Training", "imports gui/model/training"),
    ("gui/widgets/bad", "from gui.model.document import Document", "imports gui/model/document"),
    ("gui/model/document", "from gui.model.training import Training", "imports gui/model/training"),
    ("gui/style/theme", "from gui.model.document import Document", "imports gui/model/document"),
    ("gui/bad", "import os", "has no row"),
    ("gui/widgets/bad", "from tests.core import oracle", "imports tests/core"),
    ("gui/widgets/bad", "import matplotlib", "imports matplotlib"),
    ("gui/panels/cost/panel", "import pickle", "imports pickle"),
    ("main", "import numpy", "imports numpy"),
    ("core/nn/bad", "text = open('x').read()", "line 2: open touches"),
    ("core/project", "def f(path):\n    path.read_bytes()", "line 3: path.read_bytes touches"),
    ("core/data/bad", "import numpy as np\nx = np.load('x')", "line 3: np.load touches"),
    ("core/training/bad", "import zipfile", "line 2: zipfile touches"),
    ("gui/panels/cost/panel", "from PySide6.QtCore import QSaveFile", "line 2: QSaveFile touches"),
    ("core/nn/bad", "def f():\n    global x\n    x = 1", "line 3: global x"),
    ("core/nn/bad", "import numpy as np\nnp.random.seed(1)", "line 3: np.random.seed draws"),
    ("core/nn/bad", "from . import losses", "line 2: relative import"),
    ("tests/bad", "from .core import oracle", "line 2: relative import"),
    (
        "gui/style/theme",
        "def f(w):\n    p = QPainter(w)\n    p.end()",
        "line 3: QPainter(w) is not ended",
    ),
    ("gui/matrix/bad", "from PySide6.QtWidgets import QToolTip", "line 2: QToolTip"),
    ("core/nn/bad", "x = 1\n" * MOST_LINES, f"has {MOST_LINES + 1} lines"),
    ("gui/style/theme", LONG_FUNCTION, f"f has {MOST_LINES_OF_A_FUNCTION + 1} lines"),
    ("gui/style/theme", "class C:\n " + LONG_FUNCTION.replace("\n", "\n "), "f has"),
]


@pytest.mark.parametrize(("where", "source", "fault"), PLANTED)
def test_every_rule_can_fail(where, source, fault):
    found = faults(where, f'"""Planted."""\n{source}')
    assert any(text.startswith(f"{where}: {fault}") for text in found), found


def test_a_missing_docstring_is_found():
    assert faults("core/nn/bad", "x = 1") == [
        "core/nn/bad: has no docstring saying what the file is for"
    ]


GOOD = [
    ("core/nn/good", "import numpy as np\nfrom core.errors import LayerwiseError\nimport math"),
    ("core/training/loop", "from queue import SimpleQueue\nfrom core.nn.network import forward"),
    ("core/files/storage", "import zipfile\nimport numpy as np\nnp.load('x', allow_pickle=False)"),
    ("core/nn/initializers", "import numpy as np\nrng = np.random.RandomState(1)"),
    (
        "gui/model/training",
        "from core.training.loop import train\nfrom gui.model.document import Document",
    ),
    ("gui/panels/cost/panel", "import numpy as np\nfrom gui.panels.base import Panel"),
    ("gui/panels/stepper/view", "from gui.panels.stepper.code import lines"),
    ("gui/dialogs/about", "class About:\n    def ask(self):\n        self.open()"),
    (
        "gui/style/theme",
        "def f(w):\n    with QPainter(w) as painter, smooth(w) as other:\n        pass",
    ),
    ("core/nn/good", "x = 1\n" * (MOST_LINES - 1)),
    ("tests/core/good", "from pathlib import Path\nPath('x').read_text()\nimport gui.app"),
]


@pytest.mark.parametrize(("where", "source"), GOOD)
def test_allowed_code_has_no_faults(where, source):
    assert not faults(where, f'"""Planted."""\n{source}')


def test_a_ring_is_found_and_a_chain_is_not():
    ring = {
        "core/a": "from core.b import x",
        "core/b": "import core.c",
        "core/c": "from core import a",
    }
    assert set(cycle(ring)) == set(ring)
    assert not cycle({**ring, "core/c": "import os"})


def test_a_name_of_two_classes_is_found():
    two = {
        "core/a": "class Step:\n    pass\nclass _Own:\n    class Kind:\n        pass",
        "gui/b": "class Step(Panel):\n    pass\nclass _Own:\n    pass\nclass Kind:\n    pass",
        "gui/c": "class Cell:\n    pass\nclass Key:\n    pass\nArray = NDArray[Any]",
        "gui/d": "Cell = tuple[int, int]\nKey = Qt.Key\nArray = NDArray[np.float64]",
    }
    assert shared_names(two) == {"Step": ["core/a", "gui/b"], "Cell": ["gui/c", "gui/d"]}
