"""The rows of the tables as typed values; a test holds their fields to the columns of ``schema``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    import pandas as pd

Typed = TypeVar("Typed", bound=tuple[Any, ...])
Item = TypeVar("Item")
Key = TypeVar("Key")


class Term(NamedTuple):
    """A code that a curator may add to, with its names."""

    field: str
    code: str
    rank: int
    label: str
    label_zh: str


class Programme(NamedTuple):
    """A place whose programme is compared."""

    programme_id: str
    label: str
    label_zh: str
    label_zh_hant: str
    admin_level: str
    division_code: str
    parent: str
    parent_zh: str
    province: str
    province_zh: str
    programme_name: str
    programme_name_zh: str
    note: str
    note_zh: str


class Source(NamedTuple):
    """A document, known by its hash."""

    source_id: str
    programme_id: str
    title: str
    title_en: str
    author: str
    publisher: str
    published: str
    date_basis: str
    date_note: str
    date_note_zh: str
    script: str
    file: str
    encoding: str
    sha256: str
    paragraphs: int
    url: str
    accessed: str
    archive: str


class Figure(NamedTuple):
    """One quantity printed in one document, with the characters it stands in."""

    figure_id: str
    source_id: str
    paragraph: int
    start: int
    end: int
    printed: str
    value: float
    value_to: float
    unit: str
    qualifier: str
    period: str
    basis: str
    status: str
    year: str
    year_basis: str
    subject: str
    theme: str
    note: str
    subject_zh: str
    note_zh: str


class Exclusion(NamedTuple):
    """A numeral that is no figure, with the reason."""

    source_id: str
    paragraph: int
    start: int
    end: int
    printed: str
    reason: str
    note: str


class Choice(NamedTuple):
    """An open question about what figures mean."""

    choice_id: str
    programme_id: str
    kind: str
    question: str
    question_zh: str
    matter: str
    matter_zh: str
    note: str
    note_zh: str


class Reading(NamedTuple):
    """A possible answer to a choice; ``feasible`` says whether the arithmetic that it requires holds."""

    choice_id: str
    reading: str
    rank: int
    is_default: bool
    label: str
    label_zh: str
    requires: str
    reason: str
    reason_zh: str
    feasible: bool


class Coding(NamedTuple):
    """What figures are evidence for: the terms of one measure for one programme, under one reading."""

    coding_id: str
    programme_id: str
    measure: str
    object: str
    works: str
    funder: str
    place: str
    post: str
    stage: str
    numerator: str
    denominator: str
    when: str
    bound: str
    status: str
    absence: str
    note: str
    note_zh: str


class Identity(NamedTuple):
    """Arithmetic that a text implies."""

    identity_id: str
    source_id: str
    left: str
    relation: str
    right: str
    expected: str
    note: str
    note_zh: str


class RegionalValue(NamedTuple):
    """A value of a reference series for one region and year, under ``when`` where several are in print."""

    series: str
    region_code: str
    region: str
    region_zh: str
    year: int
    value: float
    unit: str
    source: str
    when: str


def rows_of(kind: type[Typed], frame: pd.DataFrame, /, **wanted: str) -> list[Typed]:
    """Return the rows of a frame with those values in those columns, as values of a kind.

    A cell without a number is NaN. Columns that the kind does not name are left out.
    """
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    # Several times as fast as to_dict or itertuples, which ask for one cell after another.
    fields: Sequence[str] = kind._fields  # type: ignore[attr-defined]
    columns = (cells_of(frame[field]) for field in fields)
    return [kind(*row) for row in zip(*columns, strict=True)]


def group_by(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Return the items by their key, keys and items in the order they come."""
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def cells_of(column: pd.Series) -> list[Any]:
    """Return the cells of a column; one that is missing is NaN, whatever the column has for it."""
    cells = column.to_list()
    # These have NaN already, and to look for what is missing takes as long as all the rest.
    if column.dtype in ("str", "float64") or not column.hasnans:
        return cells
    from pandas import NA

    return [math.nan if cell is NA else cell for cell in cells]
