"""The user's commands on the canvas: named edits, and the actions that trigger them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from core import edits
from core.data.features import FEATURES
from core.nn.activations import ACTIVATIONS
from core.project import MAX_LAYERS, MAX_UNITS
from gui.actions import Shortcut, set_shortcuts
from gui.canvas.features import NAMES, feature_at
from gui.canvas.layout import Spot
from gui.model.layer_edits import LayerEdits
from gui.style.text import percent, tr
from gui.widgets.layers_table import OUTPUT_UNITS

DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.5)  # shares that are a click away
INSERT = ("Ctrl+Return", "Ins", "Ctrl+Enter")
INPUT_UNITS = "The input has one unit for each of its features: click one, or press its number."


class Commands(LayerEdits):
    """The edits of layers and features, the reasons why one is impossible, and lab requests."""

    lab_wanted = Signal(str, int)  # the array and the layer of an equation, for its shapes

    def add_units(self, by: int) -> bool:
        """Add this many units to the selected layer."""
        return self.set_units(self.selected, self.project.sizes()[self.selected] + by)

    def step_units(self, l: int, by: int) -> None:
        """Add this many units to layer l, or say why that is impossible."""
        if reason := self.why_not_units(by, l):
            self.refused.emit(reason)
        else:
            self.set_units(l, self.project.sizes()[l] + by)

    def type_units(self, l: int, typed: str) -> bool:
        """Set the units of layer l to the number typed into its head."""
        try:
            units = int(typed.replace(",", ""))
            if not 1 <= units <= MAX_UNITS:
                raise ValueError(units)
        except ValueError:
            self.refused.emit(
                self.tr(
                    "The units of layer {layer} cannot be “{typed}”: use a whole number from"
                    " 1 to {most:,}."
                ).format(layer=l, typed=typed, most=MAX_UNITS)
            )
            return False
        return self.set_units(l, units)

    def feature_at(self, spot: Spot) -> str:
        """The name of the feature at that position, on or off; empty for anything else."""
        return feature_at(spot, self.project.data)

    def toggle_number(self, number: int) -> None:
        """Switch the feature of this number, counted from 1, on or off."""
        if self.project.data.on_plane and 1 <= number <= len(NAMES):
            self.toggle_feature(NAMES[number - 1])

    def toggle_feature(self, name: str) -> bool:
        """Feed this feature to the network, or no longer."""
        state = "off" if name in self.project.data.features else "on"
        return self._edit(
            self.tr("Switch feature {label} {state}").format(
                label=FEATURES[name].label, state=state
            ),
            partial(edits.switch_feature, self.project, name),
            0,
        )

    def why_not_units(self, by: int, l: int | None = None) -> str:
        """Why layer l, or by default the selected one, cannot get this many more units; empty if it
        can.
        """
        l = self.selected if l is None else l
        if l == 0:
            return INPUT_UNITS
        if l == self.last:
            return OUTPUT_UNITS
        units = self.project.network.layers[l - 1].units + by
        if units < 1:
            return "A layer has at least one unit."
        return "" if units <= MAX_UNITS else f"A layer has at most {MAX_UNITS:,} units."

    def why_not_activation(self) -> str:
        return "" if self.selected else "The input has no activation: it is the data."

    def why_not_weight(self) -> str:
        return "" if self.selected else "The input has no weights: choose a layer behind it."

    def open_shapes(self) -> None:
        """Show the shapes of the selected layer's Z in a lab."""
        self.lab_wanted.emit("Z", self.selected)

    def why_not_equation(self) -> str:
        return "" if self.selected else "The input has no equation: choose a layer behind it."

    def why_not_remove(self) -> str:
        return self._why_not_hidden("removed")

    def why_not_duplicate(self) -> str:
        return self._why_not_hidden("duplicated") or self.why_not_add()

    def why_not_move(self, by: int) -> str:
        """Why the selected layer cannot move this many places; empty if it can."""
        reason, l = self._why_not_hidden("moved"), self.selected
        if not reason and not 1 <= l + by < self.last:
            end = "the first" if by < 0 else "the last"
            reason = f"Layer {l} is {end} hidden layer already."
        return reason

    def _why_not_hidden(self, verb: str) -> str:
        if 1 <= self.selected < self.last:
            return ""
        what = "The input" if self.selected == 0 else "The output layer"
        return f"{what} cannot be {verb}: only hidden layers can."

    def why_not_add(self) -> str:
        full = self.last == MAX_LAYERS
        return f"A network has at most {MAX_LAYERS} layers: remove one first." if full else ""


class _Action(QAction):
    """An action that is disabled while `why_not` has a reason, which its tooltip shows."""

    def __init__(
        self,
        text: str,
        do: Callable[[], object],
        keys: Sequence[Shortcut],
        why_not: Callable[[], str] | None,
        everywhere: bool,
        parent: QWidget,
        tip: str = "",
        is_on: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._why_not, self._is_on = why_not, is_on
        self.setCheckable(is_on is not None)
        set_shortcuts(self, keys, tip)
        context = Qt.ShortcutContext
        self.setShortcutContext(context.WindowShortcut if everywhere else context.WidgetShortcut)
        self._tip = self.toolTip()
        self.triggered.connect(lambda _checked=False: do())
        parent.addAction(self)

    def refresh(self) -> None:
        reason = self._why_not() if self._why_not is not None else ""
        self.setEnabled(not reason)
        self.setToolTip(reason or self._tip)
        self.setStatusTip(reason)
        if self._is_on is not None:
            self.setChecked(self._is_on())


class Actions:
    """The actions of the canvas by name, enabled as the selected layer allows."""

    def __init__(self, commands: Commands, view: QWidget) -> None:
        self._commands, self._view = commands, view
        self.by_name: dict[str, QAction] = {}
        self._make_edits()

    def add(
        self,
        name: str,
        text: str,
        do: Callable[[], object],
        *keys: Shortcut,
        why_not: Callable[[], str] | None = None,
        everywhere: bool = False,
        tip: str = "",
        is_on: Callable[[], bool] | None = None,
    ) -> None:
        """Add an action whose shortcuts work while the view has the focus, or in the
        whole window.
        """
        self.by_name[name] = _Action(text, do, keys, why_not, everywhere, self._view, tip, is_on)

    def refresh(self) -> None:
        """Enable what the selected layer allows now."""
        for action in self.by_name.values():
            assert isinstance(action, _Action)
            action.refresh()

    def _make_edits(self) -> None:
        does = self._commands
        why_not = does.why_not_add
        self.add("insert", "Add hidden layer", does.add_after_selected, *INSERT, why_not=why_not)
        why_not = does.why_not_duplicate
        self.add("duplicate", "Duplicate layer", does.duplicate, "Ctrl+D", why_not=why_not)
        why_not = does.why_not_remove
        self.add("remove", "Remove layer", does.remove, "Del", "Backspace", why_not=why_not)
        for name, text, by, arrow in (
            ("earlier", "Move layer towards the input", -1, "Left"),
            ("later", "Move layer towards the output", 1, "Right"),
        ):
            move, why_not = partial(does.move_by, by), partial(does.why_not_move, by)
            self.add(name, text, move, f"Alt+{arrow}", f"Ctrl+Shift+{arrow}", why_not=why_not)
        for name, text, by, keys in (
            ("more_units", "One unit more", 1, ("+", "=")),
            ("fewer_units", "One unit fewer", -1, ("-",)),
        ):
            change, why_not = partial(does.add_units, by), partial(does.why_not_units, by)
            self.add(name, text, change, *keys, why_not=why_not)
        tip = "Take the arrays of the selected layer's equation to the lab Shape X-ray"
        why_not = does.why_not_equation
        text = "Open equation in the Shape X-ray lab"
        self.add("shapes", text, does.open_shapes, "Shift+L", why_not=why_not, tip=tip)


def fill_activations(menu: QMenu, commands: Commands, l: int) -> None:
    """Fill a menu with every activation that layer l can have, its own checked."""
    menu.setToolTipsVisible(True)
    current = commands.project.activations[l - 1]
    for name, activation in ACTIVATIONS.items():
        action = menu.addAction(activation.label)
        action.setCheckable(True)
        action.setChecked(name == current)
        untrained = tr("{about}. It can be shown but not trained: {refusal}.").format(
            about=activation.about, refusal=activation.refusal
        )
        action.setToolTip(untrained if activation.refusal else activation.about)
        action.triggered.connect(lambda _checked, name=name: commands.set_activation(l, name))
        if name == current:
            menu.setActiveAction(action)


def fill_dropout(menu: QMenu, commands: Commands, l: int) -> None:
    """Fill a menu with the shares that hidden layer l may drop, its own checked."""
    menu.setToolTipsVisible(True)
    current = commands.project.network.layers[l - 1].dropout
    for share in sorted({*DROPOUTS, current}):
        action = menu.addAction(percent(share, 0) if share else "none")
        action.setCheckable(True)
        action.setChecked(share == current)
        action.setToolTip(
            tr("Share of activations dropped in each training pass (never when predicting)")
        )
        action.triggered.connect(lambda _checked, share=share: commands.set_dropout(l, share))


def fill_features(menu: QMenu, commands: Commands) -> None:
    """Fill a menu with every feature, those that are on checked."""
    for name, feature in FEATURES.items():
        action = menu.addAction(feature.label)
        action.setCheckable(True)
        action.setChecked(name in commands.project.data.features)
        action.triggered.connect(lambda _checked, name=name: commands.toggle_feature(name))


def fill_context_menu(
    menu: QMenu, title: str, l: int, commands: Commands, actions: dict[str, QAction]
) -> None:
    """Fill a menu with the commands for layer l, which is the selected one."""
    menu.addAction(title).setEnabled(False)
    menu.addSeparator()
    if l:
        fill_activations(menu.addMenu(tr("Activation")), commands, l)
        if l < commands.last:
            fill_dropout(menu.addMenu(tr("Dropout")), commands, l)
    elif commands.project.data.on_plane:
        fill_features(menu.addMenu(tr("Features")), commands)
    for names in (
        ("more_units", "fewer_units"),
        ("weight", "shapes"),
        ("insert", "duplicate", "earlier", "later", "remove"),
        ("fit",),
    ):
        menu.addActions([actions[name] for name in names])
        menu.addSeparator()
