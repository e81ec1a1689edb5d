"""The dataset as it would be if a county had answered some of the questions that its text leaves open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from analysis.estimates.measures import Readings
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.register import OPEN_YEAR, format_when, parse_when
from analysis.evidence.rows import Choice, Coding, rows_of

Answers = Mapping[str, str]
"""A reading of each choice that is answered."""
_DATED = ("estimates", "series", "figures")


def answered(data: Dataset, answers: Answers) -> Dataset:
    """Return a dataset in which choices have one reading each, and no other is left open.

    Estimates under other readings are gone, and what is dated to several years is of the year answered.
    Raises ``InputError`` for a choice or reading that there is not, and for one that arithmetic rules out.

    >>> estimates = answered(data, {"ludian.dissolved-wording": "all-dissolved"}).tables["estimates"]
    >>> "ludian.dissolved-wording" in " ".join(estimates["reading"])
    False
    """
    if not answers:
        return data
    _check(data, answers)
    readings = data.readings
    given = readings["choice_id"].map(answers)
    readings = readings[given.isna() | (given == readings["reading"])]
    readings = readings.assign(is_default=readings["is_default"] | readings["choice_id"].isin(answers))
    settled = replace(data, tables={**data.tables, "readings": readings})
    statuses = {owner: status for answer in answers.items() for owner, status in _decided(data, answer)}
    tables = {name: _standing(_dated(data.tables[name], answers), statuses) for name in _DATED}
    for name in ("estimates", "series"):
        tables[name] = _read(tables[name], answers, Readings.of(settled))
    return replace(settled, tables={**settled.tables, **tables})


def _check(data: Dataset, answers: Answers) -> None:
    register = Readings.of(data)
    for choice, reading in answers.items():
        if choice not in register.by_choice:
            raise InputError(f"there is no choice {choice!r}; known are {', '.join(register.by_choice)}")
        known = register.by_choice[choice]
        if reading not in known:
            raise InputError(f"choice {choice!r} has no reading {reading!r}; it has {', '.join(known)}")
        if (choice, reading) in register.infeasible:
            raise InputError(f"choice {choice!r} cannot be read as {reading!r}: its arithmetic does not hold")


def _dated(frame: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """Return rows whose year has been answered with that year, as if the text had said it."""
    ranges = frame["year"].str.contains("/", regex=False)
    if not ranges.any():
        return frame
    owners = zip(frame["programme_id"], frame["year"], ranges, strict=True)
    years = [answers.get(OPEN_YEAR.id_for(owner, year), "") if open_ else "" for owner, year, open_ in owners]
    found = pd.Series(years, frame.index, dtype="str")
    return frame.assign(
        year=frame["year"].where(found == "", found), year_basis=frame["year_basis"].where(found == "", "")
    )


def _decided(data: Dataset, answer: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the programme whose open figures an answer says to be planned or achieved, and which of them.

    It does where all codings under the answer have one status, and those under another have another.
    """
    codings = rows_of(Coding, data.codings)
    statuses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in codings:
        for pair in parse_when(row.when).items():
            statuses[pair].add(row.status)
    others = [found for (choice, _), found in statuses.items() if choice == answer[0]]
    found = statuses[answer]
    if len(found) == 1 and "" not in found and any(other != found for other in others):
        choices = rows_of(Choice, data.choices, choice_id=answer[0])
        yield from ((row.programme_id, next(iter(found))) for row in choices if row.programme_id)


def _standing(frame: pd.DataFrame, statuses: Mapping[str, str]) -> pd.DataFrame:
    """Return rows that are left open whether they are planned with what has been answered."""
    known = frame["programme_id"].map(statuses)
    return frame.assign(status=frame["status"].where((frame["status"] != "open") | known.isna(), known))


def _read(frame: pd.DataFrame, answers: Answers, register: Readings) -> pd.DataFrame:
    """Return the estimates that agree with the answers, which then are no readings any more."""
    kept, left, default = {}, {}, {}
    for text in frame["reading"].unique():
        readings = parse_when(text)
        open_ones = {choice: reading for choice, reading in readings.items() if choice not in answers}
        kept[text] = all(answers.get(choice, reading) == reading for choice, reading in readings.items())
        left[text], default[text] = format_when(open_ones), register.is_default(open_ones)
    frame = frame[frame["reading"].map(kept).astype(bool)]
    texts = frame["reading"]
    return frame.assign(reading=texts.map(left).astype("str"), is_default=texts.map(default).astype(bool))
