"""Draws rows of dots, bars, ranges and distributions along an axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import seaborn as sns
from matplotlib.ticker import MaxNLocator

from analysis.draw import style
from analysis.draw.canvas import BODY_LINE, HALO, INDENT, LINE_SPACING, ROW, Drawing, weight
from analysis.draw.marks import DIAMOND, OPEN_ARROW, SMALL_DOT, Axes, Marks
from analysis.draw.picture import ChartRow, Picture
from analysis.draw.sheet import Sheet
from analysis.draw.text_metrics import drawable, text_width, wrap
from analysis.words.language import Text

EDGE = 0.06  # inches at either end of the marks
STRIP = 0.42  # inches that a distribution is high
LEAST = 0.5  # share of the width of the picture that the marks have at least
HIDDEN = 0.035  # share of the axis below which the mark of a value hides its range
BAR, BAND = ROW * 0.62, ROW * 0.3

Side = Literal["left", "right", "under"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Chart(Picture):
    """Rows of dots or bars along one axis; bars and dots start at zero.

    ``axis`` is ``value`` (one scale for all rows, in ``unit``), ``own`` (a scale for each row, from zero to
    its largest value) or ``rank`` (from the first place on). ``reference`` is a value marked by a line, and
    ``limit`` ends the axis before values that lie far out, of which the note must speak. ``ends`` are those
    of an axis that several pictures share.
    """

    mark: Literal["dot", "bar"] = "dot"
    axis: Literal["value", "own", "rank"] = "value"
    unit: str = ""
    reference: float | None = None
    limit: float | None = None
    ends: tuple[float, float] | None = None

    @property
    def kind(self) -> str:
        """``dot`` or ``bar``."""
        return self.mark

    @cached_property
    def reach(self) -> tuple[float, float]:
        """The smallest and the largest position along the axis; zero is always among them."""
        if self.axis == "own":
            return 0.0, 1.0
        if self.ends:
            return self.ends
        drawn = [bound for row in self.rows for each in row.all() for bound in each.bounds]
        if self.reference is not None:
            drawn.append(self.reference)
        values = [1.0 if self.axis == "rank" else 0.0, *drawn]
        top = max(values)
        return min(values), top if self.limit is None else min(top, self.limit)

    def place(self, row: ChartRow, value: float) -> float:
        """Return the position of a value of a row: itself, or on the scale of its row from 0 to 1."""
        if self.axis != "own":
            return value
        low, high = row.scale
        return (value - low) / ((high - low) or 1.0)

    def shows_range(self, row: ChartRow) -> bool:
        """Whether a row has a range between two bounds that is long enough to be seen."""
        if row.value is None or row.low is None or row.high is None or not math.isfinite(row.high - row.low):
            return False
        start, end = self.reach
        return self.place(row, row.high) - self.place(row, row.low) > HIDDEN * (end - start)

    def _shared(self) -> dict[str, Any]:
        return {"ends": self.reach}

    def _drawing(self, standalone: bool) -> RowsDrawing:
        return RowsDrawing(self, standalone)


@dataclass(frozen=True)
class Words:
    """The words of a row in lines, those of its aside, and on which side of its mark they stand."""

    side: Side
    lines: list[str]
    aside: list[str]


class RowsDrawing(Drawing):
    """Lays out and draws one ``Chart``."""

    picture: Chart
    above = 0.1

    def __init__(self, chart: Chart, standalone: bool) -> None:
        super().__init__(chart, standalone)
        self.bottom, self.top = chart.reach
        self.left, self.right = self._margins()
        self.marks = self.room - self.left - self.right
        # By identity: to compare rows is to compare all the others in them.
        self.words = {id(row): self._words_of(row) for row in chart.rows}

    @property
    def axis_height(self) -> float:  # type: ignore[override]
        """Room below the rows for the labels of the axis, where there is one."""
        return 0.08 if self.picture.axis == "own" else Drawing.axis_height

    # How much room things take

    def _share(self, value: float) -> float:
        """Return how far along the marks a position lies, from 0 to 1."""
        return (value - self.bottom) / ((self.top - self.bottom) or 1.0)

    def _margins(self) -> tuple[float, float]:
        """Return the inches left and right of the marks that the words beside them ask for."""
        least = self.width * LEAST
        spare = max(self.room - least, 2 * EDGE)
        rows = [row for row in self.picture.rows if row.is_drawn and row.label]
        sides = {id(row): self._side(row, spare - EDGE, least) for row in rows}
        left = right = EDGE
        # The margins give the marks what they leave, and so ask for less the wider the marks are.
        for _ in range(3):
            marks = max(self.room - left - right, least)
            left, right = (
                max([EDGE, *(self._need(row, side, sides[id(row)], marks) for row in rows)])
                for side in ("left", "right")
            )
            left = min(left, spare - EDGE if right <= EDGE else spare / 2)
            right = min(right, spare - left)
        return left, right

    def _need(self, row: ChartRow, side: Side, words: Side, marks: float) -> float:
        """Return the inches that an arrow and the words of a row take beyond one end of the marks."""
        if row.value is None:
            return 0.0
        taken = _offset(row, side) if _is_open(row, side) else 0.0
        if words == side:
            taken = text_width(row.text, style.BODY, weight(row)) + 0.05 + _offset(row, side)
        return taken - self._inside(row, side) * marks

    def _inside(self, row: ChartRow, side: Side) -> float:
        """Return the share of the marks between the outer end of a row and that of the axis."""
        ends = row.bounds or [0.0]
        if side == "left":
            return self._share(self.picture.place(row, min(ends)))
        zero = min(self.top, max(self.bottom, 0.0))
        return 1 - self._share(max([zero, *(self.picture.place(row, end) for end in ends)]))

    def _outer(self, row: ChartRow) -> float:
        """Return the position at which the words beside a row stand: its end away from zero."""
        if row.value is not None and row.value < 0:
            return min(row.bounds)
        return max([min(self.top, max(self.bottom, 0.0)), *row.bounds])

    def _side(self, row: ChartRow, margin: float, marks: float) -> Side:
        """Return where the words of a row stand: beside its mark, or under it where a line has no room."""
        if row.others or self.picture.axis == "own":
            return "under"
        side: Side = "left" if row.value is not None and row.value < 0 else "right"
        room = margin + self._inside(row, side) * marks - _offset(row, side)
        return side if text_width(row.text, style.BODY, weight(row)) <= room else "under"

    def _words_of(self, row: ChartRow) -> Words:
        """Return the words of a row in lines; a row without a label has the whole width."""
        bold = weight(row)
        if not row.label:
            return Words("right", wrap(row.text, self.inner - INDENT, style.BODY, bold), [])
        if not row.is_drawn:
            return Words("right", wrap(row.text, self.room - _offset(row, "right"), style.BODY, bold), [])
        margins = {"left": self.left, "right": self.right, "under": 0.0}
        side = self._side(row, margins["left" if (row.value or 0.0) < 0 else "right"], self.marks)
        room = self.room
        if side != "under":
            room = margins[side] + self._inside(row, side) * self.marks - _offset(row, side)
        return Words(side, wrap(row.text, room, style.BODY, bold), wrap(row.aside, room, style.BODY))

    def height_of(self, row: ChartRow) -> float:
        """Return the height of a row: that of its label, or of its mark with the words beside or under it."""
        words = self.words[id(row)]
        under = len(words.lines) + len(words.aside)
        if words.side != "under":
            return ROW + BODY_LINE * (max(under, len(self.label(row)), 1) - 1)
        return (
            max(self._mark_height(row) + BODY_LINE * under, ROW + BODY_LINE * (len(self.label(row)) - 1))
            + 0.03
        )

    def _mark_height(self, row: ChartRow) -> float:
        return STRIP if row.is_distribution else ROW

    # The axis

    def start(self, axes: Axes) -> float:
        """Draw the scale; the rows begin a little below the top."""
        self.paint = Marks(axes, self.scale)
        per_inch = ((self.top - self.bottom) or 1.0) / self.marks
        begin = self.bottom - self.left * per_inch
        axes.set_xlim(begin, begin + self.room * per_inch)
        shown = self.picture.axis != "own" and any(row.is_drawn for row in self.picture.rows)
        ticks = self._ticks() if shown else {}
        to_right = bool(ticks) and self._overhangs(
            begin + self.room * per_inch - max(ticks), per_inch, ticks[max(ticks)]
        )
        self._scale(axes, ticks, to_right=to_right)
        return 0.05

    def _scale(self, axes: Axes, ticks: dict[float, str], *, to_right: bool) -> None:
        """Draw the ticks with their labels, and a line up from each."""
        if isinstance(axes, Sheet):
            axes.scale(ticks, style.SMALL, to_right=to_right)
            return
        axes.set_xticks(list(ticks), list(ticks.values()))
        if to_right:
            axes.get_xticklabels()[-1].set_horizontalalignment("right")
        axes.set_yticks([])
        axes.tick_params(axis="x", labelsize=self.points(style.SMALL), length=0, pad=self.points(2))
        axes.grid(axis="x", color=style.RULE, linewidth=self.points(0.5), zorder=0)
        axes.set_axisbelow(True)
        sns.despine(ax=axes, left=True, bottom=True)

    @staticmethod
    def _overhangs(left: float, per_inch: float, label: str) -> bool:
        """Return whether the half of a label has no room in what is left of the axis."""
        return left / per_inch < text_width(label, style.SMALL) / 2

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

    def draw_row(self, axes: Axes, top: float, row: ChartRow, height: float) -> None:
        """Draw a row below ``top``: its label, its marks and its words."""
        words = self.words[id(row)]
        if not row.label:
            self.write(
                axes, top + height / 2, "\n".join(words.lines), INDENT - self.labels, bbox=HALO,
                weight=weight(row), color=style.INK if row.highlight else style.SOFT,
            )  # fmt: skip
            return
        under = words.side == "under"
        y = top + (self._mark_height(row) if under else height) / 2
        self._rules(row, top, top + height)
        self.write_label(axes, y, row, beside=not under)
        if row.is_distribution:
            self._distribution(row, top)
        elif row.is_drawn:
            self._marks_of(y, row)
        self._write_words(axes, y, row, words)

    def _rules(self, row: ChartRow, top: float, end: float) -> None:
        """Draw zero, and the reference through a row with a value."""
        if self.picture.axis == "value":
            self.paint.line(0, top, end, style.SOFT, 0.8)
        if self.picture.reference is not None and row.is_drawn:
            self.paint.line(self.picture.reference, top, end, style.INK, 0.8, (0, (3, 2)))

    def _write_words(self, axes: Axes, y: float, row: ChartRow, words: Words) -> None:
        """Write the words of a row beside its mark or under it, and its aside below them in grey."""
        parts = ((words.lines, weight(row), style.INK if row.highlight else style.SOFT),
                 (words.aside, "regular", style.SOFT))  # fmt: skip
        lines = len(words.lines) + len(words.aside)
        start = y - BODY_LINE * lines / 2
        if words.side == "under":
            start = y + self._mark_height(row) / 2 - 0.02
        for found, bold, ink in parts:
            if found:
                self._write_at(axes, start + BODY_LINE * len(found) / 2, row, words.side, found, bold, ink)
                start += BODY_LINE * len(found)

    def _write_at(
        self, axes: Axes, y: float, row: ChartRow, side: Side, lines: list[str], bold: str, ink: str
    ) -> None:
        words = "\n".join(lines)
        options: dict[str, Any] = {"weight": bold, "color": ink, "bbox": HALO, "zorder": 5}
        if side == "under":
            widest = max(text_width(line, style.BODY, bold) for line in lines)
            self.write(axes, y, words, self._under(row, widest), **options)
            return
        sign = -1 if side == "left" else 1
        axes.annotate(
            words, (self._outer(row) if row.is_drawn else self.bottom, y),
            (sign * self.points(_offset(row, side) * 72), 0), va="center", ha="right" if sign < 0 else "left",
            textcoords="offset points", size=self.points(style.BODY), linespacing=LINE_SPACING, **options,
        )  # fmt: skip

    def _under(self, row: ChartRow, widest: float) -> float:
        """Return where words under a mark begin: so that it is over their middle, within the room."""
        if row.others or self.picture.axis == "own" or row.value is None:
            return self.left
        middle = self.left + self._share(row.value) * self.marks
        # The line at zero would run through words that begin before it.
        zero = self.left + self._share(max(self.bottom, 0.0)) * self.marks + 0.05
        last = max(self.room - widest, 0.0)
        return min(max(middle - widest / 2, zero if row.value >= 0 and zero <= last else 0.0), last)

    def _distribution(self, row: ChartRow, top: float) -> None:
        values = [self._at(row, other.value) for other in row.others if other.value is not None]
        base, tall = top + STRIP - 0.06, STRIP - 0.12
        self.paint.distribution(values, base, tall, (self.bottom, self.top))
        if row.value is not None:
            self.paint.line(self._at(row, row.value), base - tall, base, style.HIGHLIGHT, 1.6, zorder=4)

    def _at(self, row: ChartRow, value: float) -> float:
        return self.picture.place(row, value)

    def _marks_of(self, y: float, row: ChartRow) -> None:
        """Draw the value: filled for the programme of the report, hollow or hatched for its peers."""
        if self.picture.axis == "own":
            self.paint.level(y, (0, 1), style.RULE, 0.8)
            self.paint.line(self._at(row, 0), y - ROW * 0.3, y + ROW * 0.3, style.SOFT, 0.8)
        for other in row.others:
            if other.value is not None:
                self.paint.dot(self._at(row, other.value), y, style.PEER, size=SMALL_DOT, edge=0.9, zorder=3)
        if row.value is None:
            return
        colour = style.HIGHLIGHT if row.highlight else style.PEER
        value = self._at(row, row.value)
        ranged = self.picture.shows_range(row)
        if self.picture.mark == "bar":
            self._bar(y, row, colour, ranged)
        if row.before is not None:
            before = self._at(row, row.before)
            self.paint.level(y, (before, value), colour, 1.2, zorder=3)
            self.paint.dot(before, y, colour, size=SMALL_DOT)
        for bound, sign in ((row.high, 1), (row.low, -1)):
            if bound is not None and math.isinf(bound):
                self.paint.arrow(value, y, sign, style.INK if self.picture.mark == "bar" else colour)
        if row.is_open:
            self.paint.arrow(self._at(row, row.high or value), y, 1, colour)
        if ranged:
            self._range(y, row, colour)
        elif self.picture.mark == "dot":
            self.paint.dot(value, y, colour, fill=colour if row.highlight else "white")

    def _bar(self, y: float, row: ChartRow, colour: str, ranged: bool) -> None:
        """Draw the bar from zero: to the value, or as far as all values of a range go."""
        end = row.value or 0.0
        if ranged:
            low, high = row.low or 0.0, row.high or 0.0
            end = max(low, 0.0) or min(high, 0.0)
        if end:
            self.paint.bar(y, 0.0, end, BAR, colour, filled=row.highlight)

    def _range(self, y: float, row: ChartRow, colour: str) -> None:
        """Draw the range with ends that look the same, and the value as a small diamond in it."""
        low, high = (self._at(row, bound or 0.0) for bound in (row.low, row.high))
        tint = style.HIGHLIGHT_TINT if row.highlight else style.PEER_TINT
        self.paint.band(y, low, high, BAR if self.picture.mark == "bar" else BAND, colour, tint)
        self.paint.dot(self._at(row, row.value or 0.0), y, style.INK, size=DIAMOND, shape="D", zorder=5)


def _offset(row: ChartRow, side: Side) -> float:
    """Return how far from its mark the words of a row begin, in inches."""
    if row.value is None:
        return 4 / 72
    return (OPEN_ARROW + 4 if _is_open(row, side) else 6) / 72


def _is_open(row: ChartRow, side: Side) -> bool:
    """Whether an arrow leads from the mark of a row to a side."""
    return row.low == -math.inf if side == "left" else row.is_open or row.high == math.inf


def _tick(text: Text, value: float, unit: str) -> str:
    """Return the label of a tick; the subtitle names the unit."""
    if unit.startswith("CNY"):
        return drawable(text.money_short(value).removesuffix(text.unit("CNY")).strip())
    return drawable(text.share(value) if unit == "share" else text.number(value))
