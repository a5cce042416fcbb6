"""The canvas widget: shows the network and edits it, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from core.by_hand import BIAS, Place
from core.look.ask import Asks
from core.look.findings import Findings
from core.look.state import Gradient
from core.project import Project
from core.training.messages import Snapshot
from core.view import View
from gui.canvas import hints
from gui.canvas.arrange import STRIP_HEIGHT
from gui.canvas.commands import Actions, Commands, fill_activations, fill_context_menu
from gui.canvas.gestures import Click, Gesture, MoveLayer, Pan, PlaceLayer, TurnNumber
from gui.canvas.layout import CONTROLS, Spot, SpotKind
from gui.canvas.overlay import Lamp, LayerChip, PaletteStrip, RoundedFrame, ZoomBox
from gui.canvas.parts import CanvasParts
from gui.canvas.picture import Emphasis
from gui.canvas.pointing import PointedSheet
from gui.canvas.scene import NetworkScene
from gui.canvas.unit_commands import NAMES as UNIT_ACTIONS
from gui.canvas.unit_commands import UnitCommands, add_unit_actions
from gui.canvas.units_edit import UnitsEdit
from gui.canvas.weight_card import WeightCard
from gui.model.document import Document
from gui.model.selection import Selection
from gui.parts import Named, Part, name_command, name_part
from gui.style import text
from gui.style.theme import px, pxf, theme

SHEET_ACTIONS = ("insert", "fit", "zoom_in", "zoom_out", "zoom_actual")


class CanvasView(PointedSheet):
    """Shows and edits the document's network, and draws the run's snapshots on it."""

    turn = 0  # of drawing, among three; the panels have the others
    arrows_lead_on = True
    look_changed = Signal()  # its asks have changed
    refused = Signal(str)  # why an edit is impossible, as a sentence
    edge_activated = Signal(int, int, int)  # layer, row, column of a weight, the last two from 0
    doctor_wanted = Signal()
    unit_activated = Signal(int, int)  # layer, unit from 0

    def __init__(
        self, document: Document, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(NetworkScene(document.project), parent)
        self._document, self._selection = document, selection
        self._failure = ""  # the last reported one
        self.setAccessibleName(self.tr("Network"))
        self.setAccessibleDescription(
            self.tr("The network as a picture; the Layers table shows and edits the same.")
        )
        self.commands = Commands(document, selection, self)
        self.commands.refused.connect(self.refused)
        self.units = UnitCommands(document, selection, self.network, self)
        self.units.refused.connect(self.refused)
        self._parts = CanvasParts(self, self.network)
        self._presented = False
        name_part(self, "canvas", self.tr("Network"))
        self._add_overlays()
        self._add_actions()
        document.changed.connect(self._on_changed)
        selection.changed.connect(self._on_view)
        selection.pointed_out.connect(self._point_out)
        theme().changed.connect(self._on_theme)
        self._show_selected()

    def part_keys(self) -> Iterator[str]:
        """The keys of everything drawn, for the registry of parts."""
        return self._parts.keys()

    def part(self, key: str) -> Part | None:
        """The part of a key; None if it is not drawn here."""
        return self._parts.part(key)

    def key_at(self, point: QPoint) -> str:
        """The key of the part that a press at a pixel of the screen reaches; empty for the bare
        sheet.
        """
        return self._parts.key_of(self.hit(self.viewport().mapFromGlobal(point).toPointF()))

    def named_parts(self) -> Mapping[str, Named]:
        """The controls over the sheet, for the registry."""
        chips = self._palette.chips
        return {
            "fit": Named(self._zoom.fit, self.tr("Fit the network")),
            "remarks": Named(self._lamp, self.tr("Doctor's findings")),
            **{f"palette[{chip.activation}]": Named(chip, chip.accessibleName()) for chip in chips},
        }

    def present(self, on: bool) -> None:
        """Hide the building controls, for an audience."""
        self._presented = on
        self.network.set_presented(on)
        self._palette.setVisible(not on)
        self._place_overlays()

    def asks(self) -> Asks:
        """The asks for the next snapshot: maps of the drawn units, numbers for the card."""
        hovers, line = self.network.picture.hovered is not None, self._weight_card.line
        return (
            self.network.thumbnails(self._selection.cut),
            Findings(),
            *((Gradient(),) if hovers else ()),
            *(() if line is None else (line,)),
        )

    def receive(self, snapshot: Snapshot) -> None:
        """Draw a state of the run."""
        scale = self.network.picture.layout.scale
        self.network.show_snapshot(snapshot)
        self._say_failures(snapshot)
        if self.network.picture.layout.scale != scale:
            self.settle()
        self._weight_card.show_snapshot(snapshot)
        self.show_card()
        if self._lamp.say([finding.what for finding in self.network.picture.findings]):
            self._place_overlays()

    def _say_failures(self, snapshot: Snapshot) -> None:
        """Say, once, what could not be computed and is not drawn."""
        answered = [ask for ask in self.asks() if ask in snapshot.answers]
        failures = [snapshot.failure(ask) for ask in answered]
        said = next((failure.sentence for failure in failures if failure), "")
        if not answered:
            return
        if said and said != self._failure:
            self.refused.emit(said)
        self._failure = said

    def show_emphasis(self, emphasis: Emphasis | None) -> None:
        """Light one layer as a step of a pass has it and dim the rest; None ends it."""
        if emphasis is None and self.network.picture.emphasis is None:
            return
        self.network.show_emphasis(emphasis)
        self.show_card()

    def open_activations(self, layer: int | None = None) -> None:
        """Open the menu of activations under a layer's head, or the selected layer's."""
        layer = layer or self._selection.layer
        pill = self.network.picture.layout.columns[layer].pill
        if pill is None:
            return
        self.network.set_hovered(None)
        menu = self._menu()
        fill_activations(menu, self.commands, layer)
        corner = self.in_view(pill.activation).bottomLeft() + QPoint(0, 3)
        menu.popup(self.viewport().mapToGlobal(corner))

    def edit_units(self, layer: int, typed: str = "") -> None:
        """Open the field over a layer's number of units."""
        pill = self.network.picture.layout.columns[layer].pill
        why_not = self.commands.why_not_units(0, layer)
        if why_not or pill is None:
            self.refused.emit(why_not)
            return
        units = self._document.project.network.layers[layer - 1].units
        self._units_edit.open_over(layer, units, self.in_view(pill.number), typed)

    def edit_weight(self) -> None:
        """Open the card over the hovered weight or bias, or the first weight of the layer."""
        layer = self._selection.layer
        place = hints.place_of(self.network.picture.hovered)
        if place is None and layer:
            place = Place(layer, 0, 0)
        if place is not None:
            at = self.mapFromScene(self.network.point_of(place))
            self._weight_card.open_at(place, at)

    def _add_overlays(self) -> None:
        self._frame = RoundedFrame(self)
        self._zoom = ZoomBox(self)
        self._zoom.fit.clicked.connect(self.fit)
        self.scaled.connect(self._zoom.show_scale)
        self._lamp = Lamp(self)
        self._lamp.setToolTip(self.tr("Doctor's findings for this network"))
        self._lamp.clicked.connect(self.doctor_wanted)
        self._palette = PaletteStrip(self)
        for chip in self._palette.chips:
            chip.clicked.connect(
                lambda _checked=False, chip=chip: self.commands.add_after_selected(chip.activation)
            )
            chip.drag_started.connect(lambda at, chip=chip: self._start_placing(chip, at))
            chip.drag_moved.connect(lambda at: self.move_gesture(self._at(at)))
            chip.drag_ended.connect(lambda at: self.end_gesture(self._at(at)))
        self._weight_card = WeightCard(self._document, self.network, self)
        self._weight_card.refused.connect(self.refused)
        self._weight_card.look_changed.connect(self.look_changed)
        self._weight_card.chosen.connect(self._selection.trace)
        self._units_edit = UnitsEdit(self)
        self._units_edit.committed.connect(
            lambda typed: self.commands.type_units(self._units_edit.layer, typed)
        )
        self._units_edit.stepped.connect(self._on_units_stepped)
        self._units_edit.closed.connect(self.setFocus)

    def _place_overlays(self) -> None:
        """Place the zoom and the lamp at the left of the lowest strip, the palette at its right."""
        middle = self.height() - px(STRIP_HEIGHT / 2)
        self._zoom.adjustSize()
        self._zoom.move(14, middle - self._zoom.height() // 2)
        left = self._zoom.geometry().right() + 12
        if not self._lamp.isHidden():
            self._lamp.move(left, middle - self._lamp.height() // 2)
            left = self._lamp.geometry().right() + 12
        if not self._presented:
            self._palette.place(left, self.width() - 14, middle)

    def _add_actions(self) -> None:
        self._actions = Actions(self.commands, self)
        add = self._actions.add
        add("activation", "Choose activation…", self.open_activations, "F2", "A", "Return", "Enter",
            why_not=self.commands.why_not_activation)  # fmt: skip
        add("weight", "Edit weight…", self.edit_weight, "W", why_not=self.commands.why_not_weight)
        add_unit_actions(self._actions, self.units)
        add("fit", "Fit network", self.fit, "F", everywhere=True)
        add("zoom_in", "Zoom in", lambda: self.zoom_by(1.25), "Ctrl++", "Ctrl+=", everywhere=True)
        add("zoom_out", "Zoom out", lambda: self.zoom_by(0.8), "Ctrl+-", everywhere=True)
        actual = lambda: self.zoom_by(pxf(1.0) / self.transform().m11())  # noqa: E731
        add("zoom_actual", "Actual size", actual, "Ctrl+0", everywhere=True)
        self.actions_by_name = self._actions.by_name
        for name, action in self.actions_by_name.items():
            name_command(action, f"network.{name}")

    def _on_changed(self, old: Project, new: Project) -> None:
        self.drop_gesture()
        if self._units_edit.isVisible() and old.network != new.network:
            self._units_edit.abandon()
        if old.network != new.network or old.data != new.data:
            self._weight_card.close_card(focus=False)
        before = self.network.picture
        self.network.show_project(new)
        if self.network.picture is not before:
            self.settle()
            self.hover(None)
        self._selection.select_layer(min(self._selection.layer, len(new.network.layers)))
        self._show_selected()

    def _on_view(self, old: View, new: View) -> None:
        if (old.layer, old.unit, old.pins) != (new.layer, new.unit, new.pins):
            self._show_selected()

    def _show_selected(self) -> None:
        layer = min(self._selection.layer, len(self.network.columns) - 1)
        self.network.set_selected(layer, self._selection.view.unit)
        self._actions.refresh()

    def _point_out(self, layer: int, units: Sequence[int]) -> None:
        self.ensureVisible(self.network.point_out(layer, units))

    def _on_theme(self) -> None:
        self.resetCachedContent()
        self.fit_again()
        self._place_overlays()
        self.network.repaint_all()
        self.viewport().update()

    def hovers(self, spot: Spot | None) -> None:
        """Tell the panels which unit is hovered, and show the possible actions."""
        unit = (
            (spot.layer, spot.unit)
            if spot and spot.kind in (SpotKind.UNIT, SpotKind.BIAS)
            else None
        )
        self._selection.hover_unit(unit)
        cursor = hints.cursor_of(spot, self.commands)
        self.viewport().unsetCursor() if cursor is None else self.viewport().setCursor(cursor)

    def tip(self, spot: Spot) -> str:
        return hints.tip_of(spot, self.network.picture, self.commands)

    def begin(self, spot: Spot | None, button: Qt.MouseButton) -> Gesture:
        """The gesture that a press on this spot starts."""
        walking = self.network.picture.emphasis is not None
        if spot is None or button == Qt.MouseButton.MiddleButton:
            return Pan(self, self.keep_view)
        if (place := hints.place_of(spot)) is not None:
            opens = walking and spot.kind is SpotKind.EDGE
            act = (lambda: self._open(spot)) if opens else None
            return TurnNumber(self._weight_card, place, Pan(self, self.keep_view), act)
        if spot.kind is not SpotKind.INSERT:
            self._choose(spot)
        if spot.kind in CONTROLS or (self.commands.feature_at(spot) and not walking):
            return Click(self.network, spot, self.hit, lambda: self._use(spot))
        if spot.kind is SpotKind.TITLE and 0 < spot.layer < self.commands.last:
            return MoveLayer(self, self.network, self.commands, spot.layer)
        return Click(self.network, spot, self.hit, lambda: self._open(spot) if walking else None)

    def _choose(self, spot: Spot) -> None:
        """Select the pressed unit, or only its layer."""
        is_unit = spot.kind in (SpotKind.UNIT, SpotKind.BIAS) and not self.commands.feature_at(spot)
        self._selection.choose_unit(spot.layer, spot.unit if is_unit else None)

    def _open(self, spot: Spot) -> None:
        """Open the number of an edge or a unit in the walk."""
        if spot.kind is SpotKind.EDGE:
            self.edge_activated.emit(spot.layer, spot.unit, spot.source)
        elif spot.kind is SpotKind.UNIT:
            self.unit_activated.emit(spot.layer, spot.unit)

    def _use(self, spot: Spot) -> None:
        """Apply a control in a head, or a `+`."""
        if feature := self.commands.feature_at(spot):
            self.commands.toggle_feature(feature)
        elif spot.kind is SpotKind.INSERT:
            self.commands.add(spot.layer)
        elif spot.kind is SpotKind.ACTIVATION:
            self.open_activations(spot.layer)
        elif spot.kind is SpotKind.NUMBER:
            self.edit_units(spot.layer)
        else:
            self.commands.step_units(spot.layer, 1 if spot.kind is SpotKind.PLUS else -1)

    def _start_placing(self, chip: LayerChip, at: QPoint) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # so that it receives Esc
        gesture = PlaceLayer(self, self.network, self.commands, chip.activation)
        self.take(gesture, self._at(at))

    def _at(self, at: QPoint) -> QPointF:
        """A point of the screen in the viewport."""
        return QPointF(self.viewport().mapFromGlobal(at))

    def _on_units_stepped(self, by: int) -> None:
        layer = self._units_edit.layer
        self.commands.step_units(layer, by)
        self.edit_units(layer)  # an edit has closed the field

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        self._document.changed.connect(menu.close)  # it may name missing layers and units
        return menu

    def _open_context_menu(self, at: QPoint, spot: Spot | None = None) -> None:
        menu = self._menu()
        layer = self._selection.layer
        if (place := hints.place_of(spot)) is not None:
            self._fill_weight_menu(menu, place, at)
        beside = spot is not None and spot.kind in (SpotKind.EDGE, SpotKind.INSERT)
        if self._selection.chosen is not None and layer and not beside:
            menu.addAction(self.tr("Unit {name}").format(name=self.units.name)).setEnabled(False)
            menu.addSeparator()
            menu.addActions([self.actions_by_name[name] for name in UNIT_ACTIONS])
            menu.addSeparator()
        title = self.network.picture.words[layer].title
        fill_context_menu(menu, title, layer, self.commands, self.actions_by_name)
        menu.popup(at)

    def _fill_weight_menu(self, menu: QMenu, place: Place, at: QPoint) -> None:
        """The commands for the weight or bias under the mouse."""
        card, name = self._weight_card, text.parameter(place)
        near = self.mapFromGlobal(at)
        menu.addAction(self.tr("Change {name}…").format(name=name)).triggered.connect(
            lambda: card.open_at(place, near)
        )
        if place.column != BIAS:
            opens = menu.addAction(self.tr("Show {name} in the stepper").format(name=name))
            opens.triggered.connect(lambda: self.edge_activated.emit(*place))
        menu.addSeparator()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self.hit(event.position())
        if spot is None or spot.kind is SpotKind.COLUMN:
            self.fit()
        elif spot.kind in (SpotKind.EDGE, SpotKind.UNIT) and not self.commands.feature_at(spot):
            self._open(spot)
        else:
            self.mousePressEvent(event)  # two quick clicks on + are two units

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            title = self.in_view(self.network.picture.layout.columns[self._selection.layer].title)
            self._open_context_menu(self.viewport().mapToGlobal(title.bottomLeft()))
            return
        spot = self.hit(QPointF(event.pos()))
        if spot is None:  # the empty sheet: nothing of the unit that happens to be chosen
            menu = self._menu()
            menu.addActions([self.actions_by_name[name] for name in SHEET_ACTIONS])
            menu.popup(event.globalPos())
            return
        if spot.kind not in (SpotKind.EDGE, SpotKind.INSERT):
            self._choose(spot)
        self._open_context_menu(event.globalPos(), spot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, layer = Qt.Key(event.key()), self._selection.layer
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        along = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        if event.key() == Qt.Key.Key_Escape and self.pressed:
            self.drop_gesture()
        elif step is not None and not event.modifiers():
            self.hover(None)
            self._selection.select_layer(min(max(layer + step, 0), self.commands.last))
        elif along is not None and not event.modifiers():
            self._look_at_next(along)
        elif key == Qt.Key.Key_Escape and self._selection.chosen is not None:
            self.hover(None)
            self._selection.choose_unit(layer, None)
            event.ignore()  # the window takes a message away
        elif event.text().isdecimal() and not event.modifiers():
            typed = event.text()
            self.edit_units(layer, typed) if layer else self.commands.toggle_number(int(typed))
        else:
            event.ignore()  # Space and the rest are the window's

    def _look_at_next(self, by: int) -> None:
        """Go to the next drawn unit of the layer, or to its first, and show what the mouse over it
        shows; a unit of a layer is chosen too.
        """
        layer, seen = self._selection.layer, self._selection.unit
        looked_at = seen[1] if seen is not None and seen[0] == layer else None
        unit = self._selection.view.unit if layer else looked_at
        drawn = self.network.picture.layout.columns[layer].units
        at = drawn.index(unit) + by if unit in drawn else (0 if by > 0 else -1)
        unit = drawn[at % len(drawn)]
        if layer:
            self._selection.choose_unit(layer, unit)
        part = self._parts.part(f"canvas.unit[{layer}][{unit + 1}]")
        if part is not None:
            centre = self.viewport().mapFromGlobal(part.rectangle().center())
            self.rest_at(Spot(SpotKind.UNIT, layer, unit), centre)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.network.set_focused(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.network.set_focused(False)
        if not self.viewport().underMouse():
            self.hover(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame.setGeometry(self.rect())
        self._place_overlays()
        self.fit_again()
