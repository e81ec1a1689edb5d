"""Draws rows of dots, bars, ranges and distributions along an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.draw import style
from analysis.draw.canvas import BODY_LINE, GAP, HALO, INDENT, LINE_SPACING, ROW, Drawing, weight
from analysis.draw.picture import ChartRow, Picture
from analysis.draw.text_metrics import text_width, wrap
from analysis.words.language import Text

LEFT = 0.06  # inches left of the smallest value
OPEN_ARROW, DOT = 18, 6  # points
STRIP, BINS = 0.52, 48  # inches and bins of a distribution
BESIDE = 0.34  # share of the room that the words beside a distribution may take
OWN = 0.36  # share of the room that the marks take where each row has a scale of its own


@dataclass(frozen=True, kw_only=True, repr=False)
class Chart(Picture):
    """Rows of dots or bars along one axis; bars and dots start at zero.

    ``axis`` is ``value`` (one scale for all rows, in ``unit``), ``own`` (a scale for each row, from zero to
    its largest value) or ``rank`` (from the first place on). ``reference`` is a value marked by a line, and
    ``limit`` ends the axis before values that lie far out, of which the note must speak.
    """

    mark: Literal["dot", "bar"] = "dot"
    axis: Literal["value", "own", "rank"] = "value"
    unit: str = ""
    reference: float | None = None
    limit: float | None = None

    @property
    def kind(self) -> str:
        """``dot`` or ``bar``."""
        return self.mark

    def _draw(self, standalone: bool) -> Figure:
        return RowsDrawing(self, standalone).draw()


class RowsDrawing(Drawing):
    """Lays out and draws one ``Chart``."""

    picture: Chart

    def __init__(self, chart: Chart, standalone: bool) -> None:
        super().__init__(chart, standalone)
        self.rows = chart.rows
        # By identity: to compare rows is to compare all the others in them.
        self.own = {id(row): _scale_of(row) for row in self.rows} if chart.axis == "own" else {}
        self.bottom, self.top = self._ends()
        self.marks = self._marks()

    def body(self) -> float:
        """Return the height of all rows and headings."""
        rows = sum(self._height(row) for row in self.rows)
        headings = sum(self.heading_height(group) for group in self.picture.groups)
        return rows + headings + GAP * max(len(self.picture.groups) - 1, 0) + 0.1

    @property
    def axis_height(self) -> float:  # type: ignore[override]
        """Room below the rows for the labels of the axis, where there is one."""
        return 0.08 if self.picture.axis == "own" else Drawing.axis_height

    # Where a value lies

    def _ends(self) -> tuple[float, float]:
        """Return the smallest and the largest position to draw; zero is always among the values."""
        if self.picture.axis == "own":
            return 0.0, 1.0
        drawn = [bound for row in self.rows for each in row.all() for bound in _bounds(each)]
        if self.picture.reference is not None:
            drawn.append(self.picture.reference)
        start = 1.0 if self.picture.axis == "rank" else 0.0
        values = [start, *drawn]
        top = max(values)
        return min(values), top if self.picture.limit is None else min(top, self.picture.limit)

    def _at(self, row: ChartRow, value: float) -> float:
        """Return the position of a value of a row: itself, or on the scale of its row from 0 to 1."""
        if self.picture.axis != "own":
            return value
        low, high = self.own[id(row)]
        return (value - low) / ((high - low) or 1.0)

    def _end(self, row: ChartRow) -> float:
        """Return the position right of which the words of a row stand."""
        if row.others or self.picture.axis == "own":
            return self.top
        return max(bound for bound in (*_bounds(row), min(self.top, max(self.bottom, 0.0))))

    # How much room things take

    def _share(self, row: ChartRow) -> float:
        """Return how far along the marks the words of a row begin, from 0 to 1."""
        return (self._end(row) - self.bottom) / ((self.top - self.bottom) or 1.0)

    def _marks(self) -> float:
        """Return the width of the marks in inches: as wide as leaves each value text room beside its mark."""
        space = self.room - LEFT
        if self.picture.axis == "own":
            return space * OWN
        fitting = []
        for row in self.rows:
            if row.is_drawn and self._share(row) > 0:
                words = text_width(row.text, style.BODY, weight(row))
                if row.others:
                    words = min(words, space * BESIDE)
                fitting.append((space - _offset(row) - words - 0.05) / self._share(row))
        return max(min([space - 0.3, *fitting]), space * 0.4)

    def _lines(self, row: ChartRow) -> tuple[list[str], list[str]]:
        """Return the lines of the words of a row and of its aside; unlabelled ones take the whole width."""
        room = self.inner - INDENT
        if row.label:
            used = LEFT + _offset(row) + (self._share(row) * self.marks if row.is_drawn else 0)
            room = self.room - used
        return wrap(row.text, room, style.BODY, weight(row)), wrap(row.aside, room, style.BODY)

    def _height(self, row: ChartRow) -> float:
        words = sum(len(lines) for lines in self._lines(row))
        lines = ROW + BODY_LINE * (max(words, len(self.label(row)), 1) - 1)
        return max(lines, STRIP) if row.is_distribution else lines

    # The axis

    def fill(self, axes: Axes, body: float) -> None:
        """Draw the scale, then each group with its rows."""
        self._scale(axes)
        axes.set_ylim(body, 0)
        axes.set_yticks([])
        y = 0.05
        for group in self.picture.groups:
            y += self.write_heading(axes, y, group)
            top = y
            for row in group.rows:
                height = self._height(row)
                self._row(axes, y + height / 2, row, height)
                y += height
                if row.label and self.picture.axis == "value":
                    self._line(axes, 0, top, y, style.SOFT, 0.8)
                if self.picture.reference is not None and row.is_drawn:
                    self._line(axes, self.picture.reference, y - height, y, style.INK, 0.8, (0, (3, 2)))
            y += GAP
        sns.despine(ax=axes, left=True, bottom=True)

    def _line(
        self, axes: Axes, x: float, top: float, end: float, ink: str, wide: float, dash: Any = "solid"
    ) -> None:
        axes.vlines(x, top, end, color=ink, linewidth=self.points(wide), linestyle=dash, zorder=1)

    def _scale(self, axes: Axes) -> None:
        """Set the horizontal range, with the zero of the data in it, and draw the ticks."""
        per_inch = ((self.top - self.bottom) or 1.0) / self.marks
        start = self.bottom - LEFT * per_inch
        axes.set_xlim(start, start + self.room * per_inch)
        shown = self.picture.axis != "own" and any(row.is_drawn for row in self.rows)
        ticks = self._ticks() if shown else {}
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.tick_params(axis="x", labelsize=self.points(style.SMALL), length=0, pad=self.points(2))
        axes.grid(axis="x", color=style.RULE, linewidth=self.points(0.5), zorder=0)
        axes.set_axisbelow(True)

    def _ticks(self) -> dict[float, str]:
        """Return the ticks with their labels, as many as stand side by side along the marks."""
        text, unit = Text.of(self.picture.language), self.picture.unit
        whole = not unit.startswith(("CNY", "ratio", "share"))
        for most in (5, 4, 3, 2, 1):
            values = MaxNLocator(most, integer=whole).tick_values(self.bottom, self.top)
            ticks = {value: _tick(text, value, unit) for value in values if self.bottom <= value <= self.top}
            widest = max((text_width(label, style.SMALL) for label in ticks.values()), default=0)
            step = self.marks * (values[1] - values[0]) / ((self.top - self.bottom) or 1.0)
            if ticks and (len(ticks) == 1 or widest + 0.12 <= step):
                return ticks
        return {self.bottom: _tick(text, self.bottom, unit)}

    # One row

    def _row(self, axes: Axes, y: float, row: ChartRow, height: float) -> None:
        if not row.label:
            self.write(
                axes, y, "\n".join(self._lines(row)[0]), INDENT - self.labels, bbox=HALO, weight=weight(row),
                color=style.INK if row.highlight else style.SOFT,
            )  # fmt: skip
            return
        self.write_label(axes, y, row)
        if self.picture.axis == "own" and row.is_drawn:
            self._own_scale(axes, y, row)
        if row.is_distribution:
            self._distribution(axes, y, row, height)
        else:
            self._others(axes, y, row)
        if row.value is not None:
            self._mark(axes, y, row)
        self._words(axes, y, row)

    def _words(self, axes: Axes, y: float, row: ChartRow) -> None:
        """Write the words of a row right of its mark, and its aside below them."""
        words, aside = self._lines(row)
        above, below = y - BODY_LINE * len(aside) / 2, y + BODY_LINE * len(words) / 2
        ink = style.INK if row.highlight else style.SOFT
        end = self._end(row) if row.is_drawn else self.bottom
        for place, lines, bold, colour in (
            (above, words, weight(row), ink),
            (below, aside, "regular", style.SOFT),
        ):
            if lines:
                axes.annotate(
                    "\n".join(lines), (end, place), (self.points(_offset(row) * 72), 0), va="center",
                    textcoords="offset points", size=self.points(style.BODY), linespacing=LINE_SPACING,
                    zorder=5, bbox=HALO, weight=bold, color=colour,
                )  # fmt: skip

    def _own_scale(self, axes: Axes, y: float, row: ChartRow) -> None:
        """Draw the scale of one row: a line over its whole length, and a stroke at zero."""
        axes.plot([0, 1], [y, y], color=style.RULE, linewidth=self.points(0.8), zorder=1)
        zero = self._at(row, 0)
        self._line(axes, zero, y - ROW * 0.3, y + ROW * 0.3, style.SOFT, 0.8)

    def _others(self, axes: Axes, y: float, row: ChartRow) -> None:
        for other in row.others:
            if other.value is not None:
                self._dot(axes, self._at(row, other.value), y, 4.5, style.PEER, edge=0.9, zorder=3)

    def _dot(
        self, axes: Axes, x: float, y: float, size: float, colour: str, *, fill: str = "white",
        edge: float = 1, zorder: int = 4,
    ) -> None:  # fmt: skip
        axes.plot(
            x, y, "o", markersize=self.points(size), color=colour, markerfacecolor=fill, zorder=zorder,
            markeredgewidth=self.points(edge),
        )  # fmt: skip

    def _distribution(self, axes: Axes, y: float, row: ChartRow, height: float) -> None:
        """Draw how many of the others lie where: bars whose heights are their counts, and their median."""
        values = np.array([self._at(row, other.value) for other in row.others if other.value is not None])
        counts, edges = np.histogram(values, bins=BINS, range=(self.bottom, self.top))
        base, tall = y + height / 2 - 0.06, height - 0.12
        axes.stairs(
            base - counts / max(counts.max(), 1) * tall, edges, baseline=base, fill=True, color=style.MASS
        )
        axes.plot(
            [self.bottom, self.top], [base, base], color=style.PEER, linewidth=self.points(0.6), zorder=2
        )
        median = float(np.median(values))
        self._line(axes, median, base - tall, base, style.INK, 1.0)
        if row.value is not None:
            self._line(axes, self._at(row, row.value), base - tall, base, style.HIGHLIGHT, 1.2)

    def _mark(self, axes: Axes, y: float, row: ChartRow) -> None:
        """Draw the value: filled for the programme of the report, hollow or hatched for its peers."""
        assert row.value is not None
        colour = style.HIGHLIGHT if row.highlight else style.PEER
        fill = colour if row.highlight else "white"
        value = self._at(row, row.value)
        if self.picture.mark == "bar":
            axes.barh(
                y, value, height=ROW * 0.62, color=fill, edgecolor=colour, linewidth=self.points(0.8),
                zorder=2, hatch=None if row.highlight else "////", hatch_linewidth=self.points(0.6),
            )  # fmt: skip
        if row.before is not None:
            before = self._at(row, row.before)
            axes.plot([before, value], [y, y], color=colour, linewidth=self.points(1.2), zorder=3)
            self._dot(axes, before, y, 4.5, colour)
        self._range(axes, y, row, style.INK if self.picture.mark == "bar" else colour)
        if self.picture.mark == "dot":
            self._dot(axes, value, y, DOT, colour, fill=fill)

    def _range(self, axes: Axes, y: float, row: ChartRow, colour: str) -> None:
        """Draw what is known of the value besides itself: an arrow where a bound is open, else a range."""
        for bound, sign in ((row.high, 1), (row.low, -1)):
            if bound is not None and math.isinf(bound):
                arrow = {
                    "arrowstyle": "<-", "color": colour, "linewidth": self.points(1.2), "shrinkA": 0,
                    "mutation_scale": self.points(10),
                }  # fmt: skip
                axes.annotate(
                    "", (self._at(row, row.value or 0.0), y), (sign * self.points(OPEN_ARROW), 0),
                    textcoords="offset points", arrowprops=arrow,
                )  # fmt: skip
        if _finite(row.low) and _finite(row.high) and not self._is_hidden(row, row.low, row.high):
            axes.plot(
                [self._at(row, row.low), self._at(row, row.high)], [y, y], "|-", color=colour,
                linewidth=self.points(1.6), markersize=self.points(8), markeredgewidth=self.points(1.6),
                solid_capstyle="butt", zorder=3,
            )  # fmt: skip

    def _is_hidden(self, row: ChartRow, low: float, high: float) -> bool:
        """Whether a range has no length, or lies within the dot of its value."""
        if self.picture.mark == "bar" or low == high:
            return low == high
        value = self._at(row, row.value or 0.0)
        radius = DOT / 2 / 72 * (self.top - self.bottom) / self.marks
        return all(abs(self._at(row, bound) - value) <= radius for bound in (low, high))


def _scale_of(row: ChartRow) -> tuple[float, float]:
    """Return zero and the farthest value of a row and the others along with it, the smaller first."""
    values = [0.0, *(bound for each in row.all() for bound in _bounds(each))]
    return min(values), max(values)


def _bounds(row: ChartRow) -> Sequence[float]:
    """Return the finite values that a row draws of its own."""
    if row.value is None:
        return ()
    return [bound for bound in (row.value, row.low, row.high, row.before) if _finite(bound)]


def _offset(row: ChartRow) -> float:
    """Return how far from its mark the value text of a row begins, in inches."""
    if row.value is None and not row.others:
        return 4 / 72
    return (OPEN_ARROW + 4 if row.high == math.inf else 6) / 72


def _finite(bound: float | None) -> TypeGuard[float]:
    return bound is not None and math.isfinite(bound)


def _tick(text: Text, value: float, unit: str) -> str:
    """Return the label of a tick; the subtitle names the unit."""
    if unit.startswith("CNY"):
        return text.money_short(value).removesuffix(text.unit("CNY")).strip()
    return text.share(value) if unit == "share" else text.number(value)
