"""The page of a chart: title and subtitle above, note and source below, and room for the body between."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby, pairwise
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text as MplText

from analysis.draw import style
from analysis.draw.marks import Axes
from analysis.draw.picture import ChartRow, Group, Picture
from analysis.draw.sheet import Sheet
from analysis.draw.text_metrics import drawable, text_width, wrap
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

# Inches at a scale of 1: a row, the gap between groups, the margin, lines of text.
ROW, GAP, PAD, LINE, BODY_LINE, INDENT = 0.25, 0.14, 0.08, 0.145, 0.165, 0.12
LABELS = (
    0.3,
    0.36,
)  # shares of the width that the labels of the rows may take: the larger for very long ones
TITLE_LINE, SUBTITLE_LINE, AXIS = 0.2, 0.17, 0.32
LINE_SPACING = 1.25
LABEL_LINES = 3
KEPT = 4  # rows of a group that a slide rather keeps together
STRAIGHT_QUOTES = str.maketrans("“”‘’", "\"\"''")
HALO = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


class Drawing(ABC):
    """Lays out one chart: text is measured first, so that nothing is cut off and no label meets a mark.

    All lengths are inches at the scale of 1, in a picture that is ``width`` such inches wide.
    """

    axis_height = AXIS
    above = 0.0  # height of the body without its rows

    def __init__(self, picture: Picture, standalone: bool) -> None:
        self.picture, self.scale = picture, picture.scale
        self.width = picture.width_mm / 25.4 / self.scale
        self.inner = self.width - 2 * PAD
        self.title = wrap(picture.title, self.inner, style.TITLE, "bold") if standalone else []
        self.subtitle = wrap(picture.subtitle, self.inner, style.BODY) if standalone else []
        notes = (picture.note, picture.source) if standalone else ()
        self.notes = [line for note in notes for line in wrap(note, self.inner, style.SMALL)]
        self.labels = self._label_width()
        self.room = self.inner - self.labels

    def _label_width(self) -> float:
        """Return the width of the column of labels: as narrow as they fit into a few lines."""
        rows = [row for row in self.picture.rows if row.label]
        widest = max((text_width(row.label, style.BODY, weight(row)) for row in rows), default=0)
        for share in LABELS:
            self.labels = min(widest + 0.2, self.width * share)
            if all(len(self.label(row)) <= LABEL_LINES for row in rows):
                break
        return self.labels

    def draw(self) -> Figure:
        """Return the figure."""
        body, height, foot = self.body(), self.height(), self._foot()
        figure = Figure(figsize=(self.width * self.scale, height * self.scale), facecolor="white")
        FigureCanvasAgg(figure)
        left = (PAD + self.labels) / self.width
        axes = figure.add_axes((left, foot / height, self.room / self.width, body / height))
        axes.set_ylim(body, 0)
        self.fill(axes)
        self._texts(figure, height)
        self._set_type(figure)
        return figure

    def sheet(self) -> str:
        """Return the body as SVG to stand within a page."""
        body, height = self.body(), self.height()
        corner = PAD + self.labels, height - self._foot() - body
        sheet = Sheet((self.width, height), corner, self.room, body)
        self.fill(sheet)
        return sheet.svg()

    def _set_type(self, figure: Figure) -> None:
        """Set all texts as the language writes and as the font draws well."""
        language = LANGUAGES[self.picture.language]
        for text in figure.findobj(MplText):
            words = drawable(text.get_text())
            text.set_language(language.code)
            if not language.full_width:
                # The CJK font draws quotation marks full-width unless asked for proportional ones.
                text.set_fontfeatures(("pwid",))
                if "\n" in words:
                    # matplotlib applies font features to single lines only.
                    words = words.translate(STRAIGHT_QUOTES)
            text.set_text(words)

    def height(self) -> float:
        """Return the height of the picture."""
        return self._head() + self.body() + self._foot()

    def _head(self) -> float:
        lines = TITLE_LINE * len(self.title) + SUBTITLE_LINE * len(self.subtitle)
        return PAD + lines + (0.1 if self.title else 0)

    def _foot(self) -> float:
        return self.axis_height + LINE * len(self.notes) + (0.08 if self.notes else 0) + PAD / 2

    def body(self) -> float:
        """Return the height of all rows and headings."""
        rows = sum(self.height_of(row) for row in self.picture.rows)
        headings = sum(self.heading_height(group) for group in self.picture.groups)
        return self.above + headings + rows + GAP * max(len(self.picture.groups) - 1, 0)

    def fill(self, axes: Axes) -> None:
        """Draw each group with its rows."""
        y = self.start(axes)
        for group in self.picture.groups:
            y += self.write_heading(axes, y, group)
            for row in group.rows:
                height = self.height_of(row)
                with self._together(axes, row):
                    self.draw_row(axes, y, row, height)
                y += height
            y += GAP

    def _together(self, axes: Axes, row: ChartRow) -> AbstractContextManager[None]:
        """Keep the marks and words of a row together within a page, where they lead to what they rest on."""
        if not (isinstance(axes, Sheet) and row.label and row.figure_ids):
            return nullcontext()
        words = Text.of(self.picture.language)("number.labelled", label=row.label, value=row.text)
        return axes.together(words, row.figure_ids)

    @abstractmethod
    def start(self, axes: Axes) -> float:
        """Draw what stands before the rows, and return how far below the top they begin."""

    @abstractmethod
    def height_of(self, row: ChartRow) -> float:
        """Return the height of a row."""

    @abstractmethod
    def draw_row(self, axes: Axes, top: float, row: ChartRow, height: float) -> None:
        """Draw a row below ``top``."""

    def pages(self) -> list[tuple[Group, ...]]:
        """Return the groups in as few parts as fit the height of a slide, about as long as each other.

        A group that is split has its heading in both parts.
        """
        room = self.width * style.SLIDE_HEIGHT - self._head() - self._foot() - self.above
        least = self._pages(room)
        shorter = (self._pages(room * share) for share in (0.5, 0.6, 0.7, 0.8, 0.9))
        return next((pages for pages in shorter if len(pages) == len(least)), least)

    def _pages(self, room: float) -> list[tuple[Group, ...]]:
        rows = [(group, row) for group in self.picture.groups for row in group.rows]
        starts = [0]
        for last in range(1, len(rows) + 1):
            if self._height_of(rows[starts[-1] : last]) > room and last - 1 > starts[-1]:
                starts.append(self._break(rows, starts[-1], last - 1))
        return [_grouped(rows[start:end]) for start, end in pairwise([*starts, len(rows)])]

    def _break(self, rows: Sequence[tuple[Group, ChartRow]], start: int, at: int) -> int:
        """Return where to break for a row without room: rather before its group, never before absences."""
        group = rows[at][0]
        first = next(place for place, (owner, _) in enumerate(rows) if owner is group)
        if start < first and len(group.rows) <= KEPT:
            at = first
        while at > start + 1 and not any(row.is_drawn for _, row in rows[at:]):
            at -= 1
        return at

    def _height_of(self, rows: Sequence[tuple[Group, ChartRow]]) -> float:
        groups = _grouped(rows)
        headings = sum(self.heading_height(group) for group in groups)
        return headings + sum(self.height_of(row) for _, row in rows) + GAP * (len(groups) - 1)

    def points(self, size: float) -> float:
        """Return a size of type or marks in points at the scale of the picture."""
        return size * self.scale

    def write(self, axes: Axes, y: float, words: str, inches: float, **options: Any) -> None:
        """Write words at a distance from the left edge of the axes; left of it where negative."""
        options = {"va": "center", "linespacing": LINE_SPACING, "size": style.BODY, **options}
        options["size"] = self.points(options["size"])
        axes.text(inches / self.room, y, words, transform=axes.get_yaxis_transform(), **options)

    def label(self, row: ChartRow) -> list[str]:
        """Return the lines of the label of a row."""
        return wrap(row.label, self.labels - 0.1, style.BODY, weight(row))

    def write_label(self, axes: Axes, y: float, row: ChartRow, *, beside: bool = True) -> None:
        """Write the label of a row beside it, its middle at ``y``, or its first line."""
        ink = style.INK if row.highlight else style.SOFT
        lines = self.label(row)
        y += 0.0 if beside else BODY_LINE * (len(lines) - 1) / 2
        self.write(axes, y, "\n".join(lines), -0.08, ha="right", weight=weight(row), color=ink)

    def heading(self, group: Group) -> list[str]:
        """Return the lines of the heading of a group."""
        return wrap(group.heading, self.inner, style.BODY, "bold")

    def heading_height(self, group: Group) -> float:
        """Return the height of the heading of a group; none without a heading."""
        lines = len(self.heading(group))
        return ROW + BODY_LINE * (lines - 1) if lines else 0.0

    def write_heading(self, axes: Axes, top: float, group: Group) -> float:
        """Write the heading of a group below ``top`` and return its height."""
        height = self.heading_height(group)
        if height:
            words = "\n".join(self.heading(group))
            self.write(axes, top + height / 2, words, -self.labels, weight="bold", bbox=HALO)
        return height

    def _texts(self, figure: Figure, height: float) -> None:
        x, y = PAD / self.width, height - PAD
        for line in self.title:
            figure.text(x, y / height, line, size=self.points(style.TITLE), weight="bold", va="top")
            y -= TITLE_LINE
        small = {"color": style.SOFT, "va": "top"}
        for line in self.subtitle:
            figure.text(x, y / height, line, size=self.points(style.BODY), **small)  # type: ignore[arg-type]
            y -= SUBTITLE_LINE
        y = PAD / 2 + LINE * len(self.notes)
        for line in self.notes:
            figure.text(x, y / height, line, size=self.points(style.SMALL), **small)  # type: ignore[arg-type]
            y -= LINE


def _grouped(rows: Sequence[tuple[Group, ChartRow]]) -> tuple[Group, ...]:
    """Return the groups of some rows, each with those of its rows that are among them."""
    found = groupby(rows, lambda each: id(each[0]))
    parts = ([*part] for _, part in found)
    return tuple(Group(part[0][0].heading, tuple(row for _, row in part)) for part in parts)


def weight(row: ChartRow) -> str:
    """Return the weight of the text of a row."""
    return "bold" if row.highlight else "regular"
