"""Charts as values: a spec of labelled rows, drawn late and once, as PNG, SVG or HTML."""

from __future__ import annotations

import base64
import html
import io
import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeGuard

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text as MplText
from matplotlib.ticker import MaxNLocator
from PIL import Image

from analysis import style
from analysis.language import Text
from analysis.lettering import text_width, wrapped

ROW, GAP, PAD, LINE, INDENT = 0.25, 0.14, 0.08, 0.145, 0.12  # inches
BODY_LINE, LEFT = 0.165, 0.06  # inches: line of a row of several lines, space left of the smallest value
LINE_SPACING = 1.25
OPEN_ARROW = 18  # points
HALO = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
NO_DATE = {"Date": None}


@dataclass(frozen=True)
class Row:
    """One labelled row: a value with its range, or the words that stand for its absence.

    A row without a label is a sentence across the whole width.

    ``low`` and ``high`` span the readings; an infinite one is an open bound; ``before`` is an earlier value
    of the same thing; ``programme`` is whose value it is.
    """

    label: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    highlight: bool = False
    programme: str = ""
    figure_ids: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that may be compared with each other, under a heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """A chart before it is drawn. ``kind`` is ``dot`` or ``bar``; bars and dots start at zero.

    ``title`` states the finding, ``subtitle`` what is measured and who reports it, ``unit`` formats the axis.
    """

    name: str
    language: str
    kind: Literal["dot", "bar"]
    title: str
    subtitle: str
    groups: tuple[Group, ...]
    unit: str
    note: str = ""
    source: str = ""
    width_mm: int = field(default=style.WIDTHS_MM["memo"])

    @property
    def alt(self) -> str:
        """The chart in words: kind, message, every value, what is not reported."""
        text = Text.of(self.language)
        rows = (
            (" · ".join(part for part in (group.heading, row.label) if part), row.text)
            for group in self.groups
            for row in group.rows
        )
        listed = text("number.item_separator").join(
            text("number.labelled", label=label, value=value) if label else value for label, value in rows
        )
        return text("chart.alt", kind=text(f"chart.kind_{self.kind}"), title=self.title, rows=listed)

    @property
    def programmes(self) -> set[str]:
        """The programmes that are drawn with a value."""
        return {row.programme for group in self.groups for row in group.rows if row.value is not None}

    def figure(self, *, standalone: bool = True) -> Figure:
        """Return the drawn figure; ``standalone`` has title, note and source in the picture."""
        with mpl.rc_context(style.settings()):
            return _Drawing(self, standalone).draw()

    def png(self, *, standalone: bool = True, dpi: int = style.DPI) -> bytes:
        """Return the chart as PNG."""
        return self._saved("png", standalone, dpi=dpi, metadata={"Software": None})

    def svg(self, *, standalone: bool = True) -> bytes:
        """Return the chart as SVG with its text as paths."""
        return self._saved("svg", standalone, metadata=NO_DATE)

    def _saved(self, kind: str, standalone: bool, **options: Any) -> bytes:
        buffer = io.BytesIO()
        with mpl.rc_context(style.settings()):
            self.figure(standalone=standalone).savefig(buffer, format=kind, **options)
        return buffer.getvalue()

    def save(self, folder: Path) -> list[Path]:
        """Write the standalone chart as PNG and SVG into ``folder``; return the paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{self.name}.png", folder / f"{self.name}.svg"]
        for path, content in zip(paths, (self.png(), self.svg()), strict=True):
            path.write_bytes(content)
        return paths

    @cached_property
    def _html(self) -> str:
        picture = base64.b64encode(_with_palette(self.png(standalone=False, dpi=200))).decode()
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in (self.note, self.source) if line)
        return (
            f'<figure class="chart"><div class="chart-title"><strong>{html.escape(self.title)}</strong><br>'
            f"<small>{html.escape(self.subtitle)}</small></div>"
            f'<div class="picture"><img src="data:image/png;base64,{picture}" alt="{html.escape(self.alt)}" '
            f'style="width:{self.width_mm}mm;max-width:100%"></div>'
            f"<figcaption>{lines}</figcaption></figure>"
        )

    def _repr_html_(self) -> str:
        return self._html


class _Drawing:
    """Lays out one chart: text is measured first, so that nothing is cut off and no label meets a mark."""

    def __init__(self, chart: Chart, standalone: bool) -> None:
        self.chart = chart
        self.width = chart.width_mm / 25.4
        self.inner = self.width - 2 * PAD
        self.rows = [row for group in chart.groups for row in group.rows]
        widest = max((text_width(row.label, style.BODY, _weight(row)) for row in self.rows), default=0)
        self.labels = min(widest + 0.2, self.width * 0.4)
        self.room = self.inner - self.labels
        self.bottom, self.top = self._ends()
        self.marks = self._marks()
        self.title = wrapped(chart.title, self.inner, style.TITLE, "bold") if standalone else []
        self.subtitle = wrapped(chart.subtitle, self.inner, style.BODY) if standalone else []
        notes = (chart.note, chart.source) if standalone else ()
        self.notes = [line for note in notes for line in wrapped(note, self.inner, style.SMALL)]

    def draw(self) -> Figure:
        head = PAD + 0.2 * len(self.title) + 0.17 * len(self.subtitle) + (0.1 if self.title else 0)
        rows = sum(self._height(row) for row in self.rows)
        headings = sum(self._heading_height(group) for group in self.chart.groups)
        body = rows + headings + GAP * max(len(self.chart.groups) - 1, 0) + 0.1
        foot = 0.32 + LINE * len(self.notes) + (0.08 if self.notes else 0) + PAD / 2
        height = head + body + foot
        figure = Figure(figsize=(self.width, height), facecolor="white")
        FigureCanvasAgg(figure)
        left = (PAD + self.labels) / self.width
        axes = figure.add_axes((left, foot / height, self.room / self.width, body / height))
        self._scale(axes)
        self._fill(axes, body)
        self._texts(figure, height)
        for text in figure.findobj(MplText):
            text.set_language(self.chart.language)
            if self.chart.language == "en":
                # The CJK font draws quotation marks full-width unless asked for proportional ones.
                text.set_fontfeatures(("pwid",))
        return figure

    def _ends(self) -> tuple[float, float]:
        """Return the smallest and the largest value to draw, zero always among them."""
        rows = [row for row in self.rows if row.value is not None]
        drawn = [bound for row in rows for bound in (row.value, row.low, row.high, row.before)]
        values = [0.0, *(bound for bound in drawn if _finite(bound))]
        return min(values), max(values)

    def _share(self, row: Row) -> float:
        """Return how far along the marks the value text of a row begins, from 0 to 1."""
        ends = [bound for bound in (row.value, row.high, row.before, 0.0) if _finite(bound)]
        return (max(ends) - self.bottom) / ((self.top - self.bottom) or 1.0)

    def _marks(self) -> float:
        """Return the width of the marks in inches: as wide as leaves each value text room beside its mark."""
        space = self.room - LEFT
        fitting = [
            (space - _offset(row) - text_width(row.text, style.BODY, _weight(row)) - 0.05) / self._share(row)
            for row in self.rows
            if row.value is not None and self._share(row) > 0
        ]
        return max(min([space - 0.3, *fitting]), space * 0.4)

    def _lines(self, row: Row) -> list[str]:
        """Return the lines of what stands in words in a row; a row without a label takes the whole width."""
        if not row.label:
            return wrapped(row.text, self.inner - INDENT, style.BODY, _weight(row))
        used = LEFT + _offset(row)
        if row.value is not None:
            used += self._share(row) * self.marks
        return wrapped(row.text, self.room - used, style.BODY, _weight(row))

    def _label(self, row: Row) -> list[str]:
        return wrapped(row.label, self.labels - 0.1, style.BODY, _weight(row))

    def _heading(self, group: Group) -> list[str]:
        return wrapped(group.heading, self.inner, style.BODY, "bold")

    def _height(self, row: Row) -> float:
        return ROW + BODY_LINE * (max(len(self._lines(row)), len(self._label(row)), 1) - 1)

    def _heading_height(self, group: Group) -> float:
        lines = len(self._heading(group))
        return ROW + BODY_LINE * (lines - 1) if lines else 0.0

    def _texts(self, figure: Figure, height: float) -> None:
        x, y = PAD / self.width, height - PAD
        for line in self.title:
            figure.text(x, y / height, line, size=style.TITLE, weight="bold", va="top")
            y -= 0.2
        for line in self.subtitle:
            figure.text(x, y / height, line, size=style.BODY, color=style.SOFT, va="top")
            y -= 0.17
        y = PAD / 2 + LINE * len(self.notes)
        for line in self.notes:
            figure.text(x, y / height, line, size=style.SMALL, color=style.SOFT, va="top")
            y -= LINE

    def _scale(self, axes: Axes) -> None:
        """Set the horizontal range, with the zero of the data in it, and draw the ticks."""
        per_inch = ((self.top - self.bottom) or 1.0) / self.marks
        start = self.bottom - LEFT * per_inch
        axes.set_xlim(start, start + self.room * per_inch)
        ticks = self._ticks() if any(row.value is not None for row in self.rows) else {}
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.tick_params(axis="x", labelsize=style.SMALL, length=0, pad=2)
        axes.grid(axis="x", color=style.RULE, linewidth=0.5, zorder=0)
        axes.set_axisbelow(True)

    def _ticks(self) -> dict[float, str]:
        """Return the ticks with their labels, as many as stand side by side along the marks."""
        text, unit = Text.of(self.chart.language), self.chart.unit
        whole = not unit.startswith(("CNY", "ratio", "share"))
        for most in (5, 4, 3, 2, 1):
            values = MaxNLocator(most, integer=whole).tick_values(self.bottom, self.top)
            ticks = {value: _tick(text, value, unit) for value in values if self.bottom <= value <= self.top}
            widest = max((text_width(label, style.SMALL) for label in ticks.values()), default=0)
            step = self.marks * (values[1] - values[0]) / ((self.top - self.bottom) or 1.0)
            if ticks and (len(ticks) == 1 or widest + 0.12 <= step):
                return ticks
        return {0.0: "0"}

    def _fill(self, axes: Axes, body: float) -> None:
        axes.set_ylim(body, 0)
        axes.set_yticks([])
        y = 0.05
        for group in self.chart.groups:
            height = self._heading_height(group)
            if height:
                words = "\n".join(self._heading(group))
                self._write(axes, y + height / 2, words, -self.labels, weight="bold", bbox=HALO)
            y += height
            top = y
            for row in group.rows:
                height = self._height(row)
                self._row(axes, y + height / 2, row)
                y += height
                if row.label:
                    axes.vlines(0, top, y, color=style.SOFT, linewidth=0.8, zorder=1)
            y += GAP
        sns.despine(ax=axes, left=True, bottom=True)

    def _write(self, axes: Axes, y: float, words: str, inches: float, **options: Any) -> None:
        """Write words at a distance from the left edge of the axes, in inches; left where negative."""
        options = {"va": "center", "linespacing": LINE_SPACING, **options}
        axes.text(inches / self.room, y, words, transform=axes.get_yaxis_transform(), **options)

    def _row(self, axes: Axes, y: float, row: Row) -> None:
        words = "\n".join(self._lines(row))
        ink = style.INK if row.highlight else style.SOFT
        style_of: dict[str, Any] = {"weight": _weight(row), "color": ink}
        if not row.label:
            self._write(axes, y, words, INDENT - self.labels, bbox=HALO, **style_of)
            return
        self._write(axes, y, "\n".join(self._label(row)), -0.08, ha="right", **style_of)
        end = 0.0
        if row.value is not None:
            self._mark(axes, y, row)
            end = max(bound for bound in (row.value, row.high, row.before, 0.0) if _finite(bound))
        axes.annotate(
            words, (end, y), (_offset(row) * 72, 0), textcoords="offset points", va="center",
            linespacing=LINE_SPACING, zorder=5, bbox=HALO, **style_of,
        )  # fmt: skip

    def _mark(self, axes: Axes, y: float, row: Row) -> None:
        """Draw the value: filled for the programme of the report, hollow or hatched for its peers."""
        assert row.value is not None
        colour = style.HIGHLIGHT if row.highlight else style.PEER
        fill = colour if row.highlight else "white"
        if self.chart.kind == "bar":
            axes.barh(
                y, row.value, height=ROW * 0.62, color=fill, edgecolor=colour, linewidth=0.8, zorder=2,
                hatch=None if row.highlight else "////",
            )  # fmt: skip
        if row.before is not None:
            axes.plot([row.before, row.value], [y, y], color=colour, linewidth=1.2, zorder=3)
            axes.plot(row.before, y, "o", markersize=4.5, color=colour, markerfacecolor="white", zorder=4)
        self._range(axes, y, row, style.INK if self.chart.kind == "bar" else colour)
        if self.chart.kind == "dot":
            axes.plot(row.value, y, "o", markersize=6, color=colour, markerfacecolor=fill, zorder=4)

    def _range(self, axes: Axes, y: float, row: Row, colour: str) -> None:
        """Draw what is known of the value besides itself: an arrow where a bound is open, else a range."""
        for bound, sign in ((row.high, 1), (row.low, -1)):
            if bound is not None and math.isinf(bound):
                arrow = {"arrowstyle": "<-", "color": colour, "linewidth": 1.2, "shrinkA": 0}
                axes.annotate(
                    "", (row.value or 0.0, y), (sign * OPEN_ARROW, 0), textcoords="offset points",
                    arrowprops=arrow,
                )  # fmt: skip
        if _finite(row.low) and _finite(row.high) and row.low < row.high:
            axes.plot(
                [row.low, row.high], [y, y], "|-", color=colour, linewidth=1.6, markersize=8,
                markeredgewidth=1.6, solid_capstyle="butt", zorder=3,
            )  # fmt: skip


def _weight(row: Row) -> str:
    return "bold" if row.highlight else "regular"


def _offset(row: Row) -> float:
    """Return how far from its mark the value text of a row begins, in inches."""
    if row.value is None:
        return 4 / 72
    return (OPEN_ARROW + 4 if row.high == math.inf else 6) / 72


def _with_palette(png: bytes) -> bytes:
    """Return the picture with at most 64 colours: a third of the bytes, and no difference to the eye."""
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        few.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def _finite(bound: float | None) -> TypeGuard[float]:
    return bound is not None and math.isfinite(bound)


def _tick(text: Text, value: float, unit: str) -> str:
    """Return the label of a tick; the subtitle names the unit."""
    if unit.startswith("CNY"):
        return text.money_short(value).removesuffix(text.unit("CNY")).strip()
    return text.share(value) if unit == "share" else text.number(value)


def with_width(chart: Chart, width: str) -> Chart:
    """Return the chart at ``memo`` or ``slide`` width."""
    return replace(chart, width_mm=style.WIDTHS_MM[width])
