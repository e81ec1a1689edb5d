"""A sheet to draw charts on within a page: SVG with text as text, in the ink and on the ground of the page.

It takes what the drawings of charts ask of matplotlib's axes, and nothing more. A page has a chart in many
variants, and matplotlib needs a hundred times as long for each.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import to_hex

from analysis.draw import style
from analysis.draw.markup import resting
from analysis.draw.text_metrics import text_width

CSS = Path(__file__).with_name("picture.css").read_text(encoding="utf-8")
"""How charts look, wherever they stand."""
POINTS, HATCH = 72.0, 4.5
MIDDLE, BELOW = 0.36, 0.25  # of the size of type: from the middle, and from the lower edge, to the base line
_LEADING = 1.12  # of a line of the font of the charts, to the size of its type
_TEXT, _LINE, _VALUE = 3.0, 2.0, 2.5
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_QUOTES = str.maketrans("“”‘’", "\"\"''")  # which the font of the charts measures full-width


class Sheet:
    """A drawing surface in inches: ``room`` wide and ``body`` high, in a picture that is larger.

    The horizontal scale is that of the data, the vertical one inches from the top.
    """

    def __init__(
        self, size: tuple[float, float], corner: tuple[float, float], room: float, body: float
    ) -> None:
        self.width, self.height = (each * POINTS for each in size)
        self.left, self.top = (each * POINTS for each in corner)
        self.room, self.body = room * POINTS, body * POINTS
        self.start, self.end = 0.0, 1.0
        self.drawn: list[tuple[float, str]] = []

    def set_xlim(self, start: float, end: float) -> None:
        """Set the ends of the horizontal scale."""
        self.start, self.end = start, end

    def svg(self) -> str:
        """Return all that has been drawn, what lies below first."""
        return f'<svg viewBox="0 0 {_n(self.width)} {_n(self.height)}">{_layered(self.drawn)}</svg>'

    @contextmanager
    def together(self, words: str, figure_ids: str) -> Iterator[None]:
        """Keep what is drawn meanwhile together: it shows one value, in ``words``, that rests on figures."""
        outer, self.drawn = self.drawn, []
        yield
        inner, self.drawn = _layered(self.drawn), outer
        named = f'{resting(figure_ids)} aria-label="{html.escape(words)}"'
        self.drawn.append((_VALUE, f"<g{named}>{inner}</g>"))

    def scale(self, ticks: Mapping[float, str], size: float, *, to_right: bool) -> None:
        """Draw a line and a label for each tick; the last ends at its line where it has no room."""
        for number, (value, label) in enumerate(ticks.items(), start=1):
            self.vlines(value, 0, self.body / POINTS, color=style.RULE, linewidth=0.5, zorder=0)
            align = "right" if to_right and number == len(ticks) else "center"
            self._words(
                self._x(value), self.body + self.top + 2 + size, label, size, align, "regular", style.SOFT
            )

    def text(self, share: float, y: float, words: str, **options: Any) -> None:
        """Write words at a share of the width."""
        self._write(self.left + share * self.room, y, words, options)

    def annotate(
        self, words: str, at: tuple[float, float], offset: tuple[float, float], **options: Any
    ) -> None:
        """Write words, or draw an arrow, at points from a place."""
        x, y = self._x(at[0]), at[1]
        if words:
            self._write(x + offset[0], y, words, options)
        else:
            self._arrow(x, self._y(y), offset[0], options["arrowprops"])

    def vlines(self, x: float, top: float, end: float, **options: Any) -> None:
        """Draw an upright line."""
        if self.start <= x <= self.end:
            self._path(f"M{_n(self._x(x))} {_n(self._y(top))}V{_n(self._y(end))}", options)

    def plot(self, x: Any, y: Any, shape: str = "", **options: Any) -> None:
        """Draw a line, or a mark at each place."""
        xs = list(x) if isinstance(x, Sequence) else [x]
        ys = list(y) if isinstance(y, Sequence) else [y] * len(xs)
        if shape:
            for place, level in zip(xs, ys, strict=True):
                self._mark(place, level, shape, options)
        else:
            ends = " ".join(
                f"{_n(self._x(place))} {_n(self._y(level))}" for place, level in zip(xs, ys, strict=True)
            )
            self._path(f"M{ends}", options)

    def barh(self, y: float, width: float, *, left: float, height: float, **options: Any) -> None:
        """Draw a level bar, plain or hatched."""
        first, last = sorted((self._x(left), self._x(left + width)))
        top, tall = self._y(y) - height / 2 * POINTS, height * POINTS
        wide = float(options.get("linewidth", 0))
        edge = _drawn_with(options.get("edgecolor", options["color"]), wide) if wide else ""
        shape = f'x="{_n(first)}" y="{_n(top)}" width="{_n(last - first)}" height="{_n(tall)}"'
        self._add(options, f'<rect {shape} fill="{to_hex(options["color"])}"{edge}/>')
        if options.get("hatch"):
            lines = _hatching(first, last, top, top + tall)
            self._path(
                lines, {**options, "color": options["edgecolor"], "linewidth": options["hatch_linewidth"]}
            )

    def stairs(self, heights: np.ndarray, edges: np.ndarray, *, baseline: float, **options: Any) -> None:
        """Draw a filled outline of steps."""
        steps = "".join(
            f"V{_n(self._y(height))}H{_n(self._x(end))}"
            for height, end in zip(heights, edges[1:], strict=True)
        )
        base = _n(self._y(baseline))
        fill = to_hex(options["color"])
        self._add(options, f'<path d="M{_n(self._x(edges[0]))} {base}{steps}V{base}Z" fill="{fill}"/>')

    def set_axis_off(self) -> None:
        """Do nothing: a sheet has no axis but what is drawn."""

    def get_yaxis_transform(self) -> None:
        """Return nothing: words stand at a share of the width."""

    def _x(self, value: float) -> float:
        return self._across(min(max(value, self.start), self.end))

    def _across(self, value: float) -> float:
        """Return the place of a value, which may lie beside the scale as a key does."""
        return self.left + (value - self.start) / ((self.end - self.start) or 1.0) * self.room

    def _y(self, inches: float) -> float:
        return self.top + inches * POINTS

    def _add(self, options: Mapping[str, Any], element: str, least: float = 1.0) -> None:
        self.drawn.append((float(options.get("zorder", least)), element))

    def _path(self, path: str, options: Mapping[str, Any]) -> None:
        dashes = options.get("linestyle", "solid")
        dashed = f' stroke-dasharray="{" ".join(map(_n, dashes[1]))}"' if isinstance(dashes, tuple) else ""
        drawn = _drawn_with(options["color"], float(options.get("linewidth", 1.0)))
        self._add(options, f'<path d="{path}" fill="none"{drawn}{dashed}/>', _LINE)

    def _mark(self, x: float, y: float, shape: str, options: Mapping[str, Any]) -> None:
        if options.get("clip_on", True) and not self.start <= x <= self.end:
            return
        across, down, size = self._across(x), self._y(y), float(options["markersize"])
        fill = to_hex(options.get("markerfacecolor", options["color"]))
        drawn = _drawn_with(options["color"], float(options.get("markeredgewidth", 1.0)))
        self._add(options, f'<{_symbol(shape, across, down, size / 2)} fill="{fill}"{drawn}/>', _LINE)

    def _arrow(self, x: float, y: float, far: float, options: Mapping[str, Any]) -> None:
        head = options["mutation_scale"]
        tip, back = x + far, x + far - math.copysign(0.4 * head, far)
        path = (
            f"M{_n(x)} {_n(y)}H{_n(tip)}M{_n(back)} {_n(y - 0.2 * head)}L{_n(tip)} {_n(y)}"
            f"L{_n(back)} {_n(y + 0.2 * head)}"
        )
        self._path(path, options)

    def _write(self, x: float, y: float, words: str, options: Mapping[str, Any]) -> None:
        """Write lines about their middle, or above a place, on a ground of their own if that is asked for."""
        size, bold = float(options["size"]), str(options.get("weight", "regular"))
        align, lines = str(options.get("ha", "left")), words.split("\n")
        pitch = size * float(options.get("linespacing", 1.2)) * _LEADING
        last = self._y(y) + (pitch * (len(lines) - 1) / 2 + MIDDLE * size)
        if options.get("va") == "bottom":
            last = self._y(y) - BELOW * size
        above = float(options.get("zorder", _TEXT))
        if "bbox" in options:
            self._ground(x, last, lines, size, bold, align, pitch, above)
        for number, line in enumerate(lines, start=1 - len(lines)):
            colour = options.get("color", style.INK)
            self._words(x, last + number * pitch, line, size, align, bold, colour, above)

    def _ground(
        self,
        x: float,
        last: float,
        lines: list[str],
        size: float,
        bold: str,
        align: str,
        pitch: float,
        above: float,
    ) -> None:
        wide = max(_width(line, size, bold) for line in lines) + 2
        start = x - {"left": 1.0, "center": wide / 2, "right": wide - 1}[align]
        top, tall = last - pitch * (len(lines) - 1) - size, pitch * (len(lines) - 1) + 1.3 * size
        box = f'x="{_n(start)}" y="{_n(top)}" width="{_n(wide)}" height="{_n(tall)}"'
        self.drawn.append((above, f'<rect {box} fill="#ffffff"/>'))

    def _words(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        align: str,
        bold: str,
        colour: str,
        above: float = _TEXT,
    ) -> None:
        """Write a line that is as wide as it was laid out, whatever font the reader has."""
        weight = ' font-weight="700"' if bold == "bold" else ""
        fixed = f' textLength="{_n(_width(words, size, bold))}" lengthAdjust="spacingAndGlyphs"'
        self.drawn.append((
            above,
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{weight} text-anchor="{_ANCHORS[align]}" '
            f'fill="{to_hex(colour)}"{fixed}>{html.escape(words.strip())}</text> ',
        ))  # fmt: skip


def _layered(drawn: Iterable[tuple[float, str]]) -> str:
    """Return elements as one text, what lies below first."""
    return "".join(part for _, part in sorted(drawn, key=lambda each: each[0]))


def _width(words: str, size: float, bold: str) -> float:
    """Return the width of a line in points; quotation marks between letters are narrow."""
    plain = words if any(character >= "\u2e80" for character in words) else words.translate(_QUOTES)
    return text_width(plain, size, bold) * POINTS


def _hatching(first: float, last: float, top: float, end: float) -> str:
    """Return slanting lines within a box."""
    tall = end - top
    starts = np.arange(first - tall, last, HATCH)
    ends = ((max(start, first), min(start + tall, last), start) for start in starts)
    return "".join(
        f"M{_n(a)} {_n(end - a + start)}L{_n(b)} {_n(end - b + start)}" for a, b, start in ends if a < b
    )


def _drawn_with(colour: str, wide: float) -> str:
    return f' stroke="{to_hex(colour)}" stroke-width="{_n(wide)}"'


def _n(value: float) -> str:
    """Return a length in points as exact as eyes are."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _symbol(shape: str, x: float, y: float, half: float) -> str:
    """Return a mark at a place, half as large as asked for to either side, as the start of an element."""
    left, right, top, end = (_n(each) for each in (x - half, x + half, y - half, y + half))
    if shape in "o.":
        radius = half if shape == "o" else half / 2
        return f'circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"'
    paths = {
        "s": f"M{left} {top}H{right}V{end}H{left}Z",
        "D": _diamond(x, y, half * math.sqrt(2)),
        "|": f"M{_n(x)} {top}V{end}",
        "_": f"M{left} {_n(y)}H{right}",
        "x": f"M{left} {top}L{right} {end}M{left} {end}L{right} {top}",
    }
    return f'path d="{paths[shape]}"'


def _diamond(x: float, y: float, reach: float) -> str:
    left, right, top, end = (_n(each) for each in (x - reach, x + reach, y - reach, y + reach))
    return f"M{left} {_n(y)}L{_n(x)} {top}L{right} {_n(y)}L{_n(x)} {end}Z"
