"""The initialization setting in the run bar, with its popup."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QWidget

from core.by_hand import RunPosition
from core.nn.activations import passes_origin
from core.nn.initializers import INITIALIZERS, Initializer
from core.project import MAX_SEED, Project
from core.settings import SETTINGS
from gui.style.text import plain, symbol
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.menu_button import MenuButton
from gui.widgets.number_field import number_field
from gui.widgets.popup import Popup
from gui.widgets.rows import put
from gui.widgets.whole_field import SeedField

GIVEN = "W and b are {}.\nReset restores them."
_MOST_LAYERS = 4  # layers whose initialization the popup describes


class InitializationButton(MenuButton):
    """Shows how the weights start ("Random × 0.01"); opens a popup with rule, scale and seed."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(caption, {}, parent=parent)
        self.popup = InitializationPopup(self)
        self._standing: RunPosition | None = None

    def show_project(self, project: Project) -> None:
        """Show the initialization of a project."""
        network = project.network
        rules = {rule.name: _words(rule, network.scale) for rule in INITIALIZERS.values()}
        self.set_choices(rules)
        self.set_value(self._given or network.initializer)
        self.popup.show_project(project, self._given)
        self._project = project

    def show_start(self, standing: RunPosition) -> None:
        """Show the origin of the weights, if it is not the rule."""
        if standing is not self._standing:
            self._standing = standing
            self.show_project(self._project)

    @property
    def _given(self) -> str:
        """The origin of the weights; empty if the rule draws them."""
        if self._standing is None or self._standing.start is None:
            return ""
        return f"from {self._standing.origin}" if self._standing.origin else "imported"

    def open_menu(self) -> None:
        """Open the popup under the button."""
        self.popup.open_under(self)
        self.popup.focus_rule()


class InitializationPopup(Popup):
    """Chooses rule, scale and seed of the initial weights; the numbers below show the result."""

    rule_chosen = Signal(str)
    scale_edited = Signal(float)
    seed_edited = Signal(object)  # int
    lab_wanted = Signal()  # the starts side by side

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("Initial weights"), parent)
        self.rules = {name: QRadioButton(rule.label) for name, rule in INITIALIZERS.items()}
        for name, choice in self.rules.items():
            choice.setToolTip(INITIALIZERS[name].about)
            choice.clicked.connect(lambda _checked=False, name=name: self.rule_chosen.emit(name))
        self.scale = number_field("network.scale", 0.01)
        self.scale.edited.connect(self.scale_edited)
        self.seed = SeedField(
            SETTINGS["network.seed"].title, MAX_SEED, SETTINGS["network.seed"].tip
        )
        self.seed.edited.connect(self.seed_edited)
        self.result = labels.caption("")
        self.lab = button(
            self.tr("Compare starts in a lab"),
            "link",
            tip=self.tr("Open the lab Six starts: this network begun in seven ways"),
        )
        self.lab.clicked.connect(self._open_lab)
        self._lay_out()

    def show_project(self, project: Project, given: str) -> None:
        """Show the initialization of a project, and the origin of imported weights."""
        network = project.network
        rule = INITIALIZERS[network.initializer]
        self.rules[rule.name].setChecked(True)
        self.scale.set_value(network.scale)
        self.scale.setEnabled(rule.scaled)
        self._scale_name.setEnabled(rule.scaled)
        self.seed.set_value(network.seed)
        self.seed.setEnabled(rule.deviation is not None)
        drawn = _result(rule, network.scale, project.sizes(), project.activations)
        self.result.setText(GIVEN.format(given) if given else drawn)

    def focus_rule(self) -> None:
        """Put the keyboard on the rule in force."""
        next(choice for choice in self.rules.values() if choice.isChecked()).setFocus()

    def _lay_out(self) -> None:
        for choice in self.rules.values():
            self.body.addWidget(choice)
        self._scale_name = self.add_setting("network.scale", self.scale)
        put(self.body, self.seed, self.result, self.lab)

    def _open_lab(self) -> None:
        self.close()
        self.lab_wanted.emit()


def _words(rule: Initializer, scale: float) -> str:
    return rule.label.replace("scale", plain(scale))


def _of_zeros(activations: Sequence[str]) -> str:
    """The result for a network (activations of layers 1..L) whose parameters all start at 0.

    After a layer that outputs 0, all gradients but the last bias's are 0: dW[L] = dZ[L] A[L-1]ᵀ and
    dA[L-1] = W[L]ᵀ dZ[L].
    """
    if len(activations) == 1:
        return "A single layer can still learn from zeros."
    if passes_origin(activations[-2]):
        return f"Only b[{len(activations)}] can learn: a hidden layer of zeros outputs 0."
    return "The units of a hidden layer stay identical."


def _result(
    rule: Initializer, scale: float, sizes: tuple[int, ...], activations: Sequence[str]
) -> str:
    """The result of the rule in the layers of this network, one line each."""
    if rule.deviation is None:
        return f"W = 0 and b = 0 in every layer.\n{_of_zeros(activations)}"
    lines = [
        f"{symbol('W', layer=l)} = N(0, 1) × {plain(rule.deviation(n_prev, scale), 3)}"
        for l, n_prev in enumerate(sizes[:-1][:_MOST_LAYERS], start=1)
    ]
    return "\n".join([*lines, *(["⋯"] if len(sizes) - 1 > _MOST_LAYERS else []), "b = 0"])
