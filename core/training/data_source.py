"""Makes the examples that a project names, and checks that their labels fit the network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.data import features
from core.data.examples import Split, make_split, training_of
from core.data.features import PRODUCTS
from core.data.normalization import deviations, mean_and_std, standardized
from core.data.own import OwnData, drawn, split_of_own
from core.errors import LayerwiseError
from core.nn.activations import Array
from core.nn.network import Network
from core.project import Project

LOOKED_AT = 1000  # training examples whose spread is an upper limit for all


def split_of(project: Project, own: OwnData | None = None) -> Split:
    """Draw the examples that the project's data settings name, or prepare the `own` they describe.

    Raises LayerwiseError if they describe own data and `own` are not these.
    """
    data = project.data
    if data.own is not None:
        if own is None or own.digest != data.own.digest:
            raise LayerwiseError(
                f"The project learns data of your own, {data.own.origin or 'from a file'}, which"
                " are not here: import them again, or open the .layerwise file they are in."
            )
        check_own(project, own)
        return split_of_own(
            own,
            features=data.features,
            seed=data.seed,
            test_share=data.test_share,
            normalize=data.normalize,
            dtype=project.training.dtype,
        )
    return make_split(
        data.source,
        data.examples,
        data.noise,
        data.seed,
        data.test_share,
        data.features,
        data.normalize,
        project.training.dtype,
        data.options,
        data.balance,
    )


def check_own(project: Project, own: OwnData) -> None:
    """Raise LayerwiseError if a number of these data, or a feature of it, is too large for the
    project's precision, or the loss does not accept these labels.
    """
    if own.kind == "regression":
        check_labels(network_of(project, project.sizes(len(own.X))), own.Y)
    data, dtype = project.data, project.training.dtype
    of_X, of_Y = own.reach
    if data.on_plane and PRODUCTS.intersection(data.features):
        of_X = max(of_X, of_X**2)
    for name, reach, advice in (
        ("inputs", 0.0 if data.normalize else of_X, "normalize them, "),
        ("labels", of_Y, ""),
    ):
        if reach > float(np.finfo(dtype).max):
            raise LayerwiseError(
                f"The {name} of {own.origin or 'your own data'} reach {reach:.3g}, and {dtype}"
                f" holds numbers up to {np.finfo(dtype).max:.3g}: {advice}train in double precision"
                " or make the numbers smaller."
            )


def check_standardized(project: Project, own: OwnData) -> None:
    """Raise LayerwiseError if an example for testing, standardized by the mean and the deviation of
    those for training, is too far from these for the precision that the project is trained in.
    """
    data, dtype = project.data, project.training.dtype
    if not data.normalize:
        return
    training = np.arange(own.m) < own.m - own.test_examples
    if not own.test_examples:
        training = training_of(own.m, data.test_share, data.seed)
    if training.all():
        return  # an example for training is within sqrt(m) deviations
    plane = len(own.X) == 2
    X = features.apply(data.features, own.X) if plane else own.X
    names = data.features if plane else own.inputs
    most, count = float(np.finfo(dtype).max), int(training.sum())
    few = np.flatnonzero(training)[:LOOKED_AT]
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        spread = deviations(X[:, few]) * np.sqrt(len(few) / count)
        for row in np.flatnonzero(~(spread > 4 * max(own.reach[0], own.reach[0] ** 2) / most)):
            mean, std = mean_and_std(X[row : row + 1, training])
            far = float(np.abs(standardized(X[row : row + 1], mean, std)).max())
            if not far <= most:
                raise LayerwiseError(
                    f"Standardized by the examples for training, {names[row]} of an example"
                    f" for testing is {far:.3g}, and {dtype} holds numbers up to {most:.3g}:"
                    " choose another test share, or train in double precision."
                )


def whole(project: Project, own: OwnData | None) -> OwnData:
    """All examples of the project as own data, before standardization; test examples last."""
    data = project.data
    examples = own or drawn(
        data.source, data.examples, data.noise, data.seed, data.options, data.balance
    )
    if examples.test_examples or not data.has_test:
        return examples
    split = split_of(project, own)
    order = np.concatenate([split.columns, split.test_columns])
    return replace(
        examples,
        X=examples.X[:, order],
        Y=examples.Y[:, order],
        test_examples=len(split.test_columns),
        sheet=None,
    )


def network_of(project: Project, sizes: tuple[int, ...]) -> Network:
    """The architecture that the project describes, of these sizes n[0]..n[L]."""
    return Network(sizes, project.activations, project.training.loss, project.muted)


def check_labels(network: Network, Y: Array) -> None:
    """Raise LayerwiseError if the labels Y (n_y, m) do not fit the output layer and the loss."""
    n_L = network.sizes[-1]
    if Y.shape[0] != n_L:
        raise LayerwiseError(
            f"The output layer has {n_L} units and the labels have {Y.shape[0]} rows: give the"
            f" output layer {Y.shape[0]} units."
        )
    if not network.loss.of_classes:
        return
    wrong = ~np.isin(Y, (0.0, 1.0))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise LayerwiseError(
            f"{network.loss.label} needs labels 0 or 1, and Y[{row}, {column}] is"
            f" {Y[row, column]:g}: use a linear output with squared error for real numbers."
        )
    g = network.activations[network.L]
    if not g.elementwise and (Y.sum(axis=0) != 1.0).any():
        column = int(np.flatnonzero(Y.sum(axis=0) != 1.0)[0])
        raise LayerwiseError(
            f"{g.label.capitalize()} needs exactly one 1 in each column of Y, and column {column}"
            f" has {Y[:, column].sum():g}: give one row a class, or use sigmoid outputs."
        )
