"""Sentences that can be read in two ways: choices as drafted, with their readings and what each changes.

The kinds are declared in ``ambiguities.csv`` by the unit of a figure and the words around it, their readings
in ``ambiguity_readings.csv`` by what they change in a coding. What would change no coding is not drafted.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from analysis.curation.candidates import Candidate
from analysis.curation.pairs import Reading, special
from analysis.curation.sureness import Guess, Guesses
from analysis.evidence.register import OPEN_YEAR, computed_readings


@dataclass(frozen=True)
class _Kind:
    """One kind of ambiguity: where it is found, and the question it raises."""

    name: str
    by_document: bool
    unit: str
    before: str
    after: str
    words: dict[str, str]

    def matches(self, row: Candidate) -> bool:
        """Return whether a figure may be read in two ways of this kind."""
        before, _, after = row.context.partition(f"【{row.printed}】")
        unit = row.cells["unit"]
        if self.unit == "undated":
            return row.guesses["status"] == Guess("open", "ambiguous")
        return bool(
            (self.before or self.after)
            and (not self.unit or re.fullmatch(self.unit, unit))
            and re.search(self.before, before)
            and re.search(self.after, after)
        )


_Found = tuple[_Kind, Sequence[Candidate], Mapping[str, list[Guesses]]]


@dataclass(frozen=True)
class Choices:
    """Drafted rows of ``choices.csv``, ``readings.csv`` and ``codings.csv``; these are split by reading."""

    choices: list[Guesses]
    readings: list[Guesses]
    codings: list[Guesses]


@cache
def _kinds() -> dict[str, _Kind]:
    words = ("question", "question_zh", "matter", "matter_zh")
    return {
        row["kind"]: _Kind(
            row["kind"],
            row["each"] == "document",
            row["unit"],
            row["before"],
            row["after"],
            {name: row[name] for name in words},
        )
        for row in _declared("ambiguities.csv")
    }


@cache
def _readings() -> dict[str, tuple[Reading, ...]]:
    found: dict[str, list[Reading]] = {}
    for row in _declared("ambiguity_readings.csv"):
        words = {name: row[name] for name in ("label", "label_zh", "reason", "reason_zh")}
        found.setdefault(row["kind"], []).append(Reading(row["reading"], row["effect"], words))
    return {kind: tuple(readings) for kind, readings in found.items()}


def _declared(name: str) -> list[dict[str, str]]:
    text = resources.files("analysis.curation").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def choices(rows: Sequence[Candidate], codings: Sequence[Guesses], programme_id: str) -> Choices:
    """Return the choices of a document, their readings, and its codings under each reading."""
    figures = [row for row in rows if not row.reason and row.cells.get("figure_id")]
    drafted = Choices([], [], list(codings))
    numbers: Counter[str] = Counter()
    for kind, group, added in _found(figures, drafted.codings):
        numbers[kind.name] += 1
        number = numbers[kind.name]
        choice_id = f"{programme_id}.{kind.name}" + (f"-{number}" if number > 1 else "")
        readings = [reading for reading in _readings()[kind.name] if not added or reading.name in added]
        replaced = list(_split(drafted.codings, choice_id, readings, group, added))
        if replaced != drafted.codings and len(readings) > 1:
            drafted.codings[:] = replaced
            drafted.choices.append(_choice(choice_id, programme_id, kind, group))
            drafted.readings.extend(_reading_rows(choice_id, readings, added))
    for years in _year_ranges(figures):
        asked = year_choice(programme_id, years)
        drafted.choices.extend(asked.choices)
        drafted.readings.extend(asked.readings)
    return drafted


def year_choice(programme_id: str, years: str) -> Choices:
    """Return the choice of the year that money dated to several is of (``2018/2021``), with its readings."""
    choice_id = OPEN_YEAR.id_for(programme_id, years)
    return Choices([_year_question(choice_id, programme_id, years)], list(_year_readings(choice_id)), [])


def _found(figures: Sequence[Candidate], codings: Sequence[Guesses]) -> Iterator[_Found]:
    """Yield each ambiguity: its kind, the figures it is about, and the codings that it adds by reading."""
    for kind in _kinds().values():
        group = [row for row in figures if kind.matches(row)]
        if group and kind.by_document:
            yield kind, group, {}
        elif not kind.by_document:
            yield from ((kind, [row], {}) for row in group)
    for name, row, added in special(figures, codings):
        yield _kinds()[name], [row], added


def _split(
    codings: Sequence[Guesses],
    choice_id: str,
    readings: Sequence[Reading],
    group: Sequence[Candidate],
    added: Mapping[str, list[Guesses]],
) -> Iterator[Guesses]:
    """Yield the codings, those that rest on the figures of a choice once for each of its readings."""
    ids = {row.cells["figure_id"] for row in group}
    cells = {_cell(coding) for codings in added.values() for coding in codings}
    for coding in codings:
        rests = ids & set(re.findall(r"[a-z][\w-]*(?:\.[\w-]+)+", coding["numerator"].value))
        if _cell(coding) in cells and rests:
            continue
        if added or not rests:
            yield coding
        else:
            yield from (_under(reading.change(coding), choice_id, reading) for reading in readings)
    for reading in readings if added else ():
        yield from (_under(coding, choice_id, reading) for coding in added[reading.name])


def _cell(coding: Guesses) -> tuple[tuple[str, str], ...]:
    about = ("measure", "object", "works", "funder", "place", "post", "stage")
    return tuple((name, coding[name].value) for name in about if name in coding)


def _under(coding: Guesses, choice_id: str, reading: Reading) -> Guesses:
    """Return a coding as it holds under a reading."""
    when = "; ".join(
        filter(None, [coding["when"].value if "when" in coding else "", f"{choice_id}={reading.name}"])
    )
    identity = coding["coding_id"]
    return coding | {
        "coding_id": Guess(f"{identity.value}.{reading.name}", identity.why, identity.words),
        "when": Guess(when, "ambiguous"),
    }


def _choice(choice_id: str, programme_id: str, kind: _Kind, group: Sequence[Candidate]) -> Guesses:
    cells = group[0].cells | {"printed": group[0].printed}
    words = {name: Guess(text.format(**cells), "pattern") for name, text in kind.words.items()}
    return _head(choice_id, programme_id, cells["printed"]) | words


def _head(choice_id: str, programme_id: str, words: str) -> Guesses:
    return {
        "choice_id": Guess(choice_id, "ambiguous", words),
        "programme_id": Guess(programme_id, "printed"),
        "kind": Guess("uncertain", "pattern"),
    }


def _reading_rows(
    choice_id: str, readings: Sequence[Reading], added: Mapping[str, list[Guesses]]
) -> Iterator[Guesses]:
    for rank, reading in enumerate(readings, start=1):
        requires = [
            coding["requires"].value for coding in added.get(reading.name, []) if "requires" in coding
        ]
        cells = {
            "choice_id": choice_id,
            "reading": reading.name,
            "rank": str(rank),
            "is_default": "true" if rank == 1 else "false",
            **reading.words,
            "requires": requires[0] if requires else "",
        }
        yield {name: Guess(value, "pattern") for name, value in cells.items()}


def _year_ranges(figures: Sequence[Candidate]) -> list[str]:
    """Return the ranges of years that money is dated to: of which of them it is, is open."""
    money = (row.cells for row in figures if row.cells["unit"].startswith("CNY"))
    return sorted({cells["year"] for cells in money if "/" in cells["year"]})


def _year_question(choice_id: str, programme_id: str, years: str) -> Guesses:
    first, _, last = years.partition("/")
    words = {
        "question": f"In which of the years {first} to {last} was the money spent or paid?",
        "question_zh": f"{first}—{last}年的资金属于哪一年？",
        "matter": f"which of the years {first} to {last} the money belongs to",
        "matter_zh": f"资金属于{first}至{last}年中的哪一年",
    }
    return _head(choice_id, programme_id, years) | {
        name: Guess(text, "pattern") for name, text in words.items()
    }


def _year_readings(choice_id: str) -> Iterator[Guesses]:
    years = computed_readings(choice_id)
    for rank, year in enumerate(years, start=1):
        cells = {
            "choice_id": choice_id,
            "reading": year,
            "rank": str(rank),
            "is_default": "true" if year == years[-1] else "false",
            "label": year,
            "label_zh": f"{year}年",
        }
        yield {name: Guess(value, "pattern") for name, value in cells.items()}
