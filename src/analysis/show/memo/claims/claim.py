"""What one numeral of a sentence claims, and the names of the places that it may be of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.words.scan import Numeral


@dataclass(frozen=True)
class Claim:
    """One numeral with what its sentence says of it.

    ``places`` are ids of programmes, ``terms`` codes by dimension, ``words`` what the text about it is about
    with weights, ``relation`` how it relates values (empty for a value itself), ``direction`` 1 for up or
    above and -1 for down or below.
    """

    numeral: Numeral
    sentence: str
    language: str = "en"
    places: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    terms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    period: str = ""
    years: tuple[int, ...] = ()
    qualifier: str = ""
    relation: str = ""
    direction: int = 0
    is_change: bool = False
    compares: bool = False
    each: bool = False
    total: bool = False
    stage: str = ""
    before: int = -1
    beside: int = -1
    order: tuple[str, str, int] | None = None

    @property
    def attributes(self) -> tuple[object, ...]:
        """What must not change for the same numeral to claim the same."""
        terms = tuple(sorted((name, tuple(sorted(codes))) for name, codes in self.terms.items()))
        return (
            self.places, terms, self.period, self.years, self.qualifier, self.relation, self.direction,
            self.is_change, self.compares, self.each, self.total, self.stage, self.order, self.numeral.values,
        )  # fmt: skip


@dataclass(frozen=True)
class PlaceNames:
    """The names by which texts call the programmes, longest first."""

    names: tuple[tuple[str, str], ...]

    def mentions(self, text: str) -> list[tuple[int, int, str]]:
        """Return where places are named, in order."""
        found: list[tuple[int, int, str]] = []
        for name, programme in self.names:
            for match in re.finditer(re.escape(name), text):
                if not any(a < match.end() and match.start() < b for a, b, _ in found):
                    found.append((match.start(), match.end(), programme))
        return sorted(found)
