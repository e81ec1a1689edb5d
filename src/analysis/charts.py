"""Charts as values: a spec of labelled rows, drawn late and once, as PNG, SVG or HTML."""

from __future__ import annotations

import base64
import html
import io
import math
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeGuard

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text as MplText
from matplotlib.ticker import MaxNLocator
from PIL import Image

from analysis import style
from analysis.language import Text

ROW, GAP, PAD, LINE, INDENT = 0.25, 0.14, 0.08, 0.145, 0.12  # inches
OPEN_ARROW = 18  # points
HALO = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
NO_DATE = {"Date": None}


@dataclass(frozen=True)
class Row:
    """One labelled row: a value with its range, or the words that stand for its absence.

    A row without a label is a sentence across the whole width.

    ``low`` and ``high`` span the readings; ``before`` is an earlier value of the same thing; an open upper
    bound is ``math.inf``.
    """

    label: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    highlight: bool = False
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
        listed = text("number.item_separator").join(
            text("chart.alt_row", label=" · ".join(filter(None, (group.heading, row.label))), value=row.text)
            for group in self.groups
            for row in group.rows
        )
        return text("chart.alt", kind=text(f"chart.kind_{self.kind}"), title=self.title, rows=listed)

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
            f'<img src="data:image/png;base64,{picture}" alt="{html.escape(self.alt)}" '
            f'style="width:{self.width_mm}mm;max-width:100%">'
            f"<figcaption>{lines}</figcaption></figure>"
        )

    def _repr_html_(self) -> str:
        return self._html


def text_width(text: str, size: float, weight: str = "regular") -> float:
    """Return the width of a line of text in inches, in the font of the charts: the sum of its advances."""
    return sum(_advance(character, weight) for character in text.strip()) * size / 72


@cache
def _advance(character: str, weight: str) -> float:
    """Return the advance of a character in em."""
    style.register_fonts()
    font = get_font(findfont(FontProperties(family=style.FAMILY, weight=weight)))
    font.set_size(100, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 65536 / 100


def wrapped(text: str, width: float, size: float, weight: str = "regular") -> list[str]:
    """Return the text in lines not wider than ``width`` inches; Chinese breaks between any characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width((line + piece).rstrip(), size, weight) > width and piece not in _CLOSING:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


_CLOSING = "，。、；：？！）”》%"


def _pieces(text: str) -> list[str]:
    """Return the unbreakable pieces: words with the space after them, or single CJK characters."""
    pieces: list[str] = []
    for character in text:
        wide = ord(character) > 0x2E7F
        joins = pieces and not wide and not pieces[-1].endswith(" ") and ord(pieces[-1][-1]) <= 0x2E7F
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


class _Drawing:
    """Lays out one chart: text is measured first, so that nothing is cut off and no label meets a mark."""

    def __init__(self, chart: Chart, standalone: bool) -> None:
        self.chart = chart
        self.width = chart.width_mm / 25.4
        self.inner = self.width - 2 * PAD
        rows = [row for group in chart.groups for row in group.rows if row.label]
        widest = max((text_width(row.label, style.BODY, "bold") for row in rows), default=0)
        self.labels = min(widest + 0.2, self.width * 0.45)
        self.title = wrapped(chart.title, self.inner, style.TITLE, "bold") if standalone else []
        self.subtitle = wrapped(chart.subtitle, self.inner, style.BODY) if standalone else []
        notes = (chart.note, chart.source) if standalone else ()
        self.notes = [line for note in notes for line in wrapped(note, self.inner, style.SMALL)]

    def draw(self) -> Figure:
        head = PAD + 0.2 * len(self.title) + 0.17 * len(self.subtitle) + (0.1 if self.title else 0)
        rows = sum(self._height(row) for group in self.chart.groups for row in group.rows)
        headings = sum(bool(group.heading) for group in self.chart.groups)
        body = rows + headings * ROW + GAP * (len(self.chart.groups) - 1) + 0.1
        foot = 0.32 + LINE * len(self.notes) + (0.08 if self.notes else 0) + PAD / 2
        height = head + body + foot
        figure = Figure(figsize=(self.width, height), facecolor="white")
        FigureCanvasAgg(figure)
        left = (PAD + self.labels) / self.width
        axes = figure.add_axes((left, foot / height, 1 - left - PAD / self.width, body / height))
        self._axes(axes, body)
        self._texts(figure, height)
        for text in figure.findobj(MplText):
            text.set_language(self.chart.language)
            if self.chart.language == "en":
                # The CJK font draws quotation marks full-width unless asked for proportional ones.
                text.set_fontfeatures(("pwid",))
        return figure

    def _lines(self, row: Row) -> list[str]:
        """Return the lines of a row without a mark of its own, which spans the whole width."""
        return [row.text] if row.label else wrapped(row.text, self.inner - INDENT, style.BODY)

    def _label(self, row: Row) -> list[str]:
        return wrapped(row.label, self.labels - 0.1, style.BODY, "bold" if row.highlight else "regular")

    def _height(self, row: Row) -> float:
        lines = max(len(self._lines(row)), len(self._label(row)))
        return ROW + 0.16 * (lines - 1)

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

    def _axes(self, axes: Axes, body: float) -> None:
        axes.set_ylim(body, 0)
        axes.set_yticks([])
        self._scale(axes)
        y = 0.05
        for group in self.chart.groups:
            if group.heading:
                self._write(axes, y + ROW / 2, group.heading, -self.labels, weight="bold")
                y += ROW
            top = y
            for row in group.rows:
                height = self._height(row)
                self._row(axes, y + height / 2, row)
                y += height
                if row.label:
                    axes.vlines(0, top, y, color=style.SOFT, linewidth=0.8, zorder=1)
            y += GAP
        sns.despine(ax=axes, left=True, bottom=True)

    def _scale(self, axes: Axes) -> None:
        """Set the horizontal range so that the widest value text fits beside its mark."""
        rows = [row for group in self.chart.groups for row in group.rows if row.value is not None]
        ends = [bound for row in rows for bound in (row.value, row.high, row.before) if _finite(bound)]
        starts = [bound for row in rows for bound in (row.value, row.low) if _finite(bound)]
        top, bottom = max([0.0, *ends]), min([0.0, *starts])
        longest = max((text_width(row.text, style.BODY, "bold") for row in rows), default=0) + 0.35
        share = min(longest / (self.inner - self.labels), 0.7)
        span = (top - bottom) or 1.0
        axes.set_xlim(bottom - 0.02 * span, top + span * share / (1 - share))
        ticks = self._ticks(bottom, top, (1 - share) * (self.inner - self.labels)) if rows else {}
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.tick_params(axis="x", labelsize=style.SMALL, length=0, pad=2)
        axes.grid(axis="x", color=style.RULE, linewidth=0.5, zorder=0)
        axes.set_axisbelow(True)

    def _ticks(self, bottom: float, top: float, room: float) -> dict[float, str]:
        """Return the ticks with their labels, as many as stand side by side in ``room`` inches."""
        text, unit = Text.of(self.chart.language), self.chart.unit
        for most in (5, 4, 3, 2, 1):
            values = MaxNLocator(most, integer=not unit.startswith("CNY")).tick_values(bottom, top)
            ticks = {value: _tick(text, value, unit) for value in values if bottom <= value <= top}
            widest = max(text_width(label, style.SMALL) for label in ticks.values())
            if len(ticks) * (widest + 0.12) <= room + widest:
                return ticks
        return {0.0: "0"}

    def _write(self, axes: Axes, y: float, words: str, inches: float, **options: Any) -> None:
        """Write words at a distance from the zero of the axes, in inches; left where negative."""
        x = inches / (self.inner - self.labels)
        axes.text(x, y, words, transform=axes.get_yaxis_transform(), va="center", **options)

    def _row(self, axes: Axes, y: float, row: Row) -> None:
        ink = style.INK if row.highlight else style.SOFT
        weight = "bold" if row.highlight else "regular"
        if not row.label:
            words = "\n".join(self._lines(row))
            self._write(axes, y, words, INDENT - self.labels, weight=weight, color=ink, bbox=HALO)
            return
        self._write(axes, y, "\n".join(self._label(row)), -0.08, ha="right", weight=weight, color=ink)
        if row.value is None:
            axes.annotate(
                row.text, (0, y), (4, 0), textcoords="offset points", va="center", color=ink, weight=weight
            )
            return
        self._mark(axes, y, row)
        ends = [bound for bound in (row.value, row.high, row.before, 0.0) if _finite(bound)]
        offset = OPEN_ARROW + 4 if row.high == math.inf else 6
        axes.annotate(
            row.text, (max(ends), y), (offset, 0), textcoords="offset points", va="center", weight=weight,
            color=ink, zorder=5, bbox=HALO,
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
        if row.high == math.inf:
            arrow = {"arrowstyle": "<-", "color": colour, "linewidth": 1.2, "shrinkA": 0}
            axes.annotate("", (row.value, y), (OPEN_ARROW, 0), textcoords="offset points", arrowprops=arrow)
        elif row.low is not None and row.high is not None and row.low < row.high:
            axes.plot(
                [row.low, row.high], [y, y], "|-", color=style.INK if self.chart.kind == "bar" else colour,
                linewidth=1.6, markersize=8, markeredgewidth=1.6, solid_capstyle="butt", zorder=3,
            )  # fmt: skip
        if self.chart.kind == "dot":
            axes.plot(row.value, y, "o", markersize=6, color=colour, markerfacecolor=fill, zorder=4)


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
    if unit.startswith("CNY"):
        return text.money_short(value) if value else "0"
    return text.number(value)


def with_width(chart: Chart, width: str) -> Chart:
    """Return the chart at ``memo`` or ``slide`` width."""
    return replace(chart, width_mm=style.WIDTHS_MM[width])
