"""Every edit of a project's structure, as a function from one project to the next."""

from __future__ import annotations

from msgspec.structs import replace

from core.data.datasets import DATASETS, DataKind
from core.data.features import FEATURES
from core.data.own import OwnData
from core.data.sheet import Sheet
from core.errors import LayerwiseError
from core.hyperparameters import DecaySettings, StopSettings, TrainingSettings
from core.layers import why_not_muted
from core.nn.activations import ACTIVATIONS
from core.nn.decay import DECAYS
from core.nn.losses import LOSSES, behind_any
from core.nn.optimizers import OPTIMIZERS
from core.project import (
    MAX_LAYERS,
    OWN,
    DataSettings,
    LayerSettings,
    NetworkSettings,
    Project,
    describe,
)

LAST_FEATURE = "The network needs an input: at least one feature stays on."
NEW_LAYER = LayerSettings(units=4, activation="tanh")

_LABELS: dict[DataKind, str] = {
    "binary": "one of two classes",
    "classes": "one of several classes",
    "regression": "real numbers",
}
OUTPUTS: dict[DataKind, tuple[str, str, str]] = {
    kind: (g.name, loss.name, words)
    for kind, words in _LABELS.items()
    for g in ACTIVATIONS.values()
    for loss in LOSSES.values()
    if g.output_for == kind and g.name in loss.fused
}
"""What goes with each kind of labels: the output activation, the loss, and what the labels are."""


def with_data(project: Project, **fields: object) -> Project:
    """The project with some fields of its data settings replaced."""
    data: DataSettings = replace(project.data, **fields)
    return replace(project, data=data)


def with_network(project: Project, **fields: object) -> Project:
    """The project with some fields of its network settings replaced."""
    network: NetworkSettings = replace(project.network, **fields)
    return replace(project, network=network)


def with_training(project: Project, **fields: object) -> Project:
    """The project with some fields of its training settings replaced."""
    training: TrainingSettings = replace(project.training, **fields)
    return replace(project, training=training)


def with_decay(project: Project, **fields: object) -> Project:
    """The project with some fields of the decay of its learning rate replaced.

    Another form begins with a rate that is usual for it.
    """
    if "form" in fields and "rate" not in fields:
        fields["rate"] = DECAYS[str(fields["form"])].usual
    decay: DecaySettings = replace(project.training.decay, **fields)
    return with_training(project, decay=decay)


def with_stop(project: Project, **fields: object) -> Project:
    """The project with some of the ends of its training replaced."""
    stop: StopSettings = replace(project.training.stop, **fields)
    return with_training(project, stop=stop)


def insert_layer(project: Project, l: int, layer: LayerSettings = NEW_LAYER) -> Project:
    """Insert a hidden layer as layer l; l = 1..L, the output layer stays last."""
    layers = project.network.layers
    if not 1 <= l <= len(layers):
        raise LayerwiseError(f"A hidden layer can become layer 1 to {len(layers)}, not {l}.")
    if len(layers) == MAX_LAYERS:
        raise LayerwiseError(f"A network has at most {MAX_LAYERS} layers: remove one first.")
    return with_network(project, layers=(*layers[: l - 1], layer, *layers[l - 1 :]))


def remove_layer(project: Project, l: int) -> Project:
    """Take hidden layer l out."""
    layers = project.network.layers
    _check_hidden(project, l, "removed")
    return with_network(project, layers=layers[: l - 1] + layers[l:])


def duplicate_layer(project: Project, l: int) -> Project:
    """Insert a copy of hidden layer l after it."""
    _check_hidden(project, l, "duplicated")
    return insert_layer(project, l + 1, project.network.layers[l - 1])


def move_layer(project: Project, l: int, to: int) -> Project:
    """Move hidden layer l to position `to`; the layers between shift."""
    _check_hidden(project, l, "moved")
    _check_hidden(project, to, "moved there")
    layers = list(project.network.layers)
    layers.insert(to - 1, layers.pop(l - 1))
    return with_network(project, layers=tuple(layers))


def set_units(project: Project, l: int, units: int) -> Project:
    """Give layer l this many units; units are added or removed at its end."""
    return _with_layer(project, l, _of_units(project.network.layers[l - 1], units))


def set_dropout(project: Project, l: int, share: float) -> Project:
    """Let hidden layer l drop this share of its activations in training."""
    _check_hidden(project, l, "thinned by dropout")
    return _with_layer(project, l, replace(project.network.layers[l - 1], dropout=share))


def set_activation(project: Project, l: int, name: str) -> Project:
    """Set the activation of layer l. A loss that no longer fits the output is replaced; a loss that
    had to be replaced is restored with an output that it fits, for labels that are classes.

    Units of a layer that is not elementwise are unmuted.
    """
    layer = replace(project.network.layers[l - 1], activation=name)
    after = _with_layer(
        project, l, layer if ACTIVATIONS[name].elementwise else replace(layer, muted=())
    )
    if l < len(project.network.layers):
        return after
    allowed = LOSSES[project.training.loss].outputs
    if allowed and name not in allowed:
        return with_training(after, loss=behind_any(name))
    usual = OUTPUTS[kind_of_labels(project.data)][1]
    fits = LOSSES[usual].outputs
    if name in fits and project.network.layers[-1].activation not in fits:
        return with_training(after, loss=usual)
    return after


def set_loss(project: Project, name: str) -> Project:
    """Train on this loss; an output activation that it does not fit becomes its usual one."""
    after = with_training(project, loss=name)
    allowed = LOSSES[name].outputs
    L = len(project.network.layers)
    if allowed and project.network.layers[-1].activation not in allowed:
        return _with_layer(after, L, replace(project.network.layers[-1], activation=allowed[0]))
    return after


def mute_unit(project: Project, l: int, unit: int, on: bool = True) -> Project:
    """Mute a unit (from 0) of hidden layer l, so that its output is 0, or unmute it.

    Raises LayerwiseError if the unit cannot be muted.
    """
    if on and (reason := why_not_muted(project.network, l)):
        raise LayerwiseError(reason[:1].upper() + reason[1:])
    layer = project.network.layers[l - 1]
    return _with_layer(project, l, replace(layer, muted=_switched(layer.muted, unit, on)))


def freeze_unit(project: Project, l: int, unit: int, on: bool = True) -> Project:
    """Freeze a unit (from 0) of layer l, so that its weights and bias are not trained, or unfreeze
    it.
    """
    layer = project.network.layers[l - 1]
    return _with_layer(project, l, replace(layer, frozen=_switched(layer.frozen, unit, on)))


def clone_unit(project: Project, l: int, unit: int) -> Project:
    """Give hidden layer l one unit more, muted or frozen as this one (from 0) is."""
    _check_hidden(project, l, "given a twin of a unit")
    after = set_units(project, l, project.network.layers[l - 1].units + 1)
    layer = after.network.layers[l - 1]
    last = layer.units - 1
    muted = _switched(layer.muted, last, unit in layer.muted)
    frozen = _switched(layer.frozen, last, unit in layer.frozen)
    return _with_layer(after, l, replace(layer, muted=muted, frozen=frozen))


def _switched(units: tuple[int, ...], unit: int, on: bool) -> tuple[int, ...]:
    others = set(units) - {unit}
    return tuple(sorted(others | {unit} if on else others))


def _of_units(layer: LayerSettings, units: int) -> LayerSettings:
    muted, frozen = (
        tuple(unit for unit in named if unit < units) for named in (layer.muted, layer.frozen)
    )
    return replace(layer, units=units, muted=muted, frozen=frozen)


def choose_source(project: Project, name: str) -> Project:
    """Draw the examples from this data set, and adapt the output layer if its labels are of another
    kind.

    The output layer gets one unit per row of Y. Its activation and the loss change only with the
    kind of the labels. A noise at its default becomes the new set's default; a noise that the user
    set is kept within the new set's limits, and so is the number of examples. A balance is kept if
    the number of classes is the same.
    """
    old, new = DATASETS.get(project.data.source), DATASETS[name]
    low, high = new.noise_limits
    noise = min(max(project.data.noise, low), high)
    if old is not None and project.data.noise == old.default_noise:
        noise = new.default_noise
    examples = min(project.data.examples, new.most or project.data.examples)
    after = with_data(project, source=name, noise=noise, examples=examples, own=None, balance=())
    data = project.data
    if new.balances and after.data.class_count == len(data.balance):
        after = with_data(after, balance=data.balance)
    return _with_output(project, after)


def choose_own(project: Project, own: OwnData) -> Project:
    """Choose own data; the output layer changes as in `choose_source`."""
    after = with_data(project, source=OWN, own=describe(own), balance=())
    return _with_output(project, after)


def set_option(project: Project, name: str, value: int) -> Project:
    """Set "classes" or "bits" of a data set that has such an option; the output layer follows."""
    after = with_data(project, **{name: value})
    if after.data.class_count != project.data.class_count:
        after = with_data(after, balance=())
    return _with_output(project, after)


def only_painted(old: Project, new: Project) -> bool:
    """Whether two data sets differ only by painting, done or undone; a run can then continue."""
    before, after = _sheet(old.data), _sheet(new.data)
    if before is not None and after is not None:
        return before.began == after.began
    if after is not None:
        return after.began == old.data.source
    return before is not None and before.began == new.data.source


def _sheet(data: DataSettings) -> Sheet | None:
    return None if data.own is None else data.own.sheet


def switch_feature(project: Project, name: str) -> Project:
    """Switch an input feature of the network on or off; features keep the order of FEATURES.

    Raises LayerwiseError for the last feature that is on.
    """
    chosen = {*project.data.features} ^ {name}
    if not chosen:
        raise LayerwiseError(LAST_FEATURE)
    return with_data(project, features=tuple(other for other in FEATURES if other in chosen))


def kind_of_labels(data: DataSettings) -> DataKind:
    """The kind of labels of the chosen data."""
    return data.kind


def _with_output(before: Project, after: Project) -> Project:
    output = _of_units(before.network.layers[-1], after.data.outputs)
    kind = kind_of_labels(after.data)
    if kind_of_labels(before.data) != kind:
        activation, loss, _ = OUTPUTS[kind]
        output = replace(output, activation=activation)
        after = with_training(after, loss=loss)
    return _with_layer(after, len(before.network.layers), output)


def usual_rate(project: Project) -> tuple[float, str] | None:
    """A usual learning rate, and why, where the present one is known to fail; else None.

    An optimizer that divides by the size of the gradient makes steps of about α each. Squared error
    on numbers is steeper than cross-entropy: from He weights ReLU networks diverge above 0.3.
    """
    rate = project.training.learning_rate
    optimizer = OPTIMIZERS[project.training.optimizer]
    if not optimizer.linear and rate > 0.1:
        return 0.01, (
            f"α = {rate:g} is too high for {optimizer.label}: each of its steps is about α long,"
            " whatever the gradient. 0.01 is usual."
        )
    if optimizer.linear and project.data.kind == "regression" and rate > 0.3:
        return 0.1, (
            f"α = {rate:g} is often too high for labels that are numbers: training can diverge. 0.1"
            " is usual."
        )
    return None


def consequence(old: Project, new: Project) -> str:
    """A sentence on why an edit also changed something else; empty if it did not."""
    before, after = old.network.layers[-1], new.network.layers[-1]
    activation = ACTIVATIONS[after.activation].label
    loss = LOSSES[new.training.loss].label
    chosen = _labels_of(old.data) != _labels_of(new.data)
    if chosen and (old.training.loss, before) != (new.training.loss, after):
        what = new.data.own.origin if new.data.own else DATASETS[new.data.source].label
        units = f"{after.units} unit{'s' if after.units > 1 else ''}"
        return (
            f"The output layer became {units} with {activation}, trained on {loss.lower()}, because"
            f" the labels of {what} are {OUTPUTS[kind_of_labels(new.data)][2]}."
        )
    if new == old or old.training.loss == new.training.loss:
        return ""
    if new == set_loss(old, new.training.loss) and before != after:
        pair = f"The output is now {activation} with {loss.lower()}"
        return f"{pair}, which needs the probability that {activation} gives."
    if new == set_activation(old, len(new.network.layers), after.activation):
        return f"The loss became {loss.lower()}, because {activation} does not give a probability."
    return ""


def _labels_of(data: DataSettings) -> tuple[object, ...]:
    return data.source, data.own, data.outputs


def _with_layer(project: Project, l: int, layer: LayerSettings) -> Project:
    layers = project.network.layers
    return with_network(project, layers=(*layers[: l - 1], layer, *layers[l:]))


def _check_hidden(project: Project, l: int, verb: str) -> None:
    hidden = len(project.network.layers) - 1
    if not 1 <= l <= hidden:
        what = "The output layer" if l == hidden + 1 else f"Layer {l}"
        raise LayerwiseError(f"{what} cannot be {verb}: only hidden layers can.")
