"""The marks of a chart: dots, bars, ranges, arrows and distributions, alike in colour and in grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes as MplAxes

from analysis.draw import style
from analysis.draw.sheet import Sheet

Axes = MplAxes | Sheet
"""What charts are drawn on: the axes of a figure, or a sheet within a page."""

OPEN_ARROW, DOT, SMALL_DOT, DIAMOND, END = 18, 6, 4.5, 4.2, 8  # points
BINS = 48  # of a distribution
FENCE = 1.5  # middle halves beyond the middle half, from which on a value lies far out


class Marks:
    """Draws on axes whose vertical unit is an inch, with lines and dots in points at a scale."""

    def __init__(self, axes: Axes, scale: float) -> None:
        self.axes, self.scale = axes, scale

    def line(
        self, x: float, top: float, end: float, ink: str, wide: float, dash: Any = "solid", zorder: int = 1
    ) -> None:
        """Draw an upright line."""
        wide *= self.scale
        self.axes.vlines(x, top, end, color=ink, linewidth=wide, linestyle=dash, zorder=zorder)

    def level(self, y: float, ends: tuple[float, float], ink: str, wide: float, zorder: int = 1) -> None:
        """Draw a level line."""
        self.axes.plot(list(ends), [y, y], color=ink, linewidth=wide * self.scale, zorder=zorder)

    def dot(
        self, x: float, y: float, colour: str, *, size: float = DOT, fill: str = "white", edge: float = 1,
        shape: str = "o", zorder: int = 4,
    ) -> None:  # fmt: skip
        """Draw a dot, hollow unless it is filled."""
        self.axes.plot(
            x, y, shape, markersize=size * self.scale, color=colour, markerfacecolor=fill, zorder=zorder,
            markeredgewidth=edge * self.scale,
        )  # fmt: skip

    def bar(self, y: float, start: float, end: float, height: float, colour: str, *, filled: bool) -> None:
        """Draw a bar, hatched unless it is filled."""
        self.axes.barh(
            y, end - start, left=start, height=height, color=colour if filled else "white", edgecolor=colour,
            linewidth=0.8 * self.scale, zorder=2, hatch=None if filled else "////",
            hatch_linewidth=0.6 * self.scale,
        )  # fmt: skip

    def band(self, y: float, low: float, high: float, height: float, colour: str, tint: str) -> None:
        """Draw a range: a light bar whose two ends look the same, so that neither reads as the value."""
        self.axes.barh(y, high - low, left=low, height=height, color=tint, linewidth=0, zorder=3)
        self.axes.plot(
            [low, high], [y, y], "|", color=colour, markersize=END * self.scale,
            markeredgewidth=1.4 * self.scale, zorder=3,
        )  # fmt: skip

    def arrow(self, x: float, y: float, sign: int, colour: str) -> None:
        """Draw the arrow of an open bound."""
        arrow = {
            "arrowstyle": "<-", "color": colour, "linewidth": 1.2 * self.scale, "shrinkA": 0,
            "mutation_scale": 10 * self.scale,
        }  # fmt: skip
        far = (sign * OPEN_ARROW * self.scale, 0)
        self.axes.annotate("", (x, y), far, textcoords="offset points", arrowprops=arrow)

    def distribution(
        self, places: Sequence[float], base: float, tall: float, ends: tuple[float, float]
    ) -> None:
        """Draw how many values lie where, their median, their middle half, and dots for those far out."""
        values = np.array(places)
        counts, edges = np.histogram(values, bins=BINS, range=ends)
        heights = base - counts / max(counts.max(), 1) * tall
        self.axes.stairs(heights, edges, baseline=base, fill=True, color=style.MASS)
        self.level(base, ends, style.PEER, 0.6, zorder=2)
        lower, median, upper = (float(value) for value in np.quantile(values, (0.25, 0.5, 0.75)))
        self.level(base, (lower, upper), style.INK, 2.4, zorder=3)
        self.line(median, base - tall, base, style.INK, 1.0)
        for value in values[far_out(values)]:
            if value <= ends[1]:
                self.dot(float(value), base, style.PEER, size=SMALL_DOT - 1, edge=0.8, zorder=5)


def far_out(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return which values lie beyond one and a half middle halves from the middle half."""
    found = np.asarray(values, dtype=float)
    lower, upper = np.quantile(found, (0.25, 0.75))
    reach = FENCE * (upper - lower)
    return (found < lower - reach) | (found > upper + reach)
