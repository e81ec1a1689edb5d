"""Charts as values: what is shown, before anything is drawn."""

from __future__ import annotations

import html
import io
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self

import matplotlib as mpl
from matplotlib.figure import Figure

from analysis.draw import style, truetype
from analysis.draw.markup import resting
from analysis.draw.sheet import CSS
from analysis.estimates.measures import figures_of
from analysis.estimates.selection import LABELLED
from analysis.words.language import Text

PHONE_MM = 92.0
PNG_LEVEL = 3  # a tenth larger than the smallest, in half the time
NO_DATE = {"Date": None}
NO_PDF_DATE = {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}


@dataclass(frozen=True)
class ChartRow:
    """One labelled row: a value with its range, or the words that stand for its absence.

    A row without a label is a sentence across the whole width. ``aside`` is said below ``text``, in grey.

    ``low`` and ``high`` span the readings; an infinite one is an open bound, and where readings give several
    values that are each the least, ``is_open`` says so; ``before`` is an earlier value of the same thing;
    ``programme`` is whose value it is; ``reading`` the reading it stands under; ``absence`` the type of
    absence. ``others`` are drawn along with the row without labels: small dots, or a distribution once they
    are many.
    """

    label: str
    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    highlight: bool = False
    is_open: bool = False
    programme: str = ""
    figure_ids: str = ""
    reading: str = ""
    unit: str = ""
    absence: str = ""
    aside: str = ""
    others: tuple[ChartRow, ...] = ()

    def all(self) -> Iterator[ChartRow]:
        """Yield the row and the others drawn along with it."""
        yield self
        for other in self.others:
            yield from other.all()

    @property
    def is_drawn(self) -> bool:
        """Whether there is a value to draw, of the row or of the others along with it."""
        return any(each.value is not None for each in self.all())

    @property
    def bounds(self) -> list[float]:
        """The finite values that are drawn of the row itself."""
        found = () if self.value is None else (self.value, self.low, self.high, self.before)
        return [bound for bound in found if bound is not None and math.isfinite(bound)]

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Zero and the farthest value of the row and the others along with it, the smaller first."""
        values = [0.0, *(bound for each in self.all() for bound in each.bounds)]
        return min(values), max(values)

    @property
    def is_distribution(self) -> bool:
        """Whether the values of the others are too many to be told apart."""
        return sum(other.value is not None for other in self.others) > LABELLED


@dataclass(frozen=True)
class Group:
    """Rows that may be compared with each other, under a heading."""

    heading: str
    rows: tuple[ChartRow, ...]


class Drawing(Protocol):
    """What draws a picture, and divides it for slides."""

    def draw(self) -> Figure:
        """Return the figure."""

    def sheet(self) -> str:
        """Return the picture without title and notes as SVG within a page."""

    def pages(self) -> list[tuple[Group, ...]]:
        """Return the groups in as many parts as the height of a slide asks for."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Picture(ABC):
    """What every chart has, whatever it draws.

    ``title`` states the finding, ``subtitle`` what is measured and who reports it; ``scale`` enlarges type,
    marks and spaces together, for a slide that is read from afar. ``piece`` is what its parts are called in a
    page that may have others in their place.
    """

    name: str
    language: str
    title: str
    subtitle: str
    groups: tuple[Group, ...]
    note: str = ""
    source: str = ""
    price_basis: str = ""
    width_mm: float = style.WIDTHS_MM["memo"]
    scale: float = 1.0
    piece: str = ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {self.title}>"

    @property
    @abstractmethod
    def kind(self) -> str:
        """The kind of chart, as the messages name it."""

    @abstractmethod
    def _drawing(self, standalone: bool) -> Drawing: ...

    def _draw(self, standalone: bool) -> Figure:
        return self._drawing(standalone).draw()

    def _shared(self) -> dict[str, Any]:
        """Return what the pictures of a divided chart have in common."""
        return {}

    @property
    def alt(self) -> str:
        """The chart in words: kind, message, every value, what is not reported."""
        text = Text.of(self.language)
        rows = (
            (
                " · ".join(part for part in (group.heading, row.label) if part),
                text("number.attribute_separator").join(part for part in (row.text, row.aside) if part),
            )
            for group in self.groups
            for row in group.rows
        )
        listed = text("number.item_separator").join(
            text("number.labelled", label=label, value=value) if label else value for label, value in rows
        )
        return text("chart.alt", kind=text(f"chart.kind_{self.kind}"), title=self.title, rows=listed)

    @property
    def rows(self) -> list[ChartRow]:
        """The rows of all groups."""
        return [row for group in self.groups for row in group.rows]

    @property
    def programmes(self) -> set[str]:
        """The programmes that are drawn with a value."""
        return {each.programme for row in self.rows for each in row.all() if each.value is not None}

    @property
    def is_telling(self) -> bool:
        """Whether there are two values or more to draw, an earlier one of the same thing among them."""
        drawn = (each for row in self.rows for each in row.all() if each.value is not None)
        return sum(1 if each.before is None else 2 for each in drawn) > 1

    def at(self, width: str) -> Self:
        """Return the chart at ``memo`` or ``slide`` width; raises ``ValueError`` for another."""
        if width not in style.WIDTHS_MM:
            raise ValueError(f"unknown width {width!r}; allowed are {', '.join(style.WIDTHS_MM)}")
        return replace(self, width_mm=style.WIDTHS_MM[width], scale=style.SCALES[width])

    def slides(self, *, standalone: bool = True) -> list[Self]:
        """Return the chart for slides of 16:9: one picture, or several by number where its rows are too many.

        What does not fit one slide is drawn a little smaller before it is divided.
        """
        for wide in (self.at("slide"), replace(self.at("slide"), scale=style.DENSE_SLIDE)):
            if len(wide._drawing(standalone).pages()) == 1:
                return [wide]
        pages = replace(wide, title=self._numbered(99, 99))._drawing(standalone).pages()
        return [
            replace(
                wide, name=f"{self.name}-{number}", title=self._numbered(number, len(pages)), groups=groups,
                **self._shared(),
            )
            for number, groups in enumerate(pages, start=1)
        ]  # fmt: skip

    def _numbered(self, number: int, last: int) -> str:
        text = Text.of(self.language)
        return text("number.with_detail", text=self.title, detail=f"{number}/{last}")

    def figure(self, *, standalone: bool = True) -> Figure:
        """Return the drawn figure; ``standalone`` has title, note and source in the picture."""
        with mpl.rc_context(style.settings()):
            return self._draw(standalone)

    def png(self, *, standalone: bool = True, dpi: int = style.DPI) -> bytes:
        """Return the chart as PNG."""
        quick: dict[str, Any] = {"compress_level": PNG_LEVEL}
        return self._saved("png", standalone, dpi=dpi, metadata={"Software": None}, pil_kwargs=quick)

    def svg(self, *, standalone: bool = True) -> bytes:
        """Return the chart as SVG with its text as paths."""
        return self._saved("svg", standalone, metadata=NO_DATE)

    def pdf(self, *, standalone: bool = True) -> bytes:
        """Return the chart as PDF with its fonts embedded and its text as text, to select and to search."""
        return self._saved("pdf", standalone, metadata=NO_PDF_DATE)

    def _saved(self, kind: str, standalone: bool, **options: Any) -> bytes:
        buffer = io.BytesIO()
        with mpl.rc_context(style.settings()):
            figure = self._draw(standalone)
            if kind == "pdf":
                truetype.embed(figure)
            figure.savefig(buffer, format=kind, **options)
        return buffer.getvalue()

    def inline(self, kind: str = "") -> str:
        """Return the picture without title and notes as SVG within a page, in the ink of the page."""
        drawn = self._drawing(standalone=False).sheet()
        said = f'<svg class="{kind}" role="img" aria-label="{html.escape(self.alt)}"'
        return drawn.replace("<svg", said, 1)

    def save(self, folder: Path) -> Path:
        """Write the standalone chart as SVG into ``folder``; return its path.

        PNG and PDF, which take longer to make, come with the data and the evidence from ``analysis charts``.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.svg"
        path.write_bytes(self.svg())
        return path

    def _repr_html_(self) -> str:
        def called(part: str) -> str:
            return f' data-piece="{html.escape(self.piece)}.{part}"' if self.piece else ""

        phone = replace(self, width_mm=PHONE_MM)
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in (self.note, self.source) if line)
        return (
            f'<figure class="chart"><style>{CSS}</style>'
            f'<div class="chart-title"{called("title")}>'
            f"<strong{resting(' '.join(figures_of(self.rows)))}>{html.escape(self.title)}</strong><br>"
            f"<small>{html.escape(self.subtitle)}</small></div>"
            f'<div class="picture"{called("picture")} tabindex="0" style="width:{self.width_mm:g}mm">'
            f"{self.inline('desktop')}{phone.inline('phone')}</div>"
            f"<figcaption{called('caption')}>{lines}</figcaption></figure>"
        )
