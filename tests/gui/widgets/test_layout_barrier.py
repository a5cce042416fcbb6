"""A layout that changes inside of Still does not reach those around it, unless it needs room."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from gui.widgets.layout_barrier import LayoutBarrier


class Requests(QObject):
    """Counts how often a widget is asked for a new layout."""

    def __init__(self, seen):
        super().__init__(seen)
        self.count = 0
        seen.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def inside(qtbot):
    around, content, label = QWidget(), QWidget(), QLabel("12")
    label.setMinimumWidth(40)
    QVBoxLayout(content).addWidget(label)
    column = QVBoxLayout(around)
    column.addWidget(LayoutBarrier(content))
    qtbot.addWidget(around)
    around.resize(300, 200)
    with qtbot.waitExposed(around):
        around.show()
    QApplication.processEvents()
    return around, content, label


def test_a_new_text_triggers_no_layout_around_it(qtbot):
    around, content, label = inside(qtbot)
    asked, within = Requests(around), Requests(content)
    label.setText("13")
    for _ in range(5):  # a request climbs by one parent in each
        QApplication.processEvents()
    assert within.count > 0
    assert asked.count == 0


def test_a_greater_need_is(qtbot):
    around, _content, label = inside(qtbot)
    asked = Requests(around)
    label.setMinimumSize(500, 250)
    qtbot.waitUntil(lambda: around.minimumSizeHint().width() > 500)
    assert asked.count > 0
    label.setMinimumSize(40, 10)
    qtbot.waitUntil(lambda: around.minimumSizeHint().width() < 500)


def test_the_content_fills_it(qtbot):
    around, content, _ = inside(qtbot)
    still = content.parentWidget()
    around.resize(500, 400)
    assert content.geometry() == still.rect()
    assert still.sizeHint() == content.sizeHint()
    assert still.width() > 450
