"""Draws a table of signs: who reports what."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.draw import style
from analysis.draw.canvas import BODY_LINE, GAP, HALO, INDENT, ROW, Drawing, weight
from analysis.draw.picture import ChartRow, Picture
from analysis.draw.text_metrics import text_width, wrap
from analysis.words.language import Text

# A sign for each state, told apart by shape alone: a value, and each type of absence.
SIGNS: dict[str, tuple[str, bool]] = {
    "": ("s", True),
    "not_comparable": ("D", False),
    "not_applicable": ("_", False),
    "not_coded": ("x", False),
    "not_reported": (".", False),
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Matrix(Picture):
    """A table of signs: rows by columns.

    Each row has in ``others`` one row for each column, in the order of ``columns``, whose ``absence`` is the
    type of absence, or empty for a value. ``highlight`` is the column of the programme in question.
    """

    columns: tuple[str, ...]
    highlight: int | None = None

    @property
    def kind(self) -> str:
        """``matrix``."""
        return "matrix"

    def _draw(self, standalone: bool) -> Figure:
        return MatrixDrawing(self, standalone).draw()


class MatrixDrawing(Drawing):
    """Lays out and draws one ``Matrix``."""

    picture: Matrix
    axis_height = 0.04

    def __init__(self, matrix: Matrix, standalone: bool) -> None:
        super().__init__(matrix, standalone)
        self.step = self.room / max(len(matrix.columns), 1)
        self.heads = [
            wrap(name, self.step - 0.08, style.BODY, "bold" if place == matrix.highlight else "regular")
            for place, name in enumerate(matrix.columns)
        ]

    def body(self) -> float:
        """Return the height of the key, the heads and all rows."""
        heads = BODY_LINE * max((len(lines) for lines in self.heads), default=0)
        headings = sum(self.heading_height(group) for group in self.picture.groups)
        rows = sum(self._height(row) for row in self.picture.rows)
        return ROW + heads + 0.12 + headings + rows + GAP * max(len(self.picture.groups) - 1, 0)

    def _height(self, row: ChartRow) -> float:
        if not row.label:
            return ROW + BODY_LINE * (len(self._words(row)) - 1)
        return ROW + BODY_LINE * (len(self.label(row)) - 1)

    def _words(self, row: ChartRow) -> list[str]:
        return wrap(row.text, self.inner - INDENT, style.BODY, weight(row))

    def fill(self, axes: Axes, body: float) -> None:
        """Draw the key, the heads of the columns, and each group with its rows."""
        axes.set_xlim(0, self.room)
        axes.set_ylim(body, 0)
        axes.set_axis_off()
        self._key(axes)
        y = ROW + BODY_LINE * max((len(lines) for lines in self.heads), default=0) + 0.06
        for place, lines in enumerate(self.heads):
            bold = "bold" if place == self.picture.highlight else "regular"
            middle = self.step * (place + 0.5)
            self.write(axes, y, "\n".join(lines), middle, ha="center", va="bottom", weight=bold)
        y += 0.06
        for group in self.picture.groups:
            y += self.write_heading(axes, y, group)
            for row in group.rows:
                height = self._height(row)
                self._row(axes, y + height / 2, row)
                y += height
            y += GAP

    def _key(self, axes: Axes) -> None:
        """Draw each sign that occurs, with its meaning."""
        text = Text.of(self.picture.language)
        found = {cell.absence for row in self.picture.rows for cell in row.others}
        x = -self.labels + 0.06
        for state in SIGNS:
            if state not in found:
                continue
            words = text.code("absence", state) if state else text("chart.reported")
            self._sign(axes, x, ROW / 2, state, style.INK)
            self.write(axes, ROW / 2, words, x + 0.1, size=style.SMALL, color=style.SOFT)
            x += 0.1 + text_width(words, style.SMALL) + 0.22

    def _row(self, axes: Axes, y: float, row: ChartRow) -> None:
        if not row.label:
            words = "\n".join(self._words(row))
            self.write(axes, y, words, INDENT - self.labels, color=style.SOFT, bbox=HALO)
            return
        self.write_label(axes, y, row)
        axes.plot([0, self.room], [y, y], color=style.RULE, linewidth=self.points(0.5), zorder=1)
        for place, cell in enumerate(row.others):
            ink = style.HIGHLIGHT if place == self.picture.highlight else style.INK
            self._sign(axes, self.step * (place + 0.5), y, cell.absence, ink)

    def _sign(self, axes: Axes, x: float, y: float, state: str, ink: str) -> None:
        sign, filled = SIGNS[state]
        size = {"_": 9, ".": 3}.get(sign, 6.5)
        axes.plot(
            x, y, sign, color=ink, markersize=self.points(size), markeredgewidth=self.points(1.1), zorder=3,
            markerfacecolor=ink if filled or sign == "." else "white", clip_on=False,
        )  # fmt: skip
