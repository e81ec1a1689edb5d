"""Charts that Word can draw itself: which they are, and their rows as a sheet to edit."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

import xlsxwriter
from matplotlib.ticker import MaxNLocator

from analysis.draw import Chart, ChartRow, Group, Picture, style
from analysis.draw.text_metrics import wrapped
from analysis.show.memo.facts import tidy
from analysis.words.language import Text

SHEET = "Sheet1"
CREATED = datetime.datetime(2000, 1, 1)
LABELS = 0.5  # of the width, for the names of the rows and their values in words
ENDS = 0.04  # of the width, right of the largest value
LINE, BETWEEN, AXIS = 0.17, 0.1, 0.26  # inches


def drawable(picture: Picture) -> TypeGuard[Chart]:
    """Return whether Word can draw the chart itself, and nothing of it is lost.

    These are rows of values, with or without a range, from zero on one scale. Open bounds, earlier values,
    the values of others along with a row, a reference line, ranks and signs need the picture.
    """
    return (
        isinstance(picture, Chart)
        and picture.axis == "value"
        and picture.reference is None
        and picture.limit is None
        and any(_value(row) for row in picture.rows)
        and all(map(_plain, picture.rows))
        and all(len(group.rows) <= style.LABELLED for group in picture.groups)
    )


def _value(row: ChartRow) -> bool:
    return bool(row.label) and row.value is not None


def _plain(row: ChartRow) -> bool:
    """Return whether a row is one value with its range, or words; the others of a row may be in its words."""
    drawn = any(other.value is not None for other in row.others)
    if drawn or row.aside or row.before is not None:
        return False
    return row.value is None or (bool(row.label) and all(map(math.isfinite, _bounds(row))))


def _bounds(row: ChartRow) -> tuple[float, float]:
    """Return the ends of the range of a row with a value: the value itself where there is none."""
    assert row.value is not None
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    return (low, high) if low <= row.value <= high else (math.nan, math.nan)


def as_bars(chart: Chart) -> Chart:
    """Return the chart with bars in the place of dots, and a note that says so."""
    text = Text.of(chart.language)
    note = chart.note.replace(text("chart.note_range_dot"), text("chart.note_range_bar"))
    return replace(chart, mark="bar", note=note)


@dataclass(frozen=True)
class Bar:
    """One row of a native chart; without a value it has no bar, and its label says why.

    ``low`` and ``high`` are the ends of its range, where it has one.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    highlight: bool

    @property
    def below(self) -> float | None:
        """How far the range goes below the value; ``None`` where there is no range."""
        return self.value - self.low if self.low is not None and self.value is not None else None

    @property
    def above(self) -> float | None:
        """How far the range goes above the value; ``None`` where there is no range."""
        return self.high - self.value if self.high is not None and self.value is not None else None


@dataclass(frozen=True)
class Scale:
    """The ends of the axis and the step of its labels; ``None`` where the program that draws may choose."""

    low: float | None = None
    high: float | None = None
    step: float | None = None


@dataclass(frozen=True)
class Bars:
    """One native chart: its rows, its axis, and how large it is in inches.

    ``heading`` stands above it, and ``sentences`` below it; a group without any value has no rows.
    """

    heading: str
    sentences: tuple[str, ...]
    rows: tuple[Bar, ...]
    scale: Scale
    form: str
    headings: tuple[str, ...]
    language: str
    hatched: bool
    alt: str
    width: float
    band: float

    @property
    def height(self) -> float:
        """The height in inches."""
        return self.band * len(self.rows) + AXIS

    @property
    def ranged(self) -> bool:
        """Whether a row has a range."""
        return any(row.low is not None for row in self.rows)

    @property
    def sheet(self) -> bytes:
        """The workbook that Word opens to edit the chart; the same rows give the same bytes."""
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
        book.set_properties({"created": CREATED})
        page, form, wrap = (
            book.add_worksheet(SHEET),
            book.add_format({"num_format": self.form}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        page.set_column(0, 0, 50)
        page.set_column(1, 5, 16)
        page.write_row(0, 1, self.headings)
        for place, row in enumerate(self.rows, start=1):
            page.write_string(place, 0, row.label, wrap)
            for column, value in enumerate((row.value, row.low, row.high), start=1):
                if value is not None:
                    page.write_number(place, column, value, form)
            if row.low is not None:
                line = place + 1
                page.write_formula(place, 4, f"=B{line}-C{line}", form, row.below)
                page.write_formula(place, 5, f"=D{line}-B{line}", form, row.above)
        book.close()
        return buffer.getvalue()


def bars(chart: Chart) -> Iterator[Bars]:
    """Yield a native chart for each group of a ``drawable`` chart; those of one chart share their scale."""
    text = Text.of(chart.language)
    keys = ("value", "low", "high")
    headings = (*(text(f"workbook.heading.{key}") for key in keys), text("memo.below"), text("memo.above"))
    scale, width = _scale(chart), chart.width_mm / 25.4
    room = width * (LABELS - 0.03)
    for group in chart.groups:
        rows = _rows(text, group, room)
        lines = (sum(len(wrapped(part, room, style.BODY)) for part in row.label.split("\n")) for row in rows)
        yield Bars(
            heading=group.heading,
            sentences=tuple(_sentences(text, group)),
            rows=rows,
            scale=scale,
            form=_form(chart.unit),
            headings=headings,
            language=chart.language,
            hatched=chart.mark == "bar",
            alt=tidy(replace(as_bars(chart), groups=(group,)).alt),
            width=width,
            band=LINE * max(lines, default=1) + BETWEEN,
        )


def _rows(text: Text, group: Group, room: float) -> tuple[Bar, ...]:
    if not any(map(_value, group.rows)):
        return ()
    return tuple(_bar(text, row, room) for row in group.rows if row.label)


def _bar(text: Text, row: ChartRow, room: float) -> Bar:
    """Return a row with its words in the label, where nothing can lie over them."""
    name, said = tidy(row.label), tidy(row.text)
    label = text("number.labelled", label=name, value=said)
    if len(wrapped(label, room, style.BODY)) > 1:
        label = f"{name}\n{said}"
    low, high = (0.0, 0.0) if row.value is None else _bounds(row)
    ranged = low < high
    return Bar(label, row.value, low if ranged else None, high if ranged else None, row.highlight)


def _sentences(text: Text, group: Group) -> Iterator[str]:
    """Yield what a group says in words alone; all of it where no row has a value."""
    alone = not any(map(_value, group.rows))
    for row in group.rows:
        if not row.label:
            yield row.text
        elif alone:
            yield text("number.labelled", label=row.label, value=row.text)


def _scale(chart: Chart) -> Scale:
    """Return an axis from zero on, and the same one for all groups where there are several."""
    ends = [0.0, *(end for row in chart.rows if row.value is not None for end in _bounds(row))]
    low, high = min(ends), max(ends)
    if sum(any(map(_value, group.rows)) for group in chart.groups) < 2:
        return Scale(low=0.0 if low == 0 else None, high=0.0 if high == 0 > low else None)
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high)
    return Scale(float(ticks[0]), float(ticks[-1]), float(ticks[1] - ticks[0]))


def _form(unit: str) -> str:
    """Return how a spreadsheet shows numbers of a unit."""
    if unit.startswith("ratio"):
        return "0.00"
    return "0.0%" if unit == "share" else "#,##0"
