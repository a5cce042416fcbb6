"""The slopes panel: histograms of g'(z) per layer, which show where gradients vanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Slot

from core.look.slopes import BINS, LayerSlopes, Slopes
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.parts import Named
from gui.plots.histograms import Histograms, HistogramsPlot
from gui.style import text
from gui.widgets import labels
from gui.widgets.card import Card

TITLE = "Slopes"
NARROWEST = 112.0  # px of a histogram, for its caption
ABOUT = (
    "The backward pass multiplies the gradient by g′(z) in every layer. Bars at the left "
    "are slopes near 0: little of the gradient passes through them."
)


class SlopesPanel(Panel):
    """A histogram for each layer, from the flattest slope to the steepest; a click selects it."""

    wanted_height = 216

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.layers: tuple[LayerSlopes, ...] = ()
        self._names: tuple[str, ...] = ()
        self._cursor: QPointF | None = None
        self.card = Card(TITLE, self)
        self.plot = HistogramsPlot("Slopes of the activations, layer by layer")
        self.plot.setToolTip(ABOUT)
        self.plot.numbers = self._numbers
        self.readout = labels.caption("")
        self.card.body.setSpacing(2)
        self.card.fill(self, (self.plot, 1), self.readout)
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        for changed in (self.plot.resized, self.plot.zoomed, self.plot.restyled):
            changed.connect(self._draw)
        selection.layer_changed.connect(self._draw)

    def named_parts(self) -> Mapping[str, Named]:
        return {"plot": Named(self.plot, self.tr("Plot of the slopes"))}

    def wants(self) -> tuple[Slopes]:
        return (Slopes(),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        found = snapshot.answer(Slopes())
        if found is not None:
            self.layers, self._names = found, snapshot.project.activations
            self._draw()

    def says(self, l: int) -> str:
        """The text for layer l: its activation, the mean slope and the share of flat units."""
        layer, name = self.layers[l - 1], self._names[l - 1]
        return (
            f"Layer {l}, {name}: mean slope {text.plain(layer.mean, 3)},"
            f" {text.percent(layer.flat, 0)} nearly flat"
        )

    @Slot()
    def _draw(self, *_: object) -> None:
        if not self.layers:
            return
        shares = [100 * layer.counts / max(layer.counts.sum(), 1) for layer in self.layers]
        flat = (text.percent(layer.flat, 0) for layer in self.layers)
        captions = tuple(f"Layer {l}: {share} flat" for l, share in enumerate(flat, start=1))
        ends = self.layers[0].low, self.layers[0].high
        chosen, tones = self.selection.layer - 1, ("backward", "backward")
        self.plot.show_histograms(
            Histograms(
                np.stack(shares), captions, frozenset(), 0, ends, tones, chosen, NARROWEST, " %"
            )
        )
        self._read_out()

    def _numbers(self) -> dict[str, Any]:
        """The number of slopes of each layer in each bin."""
        if not self.layers:
            return {}
        edges = np.linspace(self.layers[0].low, self.layers[0].high, BINS + 1)
        counts = {f"layer {l}": layer.counts for l, layer in enumerate(self.layers, start=1)}
        return {"from": edges[:-1], "to": edges[1:], **counts}

    def _read_out(self) -> None:
        under = None if self._cursor is None else self.plot.under(self._cursor)
        if under is not None:
            self.readout.setText(self._bin_words(*under))
        else:
            chosen = self.selection.layer
            self.readout.setText(self.says(chosen) if 1 <= chosen <= len(self.layers) else "")

    def _bin_words(self, unit: int, i: int) -> str:
        layer = self.layers[unit]
        step = (layer.high - layer.low) / BINS
        low, high = (text.plain(layer.low + k * step, 3) for k in (i, i + 1))
        share = layer.counts[i] / max(int(layer.counts.sum()), 1)
        return f"Layer {unit + 1}, slopes from {low} to {high}: {text.percent(share, 0)}"

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        under = self.plot.under(at)
        if under is not None:
            self.selection.select_layer(under[0] + 1)
