"""The dataset as it would be if a county had answered some of the questions that its text leaves open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from analysis.estimates.measures import Estimate, Readings
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.register import OPEN_YEAR, format_when, parse_when
from analysis.evidence.rows import Choice, Coding, Figure, rows_of

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
    known = data.once(_statuses)
    statuses = dict(known[answer] for answer in answers.items() if answer in known)
    tables = {name: _standing(_dated(data.tables[name], answers), statuses) for name in _DATED}
    for name in ("estimates", "series"):
        tables[name] = _read(tables[name], answers, Readings.of(settled))
    regional = data.tables["regional_series"]
    agreeing = regional["when"].map(partial(_agrees, answers=answers)).astype(bool)
    tables["regional_series"] = regional[agreeing]
    return replace(settled, tables={**settled.tables, **tables})


def touching(data: Dataset, programme: str, row: Estimate | Figure) -> set[str]:
    """Return the choices that may change a row of a programme: of its reading, its year, and its status."""
    choices = {*parse_when(row.reading)} if isinstance(row, Estimate) else set()
    if "/" in row.year:
        choices.add(OPEN_YEAR.id_for(programme, row.year))
    if row.status == "open":
        decided = data.once(_statuses).items()
        choices |= {choice for (choice, _), (owner, _) in decided if owner == programme}
    return choices


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


def _statuses(data: Dataset) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the answers that say what open figures of a programme are: of which it is, and their status.

    One does where all codings under it have one status, and those under another have another.
    """
    statuses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows_of(Coding, data.codings):
        for pair in parse_when(row.when).items():
            statuses[pair].add(row.status)
    owners = {row.choice_id: row.programme_id for row in rows_of(Choice, data.choices) if row.programme_id}
    return {
        answer: (owners[answer[0]], next(iter(found)))
        for answer, found in statuses.items()
        if answer[0] in owners and len(found) == 1 and "" not in found
        and any(other != found for (choice, _), other in statuses.items() if choice == answer[0])
    }  # fmt: skip


def _standing(frame: pd.DataFrame, statuses: Mapping[str, str]) -> pd.DataFrame:
    """Return rows that are left open whether they are planned with what has been answered."""
    if not statuses:
        return frame
    known = frame["programme_id"].map(statuses)
    return frame.assign(status=frame["status"].where((frame["status"] != "open") | known.isna(), known))


def _agrees(when: str, answers: Answers) -> bool:
    return all(answers.get(choice, reading) == reading for choice, reading in parse_when(when).items())


def _read(frame: pd.DataFrame, answers: Answers, register: Readings) -> pd.DataFrame:
    """Return the estimates that agree with the answers, which then are no readings any more."""
    kept, left, default = {}, {}, {}
    for text in frame["reading"].unique():
        readings = parse_when(text)
        open_ones = {choice: reading for choice, reading in readings.items() if choice not in answers}
        kept[text] = _agrees(text, answers)
        left[text], default[text] = format_when(open_ones), register.is_default(open_ones)
    frame = frame[frame["reading"].map(kept).astype(bool)]
    texts = frame["reading"]
    return frame.assign(reading=texts.map(left).astype("str"), is_default=texts.map(default).astype(bool))
