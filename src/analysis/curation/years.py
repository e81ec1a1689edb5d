"""The year of a figure, from the words before it and from the date of its document."""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.curation.sureness import Guess

_NAMED = re.compile(r"(?P<year>(?:19|20)[0-9]{2})年(?P<on>以来|起)?")
_THIS = re.compile("今年|年初以来|本年度?|年内")
# Not of what it was raised to since: 由去年的2万元提高到3万元.
_LAST = re.compile("(?:去年|上一?年(?!度))(?![^，,。；;]*(?:提高|增加|增长|调整|上升)[到至为])")
_RECENT = re.compile("近年")
_OLD = re.compile("由(?:原来的?)?$")  # 由2400元提高到3000元: of the first no year is known
_NO_YEAR = re.compile(f"近年|近[两三几五]年|多年来|原来|原先|以前|{_OLD.pattern}")


class _Said(NamedTuple):
    """What a sentence says of the year: where, in which words, and whether it goes on from there."""

    place: int
    year: str
    basis: str
    words: str
    on: bool = False


def year_of(before: str, published: str, since: str = "") -> tuple[Guess, Guess]:
    """Return the year and how it is known: named, this year of a dated document, or from its date.

    ``published`` is the date of the document, its year or a range of years; ``since`` the first year that it
    names.
    """
    said = max(_said(before, published), default=None)
    if said is None:
        if not published:
            return Guess("", "not_decided"), Guess("unknown", "not_decided")
        return _both(_year(published), "inferred", "several_years" if since else "year_of_publication", since)
    if said.on and said.year < _year(published)[-4:]:
        return _both(f"{said.year}/{_year(published)[-4:]}", said.basis, "year_named", said.words)
    if said.year:
        return _both(said.year, said.basis, "year_named", said.words)
    if since and _RECENT.search(said.words):
        return _both(f"{since}/{_year(published)[-4:]}", "inferred", "noun_near", said.words)
    return _both("", "unknown", "words_beside" if _OLD.search(said.words) else "not_decided", said.words)


def _said(before: str, published: str) -> list[_Said]:
    """Return all that a sentence says of years before a numeral."""
    said = [
        _Said(match.start(), match["year"], "stated", match[0], bool(match["on"]))
        for match in _NAMED.finditer(before)
    ]
    if published:
        this, basis = _year(published), "inferred" if "/" in published else "stated"
        said += [_Said(match.start(), this, basis, match[0]) for match in _THIS.finditer(before)]
    if published and "/" not in published:
        last = str(int(published[:4]) - 1)
        said += [_Said(match.start(), last, "inferred", match[0]) for match in _LAST.finditer(before)]
    return said + [_Said(match.start(), "", "", match[0]) for match in _NO_YEAR.finditer(before)]


def _year(published: str) -> str:
    """Return the year of a date, or the range of years as it is."""
    return published if "/" in published else published[:4]


def _both(year: str, basis: str, why: str, words: str) -> tuple[Guess, Guess]:
    return Guess(year, why, words), Guess(basis, why, words)
