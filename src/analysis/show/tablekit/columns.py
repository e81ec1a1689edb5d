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

ColumnKind = Literal[
    "text", "words", "id", "place", "number", "count", "flag", "code", "unit", "prices", "year", "readings",
    "item", "differences", "others", "region",
]  # fmt: skip


@dataclass(frozen=True)
class DataColumn:
    """One column of the exported tables.

    ``kind`` says what its cells are: ``text`` is printed in a document, ``words`` stand in two languages (the
    second in the column of the same name ending in ``_zh``), a ``code`` is one of the codes of its key.
    """

    key: str
    kind: ColumnKind

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind in ("number", "count")


_KEYS: dict[ColumnKind, str] = {
    "place": "programme_id",
    "id": "source_id figure_id figure_ids choice_id identity_id reading_id deciding sha256",
    "code": (
        f"measure theme {' '.join(DIMENSIONS)} state absence status qualifier period basis year_basis "
        "date_basis kind expected"
    ),
    "number": "value value_to low high lower upper margin left_value right_value",
    "count": (
        "comparison rank best_rank worst_rank higher_than_next of_readings n_values n_readings paragraph "
        "start end"
    ),
    "unit": "unit",
    "prices": "price_basis",
    "year": "year time",
    "readings": "reading",
    "item": "item",
    "differences": "differences",
    "others": "other",
    "region": "region",
    "flag": "is_default feasible adds_up",
    "words": "reason subject note question label date_note",
    "text": (
        "published printed title title_en author publisher url accessed archive left relation right requires"
    ),
}
COLUMNS = {key: DataColumn(key, kind) for kind, keys in _KEYS.items() for key in keys.split()}

_WHAT = ("programme_id", "measure", *DIMENSIONS)
_MONEY = ("unit", "price_basis", "year", "year_basis", "region", "status")
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
    "series": (
        *_WHAT, "time", "value", "lower", "upper", *_MONEY, "reading", "is_default", "feasible", *_WHY,
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
        "date_note", "url", "accessed", "archive", "sha256",
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
