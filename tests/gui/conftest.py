"""Every test here has its own settings and leaves no thread, timer or window behind."""

from collections.abc import Iterator

import pytest

from core.project import Project
from gui.model.document import Document
from gui.model.training import Training
from gui.style.theme import theme
from tests.leftovers import nothing_left_behind, own_settings, qtbot

__all__ = ["nothing_left_behind", "own_settings", "qtbot"]


@pytest.fixture
def document(qapp) -> Iterator[Document]:
    theme()
    document = Document(Project())
    yield document
    document.deleteLater()


@pytest.fixture
def training(document, qtbot) -> Iterator[Training]:
    training = Training(document)
    qtbot.first.append(training)
    yield training
    training.close()
