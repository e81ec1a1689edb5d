"""The page of a chart: title and subtitle above, note and source below, and room for the body between."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text as MplText

from analysis.draw import style
from analysis.draw.picture import ChartRow, Group, Picture
from analysis.draw.text_metrics import text_width, wrap
from analysis.words.languages import LANGUAGES

# Inches at a scale of 1: a row, the gap between groups, the margin, lines of text.
ROW, GAP, PAD, LINE, BODY_LINE, INDENT = 0.25, 0.14, 0.08, 0.145, 0.165, 0.12
TITLE_LINE, SUBTITLE_LINE, AXIS = 0.2, 0.17, 0.32
LINE_SPACING = 1.25
STRAIGHT_QUOTES = str.maketrans("“”‘’", "\"\"''")
HALO = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


class Drawing(ABC):
    """Lays out one chart: text is measured first, so that nothing is cut off and no label meets a mark.

    All lengths are inches at the scale of 1, in a picture that is ``width`` such inches wide.
    """

    axis_height = AXIS

    def __init__(self, picture: Picture, standalone: bool) -> None:
        self.picture, self.scale = picture, picture.scale
        self.width = picture.width_mm / 25.4 / self.scale
        self.inner = self.width - 2 * PAD
        self.title = wrap(picture.title, self.inner, style.TITLE, "bold") if standalone else []
        self.subtitle = wrap(picture.subtitle, self.inner, style.BODY) if standalone else []
        notes = (picture.note, picture.source) if standalone else ()
        self.notes = [line for note in notes for line in wrap(note, self.inner, style.SMALL)]
        widest = max((text_width(row.label, style.BODY, weight(row)) for row in picture.rows), default=0)
        self.labels = min(widest + 0.2, self.width * 0.4)
        self.room = self.inner - self.labels

    def draw(self) -> Figure:
        """Return the figure."""
        lines = TITLE_LINE * len(self.title) + SUBTITLE_LINE * len(self.subtitle)
        head = PAD + lines + (0.1 if self.title else 0)
        body = self.body()
        foot = self.axis_height + LINE * len(self.notes) + (0.08 if self.notes else 0) + PAD / 2
        height = head + body + foot
        figure = Figure(figsize=(self.width * self.scale, height * self.scale), facecolor="white")
        FigureCanvasAgg(figure)
        left = (PAD + self.labels) / self.width
        axes = figure.add_axes((left, foot / height, self.room / self.width, body / height))
        self.fill(axes, body)
        self._texts(figure, height)
        language = LANGUAGES[self.picture.language]
        for text in figure.findobj(MplText):
            text.set_language(language.code)
            if not language.full_width:
                # The CJK font draws quotation marks full-width unless asked for proportional ones.
                text.set_fontfeatures(("pwid",))
                if "\n" in text.get_text():
                    # matplotlib applies font features to single lines only.
                    text.set_text(text.get_text().translate(STRAIGHT_QUOTES))
        return figure

    @abstractmethod
    def body(self) -> float:
        """Return the height of the body."""

    @abstractmethod
    def fill(self, axes: Axes, body: float) -> None:
        """Draw the body."""

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

    def write_label(self, axes: Axes, y: float, row: ChartRow) -> None:
        """Write the label of a row beside it."""
        ink = style.INK if row.highlight else style.SOFT
        words = "\n".join(self.label(row))
        self.write(axes, y, words, -0.08, ha="right", weight=weight(row), color=ink)

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


def weight(row: ChartRow) -> str:
    """Return the weight of the text of a row."""
    return "bold" if row.highlight else "regular"
