"""Exports a project as a PyTorch script: same data, start and updates, with autograd."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.data.examples import Split
from core.data.own import OwnData
from core.export.script import PRINT_EVERY, Exported, Script, Section
from core.nn.activations import ACTIVATIONS, Array
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.project import Project


def export_torch(
    project: Project, split: Split, start: Array | None, own: OwnData | None, name: str, data: str
) -> Exported:
    """The PyTorch code that trains this project from its start; arguments as of `export`."""
    return _TorchScript(project, split, start, own, name, data).made()


class _TorchScript(Script):
    def made(self) -> Exported:
        cells = (
            Section("Set-up", self._about(), self._set_up()),
            Section("Data", "Made with NumPy, a column an example.", self._data_lines()),
            Section("Activations", "", self._activations()),
            Section("Initialize", "Drawn with NumPy: the same start.", self._initialize()),
            Section("Network", "An example is a row here.", self._forward()),
            Section("Cost", "The mean loss over the examples, plus regularization.", self._cost()),
            Section("Update", OPTIMIZERS[self._t.optimizer].label, self._update()),
            Section("Model", "Initialize, then iterate.", self._model()),
            Section("Predict", "", self._predict()),
            Section("Train", "", self._train()),
        )
        return Exported(cells, self._arrays)

    def _set_up(self) -> str:
        return "\n".join([
            f"# {self._name}, as Layerwise trains it, with PyTorch and NumPy.",
            "# PyTorch rounds otherwise than Layerwise, so the costs agree to about 1e-6 over the",
            "# first thousand iterations, and to fewer digits the longer it trains.",
            "",
            "import numpy as np",
            "import torch",
            "import torch.nn.functional as F",
            "from torch import nn",
        ])  # fmt: skip

    def _kind(self) -> str:
        return f"torch.{self._t.dtype}"

    def _activations(self) -> str:
        used = dict.fromkeys(self._project.activations)
        return "\n\n\n".join(
            f"def {name}(Z):\n    return {ACTIVATIONS[name].torch}" for name in used
        )

    def _switches(self, name: str, units: Mapping[int, tuple[int, ...]]) -> list[str]:
        lines = [f"{name} = {{}}  # 0 for units that are {'muted' if name == 'on' else 'frozen'}"]
        for l, rows in units.items():
            lines.append(f"{name}[{l}] = torch.ones({self._sizes[l]}, dtype={self._kind()})")
            lines.append(f"{name}[{l}][{list(rows)}] = 0")
        return lines

    def _forward(self) -> str:
        muted, keep = self._project.muted, self._project.keep
        lines = [self._layers("g", {l: g.name for l, g in self._g.items()})]
        if muted:
            lines += self._switches("on", muted)
        if keep:
            values = {l: f"{k!r}" for l, k in keep.items()}
            lines.append(self._layers("keep", values) + "  # dropout: the share that is kept")
        lines += [
            "", "", "class Network(nn.Module):", "    def __init__(self, layer_dims):",
            "        super().__init__()",
            "        pairs = zip(layer_dims, layer_dims[1:])",
            f"        made = [nn.Linear(n_prev, n, dtype={self._kind()}) for n_prev, n in pairs]",
            "        self.layers = nn.ModuleList(made)",
            "        parameters = initialize_parameters(layer_dims)",
            "        with torch.no_grad():",
            "            for l, layer in enumerate(self.layers, start=1):",
            '                layer.weight.copy_(torch.from_numpy(parameters[f"W{l}"]))',
            '                layer.bias.copy_(torch.from_numpy(parameters[f"b{l}"][:, 0]))',
            "", "    def forward(self, A, D=None):",
            "        for l, layer in enumerate(self.layers, start=1):",
            "            Z = layer(A)", "            A = g[l](Z)",
        ]  # fmt: skip
        if muted:
            lines += ["            if l in on:", "                A = A * on[l]"]
        if keep:
            lines += ["            if D is not None and l in D:",
                      "                A = A * D[l] / keep[l]  # inverted dropout"]  # fmt: skip
        return "\n".join([*lines, "        return A, Z"])

    def _cost(self) -> str:
        text = LOSSES[self._t.loss].at(self._project.activations[-1]).torch
        lines = ["def compute_cost(network, A, Z, Y):", "    m = Y.shape[0]", f"    cost = {text}"]
        weights, m = "[layer.weight for layer in network.layers]", self._split.train.m
        if self._t.l2:
            lines.append(
                f"    cost = cost + {self._t.l2!r} / (2 * {m}) * sum((W**2).sum() for W in"
                f" {weights})"
            )
        if self._t.l1:
            lines.append(
                f"    cost = cost + {self._t.l1!r} / {m} * sum(W.abs().sum() for W in {weights})"
            )
        return "\n".join([*lines, "    return cost"])

    def _update(self) -> str:
        optimizer = OPTIMIZERS[self._t.optimizer]
        lines = [f"{name} = {value!r}" for name, value in self._t.optimizer_settings.items()]
        if self._project.frozen:
            lines += self._switches("free", self._project.frozen)
        lines += ["", ""] if lines else []
        more = ", memory, t" if optimizer.memory else ""
        lines += [
            f"def update_parameters(network, learning_rate{more}):",
            "    grads = {}",
            "    for name, P in network.named_parameters():",
            "        grads[name] = torch.zeros_like(P) if P.grad is None else P.grad",
        ]
        if clip := self._t.clip_norm:
            lines += [
                "    length = sum((dP**2).sum() for dP in grads.values()).sqrt()",
                f"    share = {clip!r} / max(length, {clip!r})",
                "    grads = {name: share * dP for name, dP in grads.items()}",
            ]
        lines += ["    for name, P in network.named_parameters():", "        dP = grads[name]"]
        for row in optimizer.python.splitlines():
            row = re.sub(r"\b([a-z])_dP\b", r'memory["\1"][name]', row)
            row = row.replace("np.", "torch.")
            if row.startswith("P = P - "):
                row = f"step = {row.removeprefix('P = P - ')}"
            lines.append(f"        {row}")
        if self._project.frozen:
            lines += [
                '        l = int(name.split(".")[1]) + 1  # "layers.0.weight"',
                "        if l in free:",
                "            step = step * (free[l][:, None] if step.ndim == 2 else free[l])",
            ]
        lines += ["        with torch.no_grad():", "            P -= step"]
        return "\n".join(lines)

    def _model(self) -> str:
        t, project = self._t, self._project
        full = t.batch_size is None or t.batch_size >= self._split.train.m
        memory = OPTIMIZERS[t.optimizer].memory
        lines = [f"def nn_model(X, Y, layer_dims, num_iterations, print_every={PRINT_EVERY}):",
                 "    network = Network(layer_dims)", "    costs = []",
                 "    epoch = 0"]  # fmt: skip
        if memory:
            zeros = "{name: torch.zeros_like(P) for name, P in network.named_parameters()}"
            lines.append(f"    memory = {{letter: {zeros} for letter in {tuple(memory)!r}}}")
        if not full:
            lines += [f"    shuffler = np.random.RandomState([{project.data.seed}, 1])",
                      "    order, place = None, X.shape[0]"]  # fmt: skip
        if project.keep:
            lines.append(f"    dropper = np.random.RandomState({project.network.seed})")
        lines.append("    for i in range(num_iterations):")
        lines.append(f"        learning_rate = {self._rate()}")
        lines += [
            line.replace("X.shape[1]", "X.shape[0]").replace("[:, batch]", "[batch]")
            for line in self._batch_lines(full)
        ]
        masks = ", D" if project.keep else ""
        if project.keep:
            lines += [
                "        D = {}",
                "        for l in keep:  # which activations are kept in this iteration",
                "            kept = dropper.random_sample((layer_dims[l], x.shape[0])) < keep[l]",
                "            D[l] = torch.from_numpy(kept.T).to(x.dtype)",
            ]
        extra = ", memory, i + 1" if memory else ""
        lines += [
            f"        A, Z = network(x{masks})",
            "        cost = compute_cost(network, A, Z, y)",
            "        costs.append(cost.item())",
            "        network.zero_grad()",
            "        if cost.requires_grad:",
            "            cost.backward()",
            f"        update_parameters(network, learning_rate{extra})",
            "        if print_every and i % print_every == 0:",
            '            print(f"Cost after iteration {i}: {costs[-1]:.6f}")',
        ]
        return "\n".join([*lines, *self._stop_lines(full), "    return network, costs"])

    def _stop_lines(self, full: bool) -> list[str]:
        lines = super()._stop_lines(full)
        whole = "with torch.no_grad():"
        return [
            f"        {whole}\n            J = compute_cost(network, *network(X), Y)"
            if "forward_propagation" in line
            else re.sub(r"compute_cost\(.*\) <=", "J <=", line)
            for line in lines
        ]

    def _predict(self) -> str:
        lines = [
            "def predict(network, X):",
            "    with torch.no_grad():",
            "        A, _ = network(X)",
        ]
        if self._split.kind == "binary":
            lines.append("    return (A > 0.5).to(torch.int64)")
        elif self._split.kind == "classes":
            lines.append("    return A.argmax(dim=1)  # the class of each example")
        else:
            lines.append("    return A")
        return "\n".join(lines)

    def _train(self) -> str:
        count = self._t.iterations or 10_000
        lines = [
            "X, Y, X_test, Y_test = (torch.from_numpy(a.T.copy()) for a in load_data())",
            f"network, costs = nn_model(X, Y, {list(self._sizes)!r}, num_iterations={count})",
            "with torch.no_grad():",
            "    J = compute_cost(network, *network(X), Y).item()",
            'print(f"Final cost: {J:.9f}")',
        ]
        scores = {
            "binary": "(predict(network, {X}) == {Y}).double().mean().item()",
            "classes": "(predict(network, {X}) == {Y}.argmax(dim=1)).double().mean().item()",
        }
        if score := scores.get(self._split.kind):
            lines.append(f'print(f"Training accuracy: {{{score.format(X="X", Y="Y")}:.4f}}")')
            if self._split.test is not None:
                test = score.format(X="X_test", Y="Y_test")
                lines.append(f'print(f"Test accuracy: {{{test}:.4f}}")')
        return "\n".join(lines)
