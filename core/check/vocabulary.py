"""The course's function names with common aliases, and the meaning of their arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


def plain(name: str) -> str:
    """A name without case and underscores, to compare how people spell it."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the course, its arguments in order, and the stage that checks it."""

    name: str
    stage: str
    arguments: tuple[str, ...]
    aliases: tuple[str, ...] = ()


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("sigmoid", "helpers", ("Z",), ("sigma", "logistic", "sig")),
        Function("relu", "helpers", ("Z",)),
        Function("sigmoid_backward", "helpers", ("dA", "Z"), ("sigmoid_derivative_backward",)),
        Function("relu_backward", "helpers", ("dA", "Z")),
        Function(
            "initialize_with_zeros", "initialize", ("dim",), ("init_with_zeros", "initialize_zeros")
        ),
        Function("propagate", "propagate", ("w", "b", "X", "Y"), ("prop", "forward_backward")),
        Function(
            "optimize", "train",
            ("w", "b", "X", "Y", "num_iterations", "learning_rate"),
            ("optimise", "gradient_descent"),
        ),
        Function("layer_sizes", "initialize", ("X", "Y")),
        Function(
            "initialize_parameters", "initialize", ("n_x", "n_h", "n_y"),
            ("init_parameters", "init_params", "initialize_params", "initialise_parameters",
             "initialize", "initialise", "init_weights", "initialize_weights"),
        ),
        Function(
            "initialize_parameters_deep", "initialize", ("layer_dims",),
            ("init_parameters_deep", "initialise_parameters_deep"),
        ),
        Function("linear_forward", "forward", ("A_prev", "W", "b")),
        Function(
            "linear_activation_forward", "forward", ("A_prev", "W", "b", "activation"),
        ),
        Function(
            "forward_propagation", "forward", ("X", "parameters"),
            ("forward", "forward_prop", "forwardprop", "forward_pass", "feedforward",
             "feed_forward", "forward_propagate", "fwd", "model_forward"),
        ),
        Function(
            "L_model_forward", "forward", ("X", "parameters"), ("L_layer_forward", "deep_forward"),
        ),
        Function(
            "compute_cost", "cost", ("AL", "Y", "parameters"),
            ("cost", "cost_function", "calculate_cost", "compute_loss", "loss", "cost_fn",
             "cross_entropy", "cross_entropy_cost", "get_cost", "J"),
        ),
        Function("linear_backward", "backward", ("dZ", "cache")),
        Function("linear_activation_backward", "backward", ("dA", "cache", "activation")),
        Function(
            "backward_propagation", "backward", ("parameters", "cache", "X", "Y"),
            ("backward", "backward_prop", "backprop", "back_prop", "back_propagation",
             "backpropagation", "backward_pass", "compute_gradients", "gradients", "bwd"),
        ),
        Function("L_model_backward", "backward", ("AL", "Y", "caches"), ("L_layer_backward",)),
        Function(
            "update_parameters", "update", ("parameters", "grads", "learning_rate"),
            ("update", "update_params", "update_weights", "gradient_step", "apply_gradients"),
        ),
        Function(
            "nn_model", "train", ("X", "Y", "n_h", "num_iterations"),
            ("L_layer_model", "train", "fit", "nn", "train_model"),
        ),
        Function("two_layer_model", "train", ("X", "Y", "layer_dims", "learning_rate")),
        Function("predict", "predict", ("parameters", "X")),
    )
}  # fmt: skip

DEEP = {
    "initialize_parameters_deep", "linear_forward", "linear_activation_forward", "L_model_forward",
    "linear_backward", "linear_activation_backward", "L_model_backward",
}  # fmt: skip
LOGISTIC = {"initialize_with_zeros", "propagate", "optimize"}

# Other names of an argument, besides the course's.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "X": ("x", "xtrain", "trainx", "features", "inputs", "input", "a0", "xs", "trainsetx", "data"),
    "Y": ("y", "ytrain", "trainy", "labels", "label", "targets", "target", "t", "ys", "ytrue",
          "trainsety"),
    "parameters": ("params", "param", "p", "weights", "theta", "pars"),
    "cache": ("cache", "memory", "mem", "store", "saved", "intermediate"),
    "caches": ("caches",),
    "grads": ("grad", "gradients", "gradient", "derivatives", "dparams", "g"),
    "learning_rate": ("learningrate", "lr", "alpha", "eta", "stepsize", "rate"),
    "AL": ("al", "a", "aout", "yhat", "output", "outputs", "prediction", "predictions", "pred",
           "probs", "probabilities", "ypred", "out", "h"),
    "A_prev": ("aprev", "ain", "aprevious", "a"),
    "n_x": ("nx", "inputsize", "nin", "ninput", "ninputs", "sizein", "nfeatures"),
    "n_h": ("nh", "hiddensize", "nhidden", "hidden", "hiddenunits", "sizehidden"),
    "n_y": ("ny", "outputsize", "nout", "noutput", "noutputs", "sizeout"),
    "layer_dims": ("layerdims", "layersdims", "layers", "sizes", "dims", "layersizes", "layersize",
                   "architecture", "arch", "layersdimensions", "layerdimensions"),
    "num_iterations": ("numiterations", "iterations", "niter", "niters", "niterations", "epochs",
                       "numiters", "iters", "steps", "nepochs", "numepochs"),
    "activation": ("activation", "act", "activationfunction", "func"),
    "print_cost": ("printcost", "verbose", "plot", "show", "debug"),
    "dim": ("dim", "n", "size", "d", "nx"),
    "Z": ("z", "x", "u", "s", "activationcache", "cache"),
    "dA": ("da", "grad", "upstream"),
    "dZ": ("dz", "delta"),
    "linear_cache": ("linearcache",),
    "activation_cache": ("activationcache",),
}  # fmt: skip


def argument(name: str, wanted: Iterable[str], known: Iterable[str]) -> str | None:
    """The value for a parameter of this name, or None.

    `wanted` are the values of the course's function, which take precedence over the other `known`
    ones.
    """
    exact = {plain(value): value for value in known}
    first = list(wanted)
    for value in first:
        if plain(value) == plain(name):
            return value
    for value in first:
        if plain(name) in _SYNONYMS.get(value, ()):
            return value
    if plain(name) in exact:
        return exact[plain(name)]
    return next((v for v in known if plain(name) in _SYNONYMS.get(v, ())), None)


def function(name: str) -> str | None:
    """The function of the course that a student's function of this name is."""
    spelled = plain(name.strip("_"))
    for known, row in FUNCTIONS.items():
        if spelled == plain(known) or spelled in {plain(alias) for alias in row.aliases}:
            return known
    return None


_QUANTITY = re.compile(r"^(d?)([zawb])\[?_?(\d+)\]?$")


def quantity(name: str, last: int) -> str | None:
    """The array of the pass in a variable, key or attribute of this name, or None.

    `dW_2`, `dw2`, `self.dW2` and `grads[dW2]` are dW2; `AL` is the output's A; `J` the cost.
    """
    found = re.search(r"\[([^\]]+)\]$", name)
    text = (found[1] if found else name.rpartition(".")[2]).strip("'\" ")
    compact = text.replace("_", "").lower()
    if (match := _QUANTITY.match(compact)) is not None:
        d, letter, number = match.groups()
        if 0 <= int(number) <= last:
            return f"{d}{letter if letter == 'b' else letter.upper()}{int(number)}"
    if (delta := re.fullmatch(r"delta(\d+)", compact)) is not None and int(delta[1]) <= last:
        return f"dZ{int(delta[1])}"
    if compact in ("al", "yhat"):
        return f"A{last}"
    if text in ("dAL", "dZL"):
        return f"{text[:2]}{last}"
    if text == "J" or (compact in ("cost", "loss") and not found):
        return "cost"
    return None
