"""Draws a table of signs: who reports what."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.draw import style
from analysis.draw.canvas import BODY_LINE, HALO, INDENT, ROW, Drawing, weight
from analysis.draw.marks import Axes
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

    def _drawing(self, standalone: bool) -> MatrixDrawing:
        return MatrixDrawing(self, standalone)


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
        self.above = ROW + BODY_LINE * max((len(lines) for lines in self.heads), default=0) + 0.12

    def height_of(self, row: ChartRow) -> float:
        """Return the height of a row: that of its label, or of the sentence in its place."""
        lines = self.label(row) if row.label else self._words(row)
        return ROW + BODY_LINE * (len(lines) - 1)

    def _words(self, row: ChartRow) -> list[str]:
        return wrap(row.text, self.inner - INDENT, style.BODY, weight(row))

    def start(self, axes: Axes) -> float:
        """Draw the key and the heads of the columns."""
        axes.set_xlim(0, self.room)
        axes.set_axis_off()
        self._key(axes)
        for place, lines in enumerate(self.heads):
            bold = "bold" if place == self.picture.highlight else "regular"
            middle = self.step * (place + 0.5)
            self.write(
                axes, self.above - 0.06, "\n".join(lines), middle, ha="center", va="bottom", weight=bold
            )
        return self.above

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

    def draw_row(self, axes: Axes, top: float, row: ChartRow, height: float) -> None:
        """Draw the label of a row and its signs."""
        y = top + height / 2
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
