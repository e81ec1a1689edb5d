"""What fits on a slide: as many items as there is room for, in the largest type; nothing is cut."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.draw import style
from analysis.draw.tables import Table
from analysis.draw.text_metrics import wrap
from analysis.show.memo.facts import tidy
from analysis.show.memo.passages import ChartPart, Memo, Passage
from analysis.show.tablekit.text_widths import column_shares
from analysis.words.language import Text
from analysis.words.scan import numerals

WIDTH, HEIGHT, MARGIN, GAP = 13.333, 7.5, 0.6, 0.15  # inches: 16:9 as PowerPoint makes it
ROOM = WIDTH - 2 * MARGIN
LEADING, AFTER = 1.3, 0.5  # distance of lines, and of paragraphs besides, in lines
WIDER = (
    0.2  # than in the font of our charts may Latin text be, where another one stands in for that of a deck
)
PADDING = 0.08  # of a cell, inches
OPENING, TITLE, TEXT = (40, 36, 32, 28, 24, 18), (30, 26, 22, 19), (24, 22, 20, 18, 16)
TABLE, UNDER, FOOT = (20, 18, 16, 14, 12), (16, 14), (12, 11, 10, 9)
"""Points of each kind of text, from the largest to the least that can be read from afar."""
MOST_CHARTS, LEAST_OF_CHART = 2, 9  # on slides; points of the labels in one
_LEAST_TELLING = ("readings_", "ranks_", "profile", "coverage")
"""Charts that are about the texts rather than the places; they come last."""


def height_of(texts: Sequence[str], size: float, width: float, weight: str = "regular") -> float:
    """Return how high paragraphs are, in inches, if their font is none of the widest."""
    lines = 0
    for text in texts:
        latin = sum(character < "\u2e80" for character in text) / max(len(text), 1)
        lines += len(wrap(text, width / (1 + WIDER * latin), size, weight)) or 1
    return (lines + AFTER * max(len(texts) - 1, 0)) * size * LEADING / 72


@dataclass(frozen=True)
class Fitted:
    """As many paragraphs as there is room for, in the largest type in which they fit."""

    texts: tuple[str, ...]
    size: float
    height: float = 0.0

    @staticmethod
    def of(
        texts: Iterable[Passage | str], sizes: Sequence[float], room: float, *, weight: str = "regular",
        width: float = ROOM, from_start: bool = False,
    ) -> Fitted:  # fmt: skip
        """Return what fits; what does not is left out from the end, or ``from_start``."""
        left = tuple(filter(None, map(str, texts)))
        while left:
            for size in sizes:
                if (height := height_of(left, size, width, weight)) <= room:
                    return Fitted(left, size, height)
            left = left[1:] if from_start else left[:-1]
        return Fitted((), sizes[-1])


@dataclass(frozen=True)
class Frame:
    """What stands above and below the content of a slide; all places are inches from its top."""

    head: Fitted
    under: Fitted
    foot: Fitted

    @staticmethod
    def of(title: Passage | str, subtitle: Passage | str = "", foot: Iterable[Passage | str] = ()) -> Frame:
        """Return the frame; of the foot, the source comes last and is left out last."""
        return Frame(
            Fitted.of([title], TITLE, 1.5, weight="bold"),
            Fitted.of([subtitle], UNDER, 0.6),
            Fitted.of(foot, FOOT, 1.5, from_start=True),
        )

    @property
    def under_top(self) -> float:
        """Where the line below the title begins."""
        return 0.7 * MARGIN + self.head.height + GAP

    @property
    def top(self) -> float:
        """Where the content begins."""
        return self.under_top + self.under.height + (2 * GAP if self.under.texts else GAP)

    @property
    def foot_top(self) -> float:
        """Where the small lines at the foot begin."""
        return HEIGHT - 0.6 * MARGIN - self.foot.height

    @property
    def room(self) -> float:
        """How high the content may be."""
        return self.foot_top - GAP - self.top


def charts_shown(memo: Memo) -> list[tuple[ChartPart, Frame]]:
    """Return the charts that a slide can hold in type that can be read, those that say most first.

    Of a chart that is too high, the first rows that belong together are shown, if its title is about them.
    """
    main = list(memo.charts.values())
    shown = {part.name.removeprefix("comparison_") for part in main}

    def rank(part: ChartPart) -> tuple[int, bool]:
        kinds = [part.name.startswith(kind) for kind in _LEAST_TELLING]
        return (kinds.index(True) + 1 if any(kinds) else 0), part.name in shown

    cut = Text.of(memo.language)("memo.slide_part")
    parts = (*main, *sorted(memo.more_charts.values(), key=rank))
    fitting = (_legible(part) or _legible(_beginning(part), cut) for part in parts)
    return list(itertools.islice(filter(None, fitting), MOST_CHARTS))


def _beginning(part: ChartPart) -> ChartPart | None:
    """Return a chart with its first group, and what is said of all; none where its title is about others."""
    first, *others = part.picture.groups
    silent = [group for group in others if not any(row.is_drawn for row in group.rows)]
    picture = replace(part.picture, groups=(first, *silent))
    years = (value for each in numerals(picture.subtitle, picture.language) for value in each.values)
    drawn = [*years, *(bound for row in first.rows for each in row.all() for bound in each.bounds)]
    for said in numerals((part.finding or part.title).text, picture.language):
        for place in range(len(said.values)):
            if not any(said.equals(place, value) or said.equals(place, 100 * value) for value in drawn):
                return None
    alt = Passage(tidy(picture.alt), part.alt.rests_on)
    return replace(part, picture=picture, alt=alt) if len(silent) < len(others) else None


def _legible(part: ChartPart | None, *more: str) -> tuple[ChartPart, Frame] | None:
    """Return a chart in the size of a slide with what stands around it; none where it would be too small."""
    if part is None or not part.picture.is_telling:
        return None
    frame = Frame.of(
        part.finding or part.title,
        part.title if part.finding else part.subtitle,
        [*more, part.note, part.source],
    )
    if not frame.head.texts or str(part.source) not in ("", *frame.foot.texts):
        return None
    picture = part.picture.at("slide")
    width, height = picture.figure(standalone=False).get_size_inches()
    size = style.BODY * picture.scale * min(ROOM / width, frame.room / height)
    return (replace(part, picture=picture), frame) if size >= LEAST_OF_CHART else None


@dataclass(frozen=True)
class Grid:
    """A table as a slide has room for it: its rows with the head first, sizes in inches and points."""

    rows: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]
    size: float

    @staticmethod
    def of(table: Table, room: float, source: str = "") -> Grid | None:
        """Return the rows that fit, in the largest type in which they do; the last ones are left out.

        Below them stands the source: in the table, so that it goes along where that is copied.
        """
        for number in range(len(table.rows), 0, -1):
            for size in TABLE:
                grid = Grid.in_type(table, number, size, source)
                if sum(grid.heights) <= room:
                    return grid
        return None

    @staticmethod
    def in_type(table: Table, number: int, size: float, source: str = "") -> Grid:
        """Return the first rows in type of a size."""
        shares = column_shares(table, round(ROOM * 72 / size * 1.6))
        widths = tuple(ROOM * shares[column.key] for column in table.shown)
        rows = (*_rows(table, number), *([(source,)] if source else []))
        heights = []
        for row in rows:
            weight = "bold" if row is rows[0] or len(row) < len(widths) else "regular"
            room = widths if len(row) == len(widths) else (ROOM,)
            cells = zip(row, room, strict=True)
            inner = (height_of([text], size, width - 2 * PADDING, weight) for text, width in cells)
            heights.append(max(inner) + PADDING)
        return Grid(rows, tuple(heights), widths, size)


def _rows(table: Table, number: int) -> Iterator[tuple[str, ...]]:
    """Yield the head, then rows; a heading between rows is a row of one cell."""
    yield tuple(column.label for column in table.shown)
    group = ""
    for row in table.rows[:number]:
        if table.group and row[table.group] != group:
            group = row[table.group]
            yield (group,)
        yield tuple(row[column.key] for column in table.shown)
