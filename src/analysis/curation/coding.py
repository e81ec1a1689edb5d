"""Codings as drafted: by declared patterns of measures, and by likeness to accepted ones.

``measures.csv`` says by unit and words which measure a figure is evidence for, ``dimensions.csv`` by words
what it is about. Every coding says which of its cells no word supports.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from analysis.curation.candidates import Candidate
from analysis.curation.glossary import Coded, Glossary
from analysis.curation.sureness import Guess, Guesses
from analysis.evidence.schema import DIMENSIONS

ALIKE = 0.6  # share of the pairs of characters of two subjects that both have


@dataclass(frozen=True)
class _Pattern:
    """What a measure is recognised by: the unit of a figure, words of its subject, what it is divided by."""

    measure: str
    unit: re.Pattern[str]
    words: re.Pattern[str]
    denominator: str
    dimensions: dict[str, str]  # with the code where no word says one


@cache
def _patterns() -> tuple[_Pattern, ...]:
    return tuple(
        _Pattern(
            row["measure"],
            re.compile(row["unit"]),
            re.compile(row["words"]),
            row["denominator"],
            {name: code for name, _, code in (part.partition("=") for part in row["dimensions"].split())},
        )
        for row in _declared("measures.csv")
    )


@cache
def _dimensions() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (row["field"], row["code"], re.compile(row["words"]))
        for row in _declared("dimensions.csv")
        if row["words"]
    )


def _declared(name: str) -> list[dict[str, str]]:
    text = resources.files("analysis.curation").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def codings(rows: Sequence[Candidate], programme_id: str, glossary: Glossary) -> list[Guesses]:
    """Return a coding for each measure that a figure is evidence for, as guesses at its cells.

    A figure that no pattern knows is coded as the accepted figure that is most like it.
    """
    figures = [row for row in rows if not row.reason and row.cells.get("figure_id")]
    found: list[Guesses] = []
    for place, row in enumerate(figures):
        matched = [coding for pattern in _patterns() for coding in _by_pattern(pattern, figures, place)]
        found += matched or [_as(coded, row) for coded in _most_alike(row, glossary)]
    return list(_with_ids(found, programme_id))


def _by_pattern(pattern: _Pattern, figures: Sequence[Candidate], place: int) -> Iterator[Guesses]:
    """Yield the codings of a figure for a measure: one for each post that shares an amount."""
    cells = figures[place].cells
    matched = pattern.words.search(cells["subject_zh"])
    if not matched or not pattern.unit.fullmatch(cells["unit"]):
        return
    over = _denominator(pattern.denominator, figures, place)
    if pattern.denominator and not over:
        return
    coding = {"measure": Guess(pattern.measure, "pattern", matched[0])}
    coding |= {
        field: _about(field, code, cells["subject_zh"])[0] for field, code in pattern.dimensions.items()
    }
    coding["numerator"] = Guess(cells["figure_id"], "pattern")
    coding |= {"denominator": over} if over else {}
    for post in _about("post", "", cells["subject_zh"]) if "post" in pattern.dimensions else [None]:
        if post is None or post.value:
            yield coding | ({"post": post} if post else {})


def _about(field: str, default: str, subject: str) -> list[Guess]:
    """Return the codes of a dimension that a subject has words for, or the default (=village: always)."""
    if default.startswith("="):
        return [Guess(default[1:], "pattern")]
    if field == "stage" and (stage := re.search("提高(?P<when>[前后])", subject)):
        return [Guess("before" if stage["when"] == "前" else "after", "words_beside", stage[0])]
    found, rest = [], subject
    for name, code, words in _dimensions():
        if name == field and (match := words.search(rest)):
            found.append(Guess(code, "words_beside", match[0]))
            rest = rest.replace(match[0], "、")
    found = found[:1] if any(guess.value.startswith("head") for guess in found) else found
    return found or [Guess(default, "nothing_said" if default else "not_decided")]


def _denominator(unit: str, figures: Sequence[Candidate], place: int) -> Guess | None:
    """Return the figure that an amount is divided by: the next one of that unit, or else the one before."""
    near = [*figures[place + 1 : place + 2], *figures[max(0, place - 1) : place]]
    row = figures[place]
    for other in near if unit else ():
        if (
            re.fullmatch(unit, other.cells["unit"])
            and other.paragraph == row.paragraph
            and other.end - row.start < 60
        ):
            after = other.start > row.start
            return Guess(
                other.cells["figure_id"], "pattern" if after else "noun_near", other.cells["subject_zh"]
            )
    return None


def _most_alike(row: Candidate, glossary: Glossary) -> list[Coded]:
    """Return the codings of the accepted figure whose subject is most like that of a row, if any is."""
    cells = row.cells
    alike = [
        (likeness(cells["subject_zh"], accepted.subject_zh), accepted.subject_zh)
        for accepted in glossary.accepted.values()
        if accepted.unit == cells["unit"] and accepted.codings
    ]
    best, subject = max(alike, default=(0.0, ""))
    return list(glossary.accepted[subject].codings) if best >= ALIKE else []


def likeness(one: str, other: str) -> float:
    """Return which part of the pairs of characters of two texts both have, from 0 to 1."""
    first, second = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    return len(first & second) / len(first | second) if first | second else 0.0


def _as(coded: Coded, row: Candidate) -> Guesses:
    """Return a coding like an accepted one, with what the words of the row itself say of its dimensions."""
    coding = {"measure": Guess(coded.measure, "accepted_alike", coded.subject_zh)}
    for field, code in zip(DIMENSIONS, coded.dimensions, strict=True):
        if code:
            said = _about(field, "", row.cells["subject_zh"])[0]
            coding[field] = said if said.value else Guess(code, "accepted_alike", coded.subject_zh)
    return coding | {"numerator": Guess(row.cells["figure_id"], "accepted_alike", coded.subject_zh)}


def _with_ids(found: Sequence[Guesses], programme_id: str) -> Iterator[Guesses]:
    """Yield the codings with ids, of the measure and what it is about.

    Of several figures for one cell the first is taken, which is then unsure: a cell is coded once.
    """
    by_name: dict[str, list[Guesses]] = {}
    for coding in found:
        about = [coding[field].value for field in DIMENSIONS if field in coding and coding[field].value]
        by_name.setdefault("-".join([coding["measure"].value, *about]).replace("_", "-"), []).append(coding)
    for name, (coding, *rivals) in by_name.items():
        ids = {"coding_id": Guess(f"{programme_id}.{name}", "pattern")}
        ids["programme_id"] = Guess(programme_id, "printed")
        others = " ".join(rival["numerator"].value for rival in rivals)
        numerator = (
            replace(coding["numerator"], why="ambiguous", words=others) if rivals else coding["numerator"]
        )
        yield ids | coding | {"numerator": numerator}
