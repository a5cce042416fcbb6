"""Exports a trained network as an ONNX model, with features and normalization included."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.data.examples import Split
from core.errors import LayerwiseError
from core.nn.activations import ACTIVATIONS, LEAK, Array
from core.nn.parameters import Parameters
from core.project import Project

OPSET, IR = 17, 8  # read by onnxruntime from 1.13 (2022) on
INPUT, OUTPUT, LABEL = "x", "y_hat", "label"
NUMBERS = {"zero": 0.0, "one": 1.0, "leak": LEAK}  # that nodes of an activation name
MISSING = (
    "Writing ONNX needs the package onnx, which is not installed: run python -m pip install onnx."
)


def model(project: Project, split: Split, p: Parameters, name: str) -> bytes:
    """The bytes of an .onnx file that predicts like the network with these parameters.

    Its input `x` (m, n) has one example per row, in the units of the data: x1 and x2 if the network
    uses features of these, and not standardized. `y_hat` (m, n[L]) is the network's output, `label`
    (m,) the class. It computes in the run's precision. Raises LayerwiseError if the package onnx is
    missing.
    """
    try:
        import onnx
    except ImportError:
        raise LayerwiseError(MISSING) from None
    made = _Graph(onnx, project, split, p).made(name)
    onnx.checker.check_model(made)
    content: bytes = made.SerializeToString()
    return content


class _Graph:
    """Collects the nodes of a model; every method returns the name of its result."""

    def __init__(self, onnx: Any, project: Project, split: Split, p: Parameters) -> None:
        self._onnx, self._project, self._split, self._p = onnx, project, split, p
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}
        self._kind = np.dtype(project.training.dtype)

    def made(self, name: str) -> Any:
        """The whole model."""
        helper, split, last = self._onnx.helper, self._split, self._p.sizes[-1]
        A = self._inputs()
        for l, activation in enumerate(self._project.activations, start=1):
            A = self._layer(l, activation, A)
        self._node("Identity", [A], OUTPUT)
        outputs = [self._value(OUTPUT, self._kind, ["m", last])]
        if split.kind != "regression":
            self._label(A)
            outputs.append(self._value(LABEL, np.dtype(np.int64), ["m"]))
        graph = helper.make_graph(
            self._nodes, name, [self._value(INPUT, np.dtype(np.float64), ["m", self._n_x])],
            outputs, list(self._constants.values()),
        )  # fmt: skip
        made = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR,
            producer_name="Layerwise", doc_string=self._about(),
        )  # fmt: skip
        about = {"inputs": ", ".join(self._raw_names), "classes": ", ".join(split.class_names)}
        helper.set_model_props(made, {key: words for key, words in about.items() if words})
        return made

    @property
    def _of_points(self) -> bool:
        """Whether the inputs are features of two numbers."""
        return self._split.points is not None

    @property
    def _raw_names(self) -> tuple[str, ...]:
        if self._of_points:
            return self._split.coordinates or ("x1", "x2")
        return tuple(self._split.names)

    @property
    def _n_x(self) -> int:
        return 2 if self._of_points else self._p.sizes[0]

    def _about(self) -> str:
        inputs = ", ".join(self._raw_names[:8]) + (" …" if len(self._raw_names) > 8 else "")
        return (
            f"Input x has an example in each row: {inputs}. Features and normalization are part of"
            " the model."
        )

    # --- from the numbers of the data to the network's inputs ---

    def _inputs(self) -> str:
        X = self._features() if self._of_points else INPUT
        mean, std = self._split.mean, self._split.std
        if mean is not None and std is not None:
            at = self._constant("inputs/mean", mean.T)
            X = self._node("Sub", [X, at], "inputs/centred")
            by = self._constant("inputs/deviation", std.T)
            X = self._node("Div", [X, by], "inputs/standardized")
        to = self._onnx.helper.np_dtype_to_tensor_dtype(self._kind)
        return self._node("Cast", [X], "inputs/A0", to=to)

    def _features(self) -> str:
        columns = []
        for j in range(2):
            index = self._constant(f"inputs/column{j + 1}", np.array([j], np.int64))
            columns.append(self._node("Gather", [INPUT, index], f"inputs/x{j + 1}", axis=1))
        x1, x2 = columns
        operations: dict[str, tuple[str, list[str]]] = {
            "x1_squared": ("Mul", [x1, x1]),
            "x2_squared": ("Mul", [x2, x2]),
            "x1x2": ("Mul", [x1, x2]),
            "sin_x1": ("Sin", [x1]),
            "sin_x2": ("Sin", [x2]),
        }
        made = {"x1": x1, "x2": x2}
        for name in self._split.features:
            if name not in made:
                kind, of = operations[name]
                made[name] = self._node(kind, of, f"inputs/{name}")
        rows = [made[name] for name in self._split.features]
        return self._node("Concat", rows, "inputs/features", axis=1)

    # --- the network ---

    def _layer(self, l: int, activation: str, A: str) -> str:
        W = self._constant(f"layer{l}/W", self._p.W[l])
        b = self._constant(f"layer{l}/b", self._p.b[l][:, 0])
        Z = self._node("Gemm", [A, W, b], f"layer{l}/Z", transB=1)
        made = self._activation(f"layer{l}", activation, Z)
        if l in self._project.muted:
            on = np.ones((1, self._p.sizes[l]), self._kind)
            on[0, list(self._project.muted[l])] = 0
            made = self._node(
                "Mul", [made, self._constant(f"layer{l}/on", on)], f"layer{l}/unmuted"
            )
        return made

    def _activation(self, layer: str, name: str, Z: str) -> str:
        """The nodes of an activation, from its row."""
        known = {"Z": Z}
        for kind, *inputs, output in ACTIVATIONS[name].onnx:
            of = [known.get(each) or self._number(each, NUMBERS[each]) for each in inputs]
            to = {"to": self._onnx.helper.np_dtype_to_tensor_dtype(self._kind)}
            settings = to if kind == "Cast" else {}
            known[output] = self._node(kind, of, f"{layer}/{output}", **settings)
        return known["A"]

    def _label(self, A: str) -> None:
        if self._split.kind == "classes":
            self._node("ArgMax", [A], LABEL, axis=1, keepdims=0)
            return
        above = self._node("Greater", [A, self._number("half", 0.5)], "label/above")
        to = self._onnx.TensorProto.INT64
        rows = self._node("Cast", [above], "label/rows", to=to)
        axis = self._constant("label/axis", np.array([1], np.int64))
        self._node("Squeeze", [rows, axis], LABEL)

    # --- pieces ---

    def _node(self, kind: str, inputs: list[str], output: str, **settings: Any) -> str:
        made = self._onnx.helper.make_node(kind, inputs, [output], name=output, **settings)
        self._nodes.append(made)
        return output

    def _constant(self, name: str, values: Array | np.ndarray[Any, Any]) -> str:
        if name not in self._constants:
            held = np.ascontiguousarray(values)
            self._constants[name] = self._onnx.numpy_helper.from_array(held, name)
        return name

    def _number(self, name: str, value: float) -> str:
        return self._constant(f"number/{name}", np.array(value, self._kind))

    def _value(self, name: str, kind: np.dtype[Any], shape: list[str | int]) -> Any:
        of = self._onnx.helper.np_dtype_to_tensor_dtype(kind)
        return self._onnx.helper.make_tensor_value_info(name, of, shape)
