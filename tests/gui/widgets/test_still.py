"""A content that is gone leaves nothing that its frame still asks or moves."""

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.widgets.layout_barrier import LayoutBarrier


@pytest.mark.parametrize("how", ["deleted at once", "deleted later", "given away"])
def test_a_content_that_is_gone_is_asked_for_nothing(qtbot, how):
    window, content = QWidget(), QLabel("many words")
    qtbot.addWidget(window)
    frame = LayoutBarrier(content)
    QVBoxLayout(window).addWidget(frame)
    window.show()
    assert frame.minimumSizeHint() == content.minimumSizeHint()
    if how == "deleted at once":
        shiboken6.delete(content)
    elif how == "deleted later":
        content.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    else:
        other = QWidget()
        qtbot.addWidget(other)
        content.setParent(other)
        content.setGeometry(1, 2, 30, 40)
    assert frame.minimumSizeHint() == QSize(0, 0)
    QCoreApplication.sendEvent(frame, QEvent(QEvent.Type.LayoutRequest))
    window.resize(300, 200)
    QCoreApplication.processEvents()
    assert frame.sizeHint() == frame.minimumSizeHint() == QSize(0, 0)
    if how == "given away":
        assert content.geometry().getRect() == (1, 2, 30, 40)
