"""What every panel is given: a document, its training and the selection."""

from collections.abc import Iterator

import pytest

from core.project import Project
from gui.document import Document
from gui.selection import Selection
from gui.theme import theme
from gui.training import Training


@pytest.fixture
def document(qapp) -> Iterator[Document]:
    theme()
    document = Document(Project())
    yield document
    document.deleteLater()


@pytest.fixture
def training(document) -> Iterator[Training]:
    training = Training(document)
    yield training
    training.close()


@pytest.fixture
def selection(document) -> Selection:
    return Selection(document)
