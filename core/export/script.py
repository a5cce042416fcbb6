"""Exports a project as NumPy code in the course's style: cells that print the window's costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.data.datasets import DATASETS
from core.data.examples import Split
from core.data.features import FEATURES
from core.data.own import OwnData
from core.export import generators
from core.nn.activations import ACTIVATIONS, Activation, Array
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.project import Project

ScriptArrays = dict[str, np.ndarray]
PRINT_EVERY = 1000
ROUNDING = (
    "These lines round otherwise than Layerwise's own, so the costs agree to about 1e-9 over the\n"
    "# first thousand iterations, and to fewer digits the longer it trains."
)


@dataclass(frozen=True, slots=True)
class Section:
    """One cell of a notebook: a heading, the text under it, and code."""

    title: str
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The code of a project in cells, and the arrays that it loads from a `.npz` in the same
    folder.
    """

    cells: tuple[Section, ...]
    arrays: ScriptArrays

    def script(self) -> str:
        """All cells as one Python file."""
        parts = [f"# {cell.title}\n\n{cell.code.strip()}" for cell in self.cells]
        return "\n\n\n".join(parts) + "\n"


def export(
    project: Project, split: Split, start: Array | None, own: OwnData | None, name: str, data: str
) -> Exported:
    """The code that trains this project from its start.

    `start` are the given initial parameters (flat), None if they are drawn from the seed; `name` is
    the project's name, `data` the name of the `.npz` file for the arrays.
    """
    return Script(project, split, start, own, name, data).made()


class Script:
    """Writes the cells, one method a cell; another library overrides those that differ."""

    def __init__(
        self, project: Project, split: Split, start: Array | None, own: OwnData | None, name: str,
        data: str,
    ) -> None:  # fmt: skip
        self._project, self._split, self._start, self._own = project, split, start, own
        self._name, self._data = name, data
        self._t = project.training
        self._sizes = project.sizes(split.train.X.shape[0])
        self._L = len(self._sizes) - 1
        self._g = {l: ACTIVATIONS[a] for l, a in enumerate(project.activations, start=1)}
        self._loss = LOSSES[self._t.loss]
        self._arrays: ScriptArrays = {}

    def made(self) -> Exported:
        """All cells."""
        cells = (
            Section("Set-up", self._about(), self._set_up()),
            Section("Data", "Columns are examples.", self._data_lines()),
            Section("Activations", "Each with its slope g′.", self._activations()),
            Section("Initialize", "W[l] has a row for each unit of layer l.", self._initialize()),
            Section("Forward propagation", "Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]).",
                    self._forward()),
            Section("Cost", "The mean loss over the examples, plus regularization.", self._cost()),
            Section("Backward propagation", "From the output layer back to the first.",
                    self._backward()),
            Section("Update", OPTIMIZERS[self._t.optimizer].label, self._update()),
            Section("Model", "Initialize, then iterate.", self._model()),
            Section("Predict", "", self._predict()),
            Section("Train", "", self._train()),
        )  # fmt: skip
        return Exported(cells, self._arrays)

    # --- texts ---

    def _about(self) -> str:
        layers = " → ".join(str(n) for n in self._sizes)
        activations = ", ".join(g.label for g in self._g.values())
        return (
            f"{self._name}: a network {layers} ({activations}), trained on {self._split.train.m}"
            f" examples. {ROUNDING.replace(chr(10) + '#', '')}"
        )

    def _set_up(self) -> str:
        lines = [f"# {self._name}, as Layerwise trains it. Needs NumPy alone.", f"# {ROUNDING}"]
        return "\n".join([*lines, "", "import numpy as np"])

    def _dtype(self) -> str:
        return f"np.{self._t.dtype}"

    # --- data ---

    def _data_lines(self) -> str:
        data = self._project.data
        drawn = None if data.own is not None else generators.lines_of(data.source)
        if drawn is None:
            return self._loaded()
        lines = [drawn, "", "", "def load_data():", f"    rng = np.random.RandomState({data.seed})"]
        dataset = DATASETS[data.source]
        extra = ""
        if dataset.option is not None:
            extra += f", {dataset.option.name}={data.options[dataset.option.name]}"
        if data.balance:
            extra += f", balance={tuple(data.balance)!r}"
        function = generators.function_of(data.source)
        lines.append(f"    X, Y = {function}({data.examples}, {data.noise!r}, rng{extra})")
        lines += self._split_lines()
        return "\n".join(lines)

    def _split_lines(self) -> list[str]:
        data, lines = self._project.data, list[str]()
        if data.test_share > 0:
            lines += [
                f"    count = min(int({data.test_share!r} * X.shape[1] + 0.5), X.shape[1] - 1)",
                "    is_test = np.zeros(X.shape[1], bool)",
                "    is_test[rng.permutation(X.shape[1])[:count]] = True",
            ]
        else:
            lines.append("    is_test = np.zeros(X.shape[1], bool)")
        if data.on_plane and self._split.features != ("x1", "x2"):
            rows = ", ".join(FEATURES[name].python for name in self._split.features)
            lines.append(f"    X = np.stack([{rows}])  # the input features")
        if self._split.mean is not None:
            lines += [
                "    mean = X[:, ~is_test].mean(axis=1, keepdims=True)  # of the training inputs",
                "    deviation = X[:, ~is_test].std(axis=1, keepdims=True)",
                "    X = (X - mean) / np.where(deviation == 0, 1, deviation)",
            ]
        kind = self._dtype()
        lines.append(f"    X, Y = X.astype({kind}), Y.astype({kind})")
        lines.append("    return X[:, ~is_test], Y[:, ~is_test], X[:, is_test], Y[:, is_test]")
        return lines

    def _loaded(self) -> str:
        """Inputs as the network is fed them: features and normalization are in them already."""
        split = self._split
        self._arrays["X"], self._arrays["Y"] = split.train.X, split.train.Y
        none = split.train.X[:, :0], split.train.Y[:, :0]
        test = none if split.test is None else (split.test.X, split.test.Y)
        self._arrays["X_test"], self._arrays["Y_test"] = test
        remark = "    # The inputs as the network is fed them."
        if split.mean is not None and split.std is not None:
            self._arrays["mean"], self._arrays["deviation"] = split.mean, split.std
            remark = (
                "    # X is normalized: (X - data['mean']) / data['deviation'] does it with new"
                " inputs."
            )
        kind = self._dtype()
        return "\n".join([
            "def load_data():",
            remark,
            f"    data = np.load({self._data!r})",
            '    names = ("X", "Y", "X_test", "Y_test")',
            f"    return tuple(data[name].astype({kind}) for name in names)",
        ])  # fmt: skip

    # --- the network ---

    def _activations(self) -> str:
        used: dict[str, Activation] = {g.name: g for g in self._g.values()}
        blocks = []
        for name, g in used.items():
            whole = not g.elementwise
            prime = f"{name}_backward" if whole else f"{name}_prime"
            arguments = "Z, A, dA" if whole else "Z, A"
            blocks.append(f"def {name}(Z):\n    return {g.python}")
            blocks.append(f"def {prime}({arguments}):\n    return {g.python_prime}")
        return "\n\n\n".join(blocks)

    def _layers(self, what: str, values: Mapping[int, str]) -> str:
        row = ", ".join(f"{l}: {value}" for l, value in values.items())
        return f"{what} = {{{row}}}"

    def _initialize(self) -> str:
        network = self._project.network
        rule = INITIALIZERS[network.initializer]
        lines = ["def initialize_parameters(layer_dims):"]
        if self._start is not None:
            from core.nn.parameters import Parameters

            p = Parameters(self._sizes, flat=self._start)
            for l in p.W:
                self._arrays[f"W{l}"], self._arrays[f"b{l}"] = p.W[l], p.b[l]
            kind = self._dtype()
            lines += [
                f"    start = np.load({self._data!r})  # the weights that were imported",
                "    parameters = {}",
                "    for l in range(1, len(layer_dims)):",
                f'        parameters[f"W{{l}}"] = start[f"W{{l}}"].astype({kind})',
                f'        parameters[f"b{{l}}"] = start[f"b{{l}}"].astype({kind})',
                "    return parameters",
            ]
            return "\n".join(lines)
        scale = {
            "normal": f"{network.scale!r}", "xavier": "(1.0 / n_prev) ** 0.5",
            "he": "(2.0 / n_prev) ** 0.5",
        }.get(rule.name)  # fmt: skip
        kind = self._dtype()
        draw = "np.zeros((n, n_prev))" if scale is None else f"np.random.randn(n, n_prev) * {scale}"
        lines += [
            f"    np.random.seed({network.seed})",
            "    parameters = {}",
            "    for l in range(1, len(layer_dims)):",
            "        n_prev, n = layer_dims[l - 1], layer_dims[l]",
            f'        parameters[f"W{{l}}"] = ({draw}).astype({kind})',
            f'        parameters[f"b{{l}}"] = np.zeros((n, 1), {kind})',
            "    return parameters",
        ]
        return "\n".join(lines)

    def _switches(self, name: str, units: Mapping[int, tuple[int, ...]]) -> list[str]:
        """Lines for muted or frozen units: a column of 1, and 0 for these."""
        lines = [f"{name} = {{}}  # 0 for units that are {'muted' if name == 'on' else 'frozen'}"]
        for l, rows in units.items():
            lines.append(f"{name}[{l}] = np.ones(({self._sizes[l]}, 1))")
            lines.append(f"{name}[{l}][{list(rows)}] = 0")
        return lines

    def _forward(self) -> str:
        lines = [self._layers("g", {l: g.name for l, g in self._g.items()})]
        muted, keep = self._project.muted, self._project.keep
        if muted:
            lines += self._switches("on", muted)
        if keep:
            values = {l: f"{k!r}" for l, k in keep.items()}
            lines.append(self._layers("keep", values) + "  # dropout: the share that is kept")
        lines += ["", "", "def forward_propagation(X, parameters, D=None):",
                  '    cache = {"A0": X}', "    A = X", f"    for l in range(1, {self._L} + 1):",
                  '        Z = np.dot(parameters[f"W{l}"], A) + parameters[f"b{l}"]',
                  "        A = g[l](Z)"]  # fmt: skip
        if muted:
            lines += ["        if l in on:", "            A = A * on[l]"]
        lines.append('        cache[f"G{l}"] = A')
        if keep:
            lines += ["        if D is not None and l in D:",
                      "            A = A * D[l] / keep[l]  # inverted dropout"]  # fmt: skip
        lines += ['        cache[f"Z{l}"], cache[f"A{l}"] = Z, A', "    return A, cache"]
        return "\n".join(lines)

    def _cost(self) -> str:
        behind = self._loss.at(self._project.activations[-1])
        lines = ["def compute_cost(A, Z, Y, parameters):", "    m = Y.shape[1]"]
        text = behind.python
        if behind.exact:
            lines += [
                '    with np.errstate(divide="ignore", invalid="ignore"):',
                f"        cost = {text}",
                "    if not np.isfinite(cost):  # an output is exactly 0 or 1: computed from Z",
                f"        cost = {behind.exact}",
            ]
        else:
            lines.append(f"    cost = {text}")
        weights = f'[parameters[f"W{{l}}"] for l in range(1, {self._L} + 1)]'
        m = self._split.train.m
        if self._t.l2:
            lines.append(
                f"    cost += {self._t.l2!r} / (2 * {m}) * sum(np.sum(W**2) for W in {weights})"
            )
        if self._t.l1:
            lines.append(
                f"    cost += {self._t.l1!r} / {m} * sum(np.sum(np.abs(W)) for W in {weights})"
            )
        return "\n".join([*lines, "    return float(cost)"])

    def _backward(self) -> str:
        L, last, m = self._L, self._project.activations[-1], self._split.train.m
        lines = []
        slopes = {
            l: f"{g.name}_backward" if not g.elementwise else f"{g.name}_prime"
            for l, g in self._g.items()
        }
        lines.append(self._layers("g_prime", slopes))
        lines += ["", "", "def backward_propagation(parameters, cache, X, Y, D=None):",
                  "    m = X.shape[1]", "    grads = {}",
                  f"    for l in range({L}, 0, -1):"]  # fmt: skip
        fused = last in self._loss.fused
        lines += [f"        if l == {L}:", f'            dA = cache["A{L}"] - Y']
        lines += [
            "        else:",
            '            dA = np.dot(parameters[f"W{l + 1}"].T, grads[f"dZ{l + 1}"])',
        ]
        if self._project.keep:
            lines += ["        if D is not None and l in D:",
                      "            dA = dA * D[l] / keep[l]"]  # fmt: skip
        lines += self._slope_lines(fused)
        lines += ['        grads[f"dZ{l}"] = dZ',
                  '        grads[f"dW{l}"] = np.dot(dZ, cache[f"A{l - 1}"].T) / m',
                  '        grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True) / m']  # fmt: skip
        own, dW = 'parameters[f"W{l}"]', 'grads[f"dW{l}"]'
        if self._t.l2:
            lines.append(f"        {dW} += {self._t.l2!r} / {m} * {own}")
        if self._t.l1:
            lines.append(f"        {dW} += {self._t.l1!r} / {m} * np.sign({own})")
        lines.append("    return grads")
        return "\n".join(lines)

    def _slope_lines(self, fused: bool) -> list[str]:
        """DZ from dA: equal for a fused output, else times g′; softmax uses all of dA."""
        L = self._L
        Z, G = 'cache[f"Z{l}"]', 'cache[f"G{l}"]'
        lines = []
        whole = [l for l, g in self._g.items() if not g.elementwise and not (fused and l == L)]
        if fused:
            lines += [f"        if l == {L}:", "            dZ = dA  # dZ[L] = A[L] - Y"]
        if whole:
            word = "elif" if fused else "if"
            lines += [f"        {word} l in {whole}:", f"            dZ = g_prime[l]({Z}, {G}, dA)"]
        if lines:
            lines += ["        else:", f"            dZ = dA * g_prime[l]({Z}, {G})"]
        else:
            lines = [f"        dZ = dA * g_prime[l]({Z}, {G})"]
        if self._project.muted:
            lines += ["        if l in on:", "            dZ = dZ * on[l]"]
        return lines

    # --- training ---

    def _update(self) -> str:
        optimizer = OPTIMIZERS[self._t.optimizer]
        settings = self._t.optimizer_settings
        lines = [f"{name} = {value!r}" for name, value in settings.items()]
        if self._project.frozen:
            lines += self._switches("free", self._project.frozen)
        if lines:
            lines += ["", ""]
        memory = [f"{letter}_dP" for letter in optimizer.memory]
        if memory:
            lines += [
                "def initialize_memory(parameters):",
                f"    return {{letter: {{name: np.zeros_like(P) for name, P in parameters.items()}}"
                f" for letter in {tuple(optimizer.memory)!r}}}",
                "", "",
            ]  # fmt: skip
        more = ", memory, t" if memory else ""
        lines.append(f"def update_parameters(parameters, grads, learning_rate{more}):")
        lines.append("    updated = {}")
        if self._t.clip_norm:
            lines += [
                '    length = np.sqrt(sum(np.sum(grads[f"d{name}"] ** 2) for name in parameters))',
                f"    share = {self._t.clip_norm!r} / max(length, {self._t.clip_norm!r})",
                '    grads = {f"d{name}": share * grads[f"d{name}"] for name in parameters}',
            ]
        lines += ["    for name, P in parameters.items():", '        dP = grads[f"d{name}"]']
        for row in optimizer.python.splitlines():
            row = re.sub(r"\b([a-z])_dP\b", r'memory["\1"][name]', row)
            if row.startswith("P = P - "):
                row = f"step = {row.removeprefix('P = P - ')}"
            lines.append(f"        {row}")
        if self._project.frozen:
            lines += ["        if int(name[1:]) in free:",
                      "            step = step * free[int(name[1:])]"]  # fmt: skip
        lines += ["        updated[name] = P - step", "    return updated"]
        return "\n".join(lines)

    def _model(self) -> str:
        t, project = self._t, self._project
        full = t.batch_size is None or t.batch_size >= self._split.train.m
        memory = bool(OPTIMIZERS[t.optimizer].memory)
        lines = [f"def nn_model(X, Y, layer_dims, num_iterations, print_every={PRINT_EVERY}):",
                 "    parameters = initialize_parameters(layer_dims)", "    costs = []",
                 "    epoch = 0"]  # fmt: skip
        if memory:
            lines.append("    memory = initialize_memory(parameters)")
        if not full:
            lines += [f"    shuffler = np.random.RandomState([{project.data.seed}, 1])",
                      "    order, place = None, X.shape[1]"]  # fmt: skip
        if project.keep:
            lines.append(f"    dropper = np.random.RandomState({project.network.seed})")
        lines.append("    for i in range(num_iterations):")
        lines.append(f"        learning_rate = {self._rate()}")
        lines += self._batch_lines(full)
        masks = ""
        if project.keep:
            masks = ", D"
            lines += [
                "        D = {}",
                "        for l in keep:  # which activations are kept in this iteration",
                "            shape = (layer_dims[l], x.shape[1])",
                "            D[l] = (dropper.random_sample(shape) < keep[l]).astype(x.dtype)",
            ]
        extra = ", memory, i + 1" if memory else ""
        lines += [
            f"        A, cache = forward_propagation(x, parameters{masks})",
            f'        cost = compute_cost(A, cache["Z{self._L}"], y, parameters)',
            "        costs.append(cost)",
            f"        grads = backward_propagation(parameters, cache, x, y{masks})",
            f"        parameters = update_parameters(parameters, grads, learning_rate{extra})",
            "        if print_every and i % print_every == 0:",
            '            print(f"Cost after iteration {i}: {cost:.6f}")',
        ]
        lines += self._stop_lines(full)
        return "\n".join([*lines, "    return parameters, costs"])

    def _rate(self) -> str:
        schedule = self._t.schedule
        return f"{self._t.learning_rate!r}" if schedule is None else schedule.python()

    def _batch_lines(self, full: bool) -> list[str]:
        if full:
            return ["        x, y = X, Y", "        epoch += 1"]
        return [
            "        if place == X.shape[1]:  # an epoch begins: shuffle",
            "            order, place = shuffler.permutation(X.shape[1]), 0",
            f"        batch = order[place : place + {self._t.batch_size}]",
            "        place += len(batch)",
            "        epoch += place == X.shape[1]",
            "        x, y = X[:, batch], Y[:, batch]",
        ]

    def _stop_lines(self, full: bool) -> list[str]:
        stop, lines = self._t.stop, list[str]()
        if stop.epochs:
            lines += [f"        if epoch >= {stop.epochs}:", "            break"]
        if stop.cost:
            lines += [
                "        A, cache = forward_propagation(X, parameters)",
                f'        if compute_cost(A, cache["Z{self._L}"], Y, parameters) <= {stop.cost!r}:',
                "            break  # the cost that was set",
            ]
        if stop.seconds or stop.patience:
            what = [f"{stop.seconds:g} s"] if stop.seconds else []
            what += [f"a patience of {stop.patience}"] if stop.patience else []
            lines.append(f"        # The window also stops after {' and '.join(what)}.")
        return lines

    def _predict(self) -> str:
        kind = self._split.kind
        lines = ["def predict(parameters, X):", "    A, _ = forward_propagation(X, parameters)"]
        if kind == "binary":
            lines.append("    return (A > 0.5).astype(int)")
        elif kind == "classes":
            lines.append("    return np.argmax(A, axis=0)  # the class of each example")
        else:
            lines.append("    return A")
        return "\n".join(lines)

    def _train(self) -> str:
        lines = ["X, Y, X_test, Y_test = load_data()"]
        count = self._t.iterations or 10_000
        lines.append(
            f"parameters, costs = nn_model(X, Y, {list(self._sizes)!r}, num_iterations={count})"
        )
        lines.append(
            f"A, cache = forward_propagation(X, parameters)\n"
            f"print(f\"Final cost: {{compute_cost(A, cache['Z{self._L}'], Y, parameters):.9f}}\")"
        )
        scores = {
            "binary": "np.mean(predict(parameters, {X}) == {Y})",
            "classes": "np.mean(predict(parameters, {X}) == np.argmax({Y}, axis=0))",
        }
        if score := scores.get(self._split.kind):
            train = score.format(X="X", Y="Y")
            lines.append(f'print(f"Training accuracy: {{{train}:.4f}}")')
            if self._split.test is not None:
                test = score.format(X="X_test", Y="Y_test")
                lines.append(f'print(f"Test accuracy: {{{test}:.4f}}")')
        return "\n".join(lines)
