"""The columns of exported tables, declared once: what kind of cell, which codes, which tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.evidence.register import MEASURES
from analysis.evidence.schema import (
    ABSENCES,
    BASES,
    CHOICE_KINDS,
    DATE_BASES,
    DIMENSIONS,
    EXPECTATIONS,
    PERIODS,
    QUALIFIERS,
    STATUSES,
    YEAR_BASES,
)

Kind = Literal[
    "text", "words", "id", "place", "number", "count", "flag", "code", "unit", "prices", "year", "readings",
    "item", "differences", "others",
]  # fmt: skip


@dataclass(frozen=True)
class DataColumn:
    """One column of the exported tables.

    ``kind`` says what its cells are: ``text`` is printed in a document, ``words`` stand in two languages (the
    second in the column of the same name ending in ``_zh``), a ``code`` is one of ``codes``.
    """

    key: str
    kind: Kind = "text"
    codes: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind in ("number", "count")


_DIMENSIONS = tuple(DataColumn(name, "code", name) for name in DIMENSIONS)
COLUMNS: dict[str, DataColumn] = {
    column.key: column
    for column in (
        DataColumn("programme_id", "place"),
        DataColumn("source_id", "id"),
        DataColumn("figure_id", "id"),
        DataColumn("figure_ids", "id"),
        DataColumn("choice_id", "id"),
        DataColumn("identity_id", "id"),
        DataColumn("reading_id", "id"),
        DataColumn("deciding", "id"),
        DataColumn("sha256", "id"),
        DataColumn("measure", "code", "measure"),
        DataColumn("theme", "code", "theme"),
        *_DIMENSIONS,
        DataColumn("state", "code", "state"),
        DataColumn("absence", "code", "absence"),
        DataColumn("status", "code", "status"),
        DataColumn("qualifier", "code", "qualifier"),
        DataColumn("period", "code", "period"),
        DataColumn("basis", "code", "basis"),
        DataColumn("year_basis", "code", "year_basis"),
        DataColumn("date_basis", "code", "date_basis"),
        DataColumn("kind", "code", "kind"),
        DataColumn("expected", "code", "expected"),
        *(
            DataColumn(name, "number")
            for name in (
                "value", "value_to", "low", "high", "lower", "upper", "margin", "left_value", "right_value",
            )
        ),
        *(
            DataColumn(name, "count")
            for name in (
                "comparison", "rank", "best_rank", "worst_rank", "higher_than_next", "of_readings",
                "n_values", "n_readings", "paragraph", "start", "end",
            )
        ),
        DataColumn("unit", "unit"),
        DataColumn("price_basis", "prices"),
        DataColumn("year", "year"),
        DataColumn("published", "text"),
        DataColumn("reading", "readings"),
        DataColumn("item", "item"),
        DataColumn("differences", "differences"),
        DataColumn("other", "others"),
        *(DataColumn(name, "flag") for name in ("is_default", "feasible", "adds_up")),
        *(
            DataColumn(name, "words")
            for name in ("reason", "subject", "note", "question", "label", "date_note")
        ),
        *(
            DataColumn(name)
            for name in (
                "printed", "title", "title_en", "author", "publisher", "left", "relation", "right",
                "requires",
            )
        ),
    )
}  # fmt: skip

_WHAT = ("programme_id", "measure", *DIMENSIONS)
_MONEY = ("unit", "price_basis", "year", "year_basis", "status")
_WHY = ("figure_ids", "printed", "absence", "reason")
TABLES: dict[str, tuple[str, ...]] = {
    "values": (*_WHAT, "value", "low", "high", "lower", "upper", *_MONEY, "n_values", "n_readings", *_WHY),
    "rankings": (
        "comparison", "measure", *DIMENSIONS, "differences", "item", "value", "low", "high", "unit",
        "price_basis", "rank", "best_rank", "worst_rank", "higher_than_next", "of_readings", "margin",
        "deciding", "figure_ids", "printed",
    ),
    "coverage": ("measure", "programme_id", "state"),
    "not-compared": ("comparison", "measure", *DIMENSIONS, "programme_id", "absence", "other", "reason"),
    "estimates": (
        *_WHAT, "value", "lower", "upper", *_MONEY, "reading", "is_default", "feasible", *_WHY,
    ),
    "readings": (
        "programme_id", "choice_id", "question", "kind", "reading_id", "label", "is_default", "feasible",
        "requires", "reason",
    ),
    "arithmetic": (
        "programme_id", "identity_id", "left", "left_value", "relation", "right", "right_value", "unit",
        "adds_up", "expected", "note",
    ),
    "figures": (
        "programme_id", "figure_id", "subject", "theme", "printed", "value", "value_to", "lower", "upper",
        "unit", "qualifier", "period", "basis", "status", "year", "year_basis", "source_id", "paragraph",
        "start", "end", "note",
    ),
    "sources": (
        "programme_id", "source_id", "title", "title_en", "author", "publisher", "published", "date_basis",
        "date_note", "sha256",
    ),
}  # fmt: skip
# What each code means, in English; the catalogues say the same, and a test keeps them in step.
MEANINGS: dict[str, dict[str, str]] = {
    "absence": dict(ABSENCES),
    "basis": dict(BASES),
    "date_basis": dict(DATE_BASES),
    "expected": dict(EXPECTATIONS),
    "kind": dict(CHOICE_KINDS),
    "measure": dict.fromkeys(MEASURES, ""),  # the formulas stand in the catalogues alone
    "period": dict(PERIODS),
    "qualifier": dict(QUALIFIERS),
    "state": {"value": "a value can be computed", **ABSENCES},
    "status": dict(STATUSES),
    "year_basis": dict(YEAR_BASES),
}
