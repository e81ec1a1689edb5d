"""Checks of codings: every one can be computed, and no two answer the same question."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount, ExpressionError
from analysis.evidence.checks.problems import Problem, RawData, RawRow, file_of
from analysis.evidence.checks.readings import unknown_figures
from analysis.evidence.occasions import Documents, Version, join_linked, overlap
from analysis.evidence.register import (
    MEASURES,
    OPEN_YEAR,
    computed_readings,
    evaluate_coding,
    parse_when,
)
from analysis.evidence.schema import DIMENSIONS

# Every combination is computed, and a derived measure has those of two measures.
MOST_COMBINATIONS = 64
DIVISORS = {measure.divisor for measure in MEASURES.values()}
Conditioned = tuple[RawRow, dict[str, str]]
"""A coding and the readings under which it holds."""
CODED = [code for code, measure in MEASURES.items() if not measure.derived]


def forms(data: RawData) -> Iterator[Problem]:
    """Yield the codings of no measure that takes codings, and those with neither or both of two cells."""
    for row in data.rows["codings"]:
        if row["measure"] not in CODED:
            computed = row["measure"] in MEASURES
            remedy = "remove the row: it is computed from other measures" if computed else "correct the code"
            yield row.problem("unknown-code", "measure", f"one of {', '.join(CODED)}", remedy)
        if bool(row["numerator"]) == bool(row["absence"]):
            expected = "either a numerator or an absence"
            yield row.problem("coding-value", "numerator", expected, "fill in one of the two cells")
        if row["denominator"] and not row["numerator"]:
            expected = "a numerator that it divides"
            yield row.problem("coding-value", "denominator", expected, "fill it in, or empty this cell")


def conditions(data: RawData) -> Iterator[Problem]:
    """Yield the conditions that no reading can meet, and codings of one cell that hold together."""
    owners = {row["choice_id"]: row["programme_id"] for row in data.rows["choices"]}
    cells: dict[tuple[str, ...], list[tuple[RawRow, dict[str, str]]]] = defaultdict(list)
    for row in data.rows["codings"]:
        try:
            when = parse_when(row["when"])
        except ValueError:
            expected = "choice=reading, or several of them joined by a semicolon"
            yield row.problem("coding-when", "when", expected, "correct the cell")
            continue
        if len(when) <= row["when"].count(";") and row["when"]:
            yield row.problem("coding-when", "when", "each choice once", "correct the cell")
        for pair in when.items():
            yield from _condition(row, pair, data.readings, owners)
        others = cells[(row["programme_id"], row["measure"], *(row[name] for name in DIMENSIONS))]
        for other, condition in others:
            if all(condition.get(choice, reading) == reading for choice, reading in when.items()) and not (
                _stand_beside(row, other, data.documents) and when.keys().isdisjoint(condition)
            ):
                expected = (
                    f"a reading under which line {other.line}, which codes the same measure, does not hold"
                )
                yield row.problem("coding-twice", "when", expected, "tell the two apart, or remove one")
                break
        others.append((row, when))
    for found in cells.values():
        # Only those that share a choice are crossed.
        for edition in join_linked(found, lambda one, other: not one[1].keys().isdisjoint(other[1])):
            yield from _too_many(edition, data.readings)
    for rows in _by_definition(data, cells.values()).values():
        yield from _too_many(rows, data.readings)


def _by_definition(data: RawData, cells: Iterable[Iterable[Conditioned]]) -> dict[str, list[Conditioned]]:
    """Return the codings of each measure that hold under definitions: a comparison is made under each."""
    analysts = {row["choice_id"] for row in data.rows["choices"] if row["kind"] == "definitional"}
    found: dict[str, list[Conditioned]] = defaultdict(list)
    for row, when in chain.from_iterable(cells):
        if defined := {choice: reading for choice, reading in when.items() if choice in analysts}:
            found[row["measure"]].append((row, defined))
    return found


def _stand_beside(row: RawRow, other: RawRow, documents: Documents) -> bool:
    """Return whether two codings of one cell are of different documents, or of different years of one."""
    one, two = (documents.of(_named(each)) for each in (row, other))
    if one and two and one.isdisjoint(two):
        return True
    years, beside = (documents.dated(_numerator(each)) for each in (row, other))
    return bool(years and beside and not overlap(years, beside))


def contradictions(data: RawData, found: Iterable[Sequence[Version]]) -> Iterator[Problem]:
    """Yield a note on each pair of documents that print different values for one cell and year.

    It is no fault: each document is a reading, and spans show both.
    """
    rows = {row["coding_id"]: row for row in data.rows["codings"]}
    printed = {row["figure_id"]: row["printed"] for row in data.rows["figures"]}
    for first, *others in found:
        row, numeral = rows[first.codings[0].coding_id], _numerals(first, printed)
        for other in others:
            line = rows[other.codings[0].coding_id].line
            expected = (
                f"{_numerals(other, printed)} of {', '.join(other.sources)}, as line {line} has it for the "
                "same thing and year"
            )
            remedy = "correct the figure that is copied wrongly, or keep both: each is a reading"
            own = f"{numeral} of {', '.join(first.sources)}"
            yield replace(row.problem("contradiction", "numerator", expected, remedy), value=own)


def _numerals(version: Version, printed: Mapping[str, str]) -> str:
    return ", ".join(repr(printed[name]) for name in version.figures)


def _too_many(
    found: list[tuple[RawRow, dict[str, str]]], readings: Mapping[str, list[str]]
) -> Iterator[Problem]:
    """Yield the fault of a measure whose choices have more combinations than anybody could look at."""
    choices = {choice for _, when in found for choice in when}
    combinations = math.prod(max(len(readings.get(choice, [])), 1) for choice in choices)
    if combinations > MOST_COMBINATIONS:
        expected = (
            f"at most {MOST_COMBINATIONS} combinations of readings of one measure, not {combinations:,}"
        )
        remedy = f"decide some of its {len(choices)} choices, or give them fewer readings"
        yield found[-1][0].problem("coding-when", "when", expected, remedy)


def _condition(
    row: RawRow, pair: tuple[str, str], readings: Mapping[str, list[str]], owners: Mapping[str, str]
) -> Iterator[Problem]:
    choice, reading = pair
    found = "=".join(pair)
    if reading not in readings.get(choice, []):
        expected = f"a choice and a reading of {file_of('readings')}"
        yield row.problem("dangling-id", "when", expected, "correct it, or add the row there", found)
    elif computed_readings(choice):
        expected = "no such condition: the suite computes every reading of this choice"
        yield row.problem("coding-when", "when", expected, "remove it", found)
    elif owners.get(choice) not in ("", row["programme_id"]):
        expected = f"a choice of {row['programme_id']}, or one for all programmes"
        yield row.problem("coding-when", "when", expected, "correct it", found)


def amounts(data: RawData) -> Iterator[Problem]:
    """Yield the codings whose arithmetic cannot be computed, or gives no value that the measure can have."""
    without_choice: set[str] = set()
    for row in data.rows["codings"]:
        if row["measure"] not in CODED or not row["numerator"]:
            continue
        problems = list(_figures(row, data))
        yield from problems
        if problems or not data.unreadable.isdisjoint(_named(row)):
            continue
        try:
            result = evaluate_coding(row["numerator"], row["denominator"], data.amounts)
        except (ExpressionError, units.UnitError) as error:
            expected = "arithmetic over figure ids whose units go together"
            yield row.problem("arithmetic", "numerator", expected, f"correct it: {error}")
            continue
        yield from _impossible(row, result)
        for problem in _open_year(row, result, data):
            # Said once for all codings that need it.
            if problem.expected not in without_choice:
                without_choice.add(problem.expected)
                yield problem


def _named(row: RawRow) -> list[str]:
    cells = [row[column] for column in ("numerator", "denominator") if row[column]]
    return [figure_id for cell in cells for figure_id in arithmetic.figure_ids(cell)]


def _numerator(row: RawRow) -> list[str]:
    return arithmetic.figure_ids(row["numerator"]) if row["numerator"] else []


def _figures(row: RawRow, data: RawData) -> Iterator[Problem]:
    """Yield the ids that no figure of the programme has, and a numerator that names none at all."""
    if not arithmetic.figure_ids(row["numerator"]):
        expected = "at least one figure id"
        yield row.problem("arithmetic", "numerator", expected, "name the figures that the value rests on")
    for column in ("numerator", "denominator"):
        if not row[column]:
            continue
        yield from unknown_figures(row, column, row[column], data)
        for figure_id in dict.fromkeys(arithmetic.figure_ids(row[column])):
            # A programme that does not exist is reported with the source.
            owner = data.programmes.get(figure_id)
            if owner != row["programme_id"] and owner in data.known_programmes:
                expected = f"figures of {row['programme_id']}"
                yield row.problem("coding-figures", column, expected, "correct the id", figure_id)
            if figure_id in data.superseded:
                expected = "a figure that holds, and not one that a later document corrects"
                yield row.problem("superseded", column, expected, "name the figure in its note", figure_id)


def _impossible(row: RawRow, result: Amount) -> Iterator[Problem]:
    measure = MEASURES[row["measure"]]
    if not measure.allows(result.unit):
        expected = f"a result in {' or '.join(measure.shown_units)}, not in {result.unit}"
        yield row.problem("coding-unit", "numerator", expected, "use other figures or another measure")
    if not math.isfinite(result.value) or result.value < 0:
        expected = f"a result of zero or more, not {result.value:.12g}"
        yield row.problem("coding-result", "numerator", expected, "correct the arithmetic")
    elif result.value == 0 and row["measure"] in DIVISORS:
        expected = "a pay above zero, since others are divided by it"
        yield row.problem("coding-result", "numerator", expected, "correct it, or give the absence instead")


def _open_year(row: RawRow, result: Amount, data: RawData) -> Iterator[Problem]:
    """Yield the lack of the choice of the year that money dated to several years is of."""
    named = [data.years[figure_id] for figure_id in arithmetic.figure_ids(row["numerator"])]
    ends = sorted({end for years in named for end in years.split("/")})
    choice = OPEN_YEAR.id_for(row["programme_id"], f"{ends[0]}/{ends[-1]}")
    if result.unit.startswith("CNY") and all(named) and len(ends) > 1 and choice not in data.readings:
        expected = f"the choice {choice} in {file_of('choices')}, since the money is of {ends[0]}/{ends[-1]}"
        remedy = "add it with a reading for each of these years"
        yield row.problem("missing-choice", "numerator", expected, remedy)


def themes(data: RawData) -> Iterator[Problem]:
    """Yield the themes of coded measures that have no name."""
    named = {row["code"] for row in data.rows["terms"] if row["field"] == "theme"}
    coded = {row["measure"] for row in data.rows["codings"] if row["measure"] in CODED}
    for theme in dict.fromkeys(MEASURES[code].theme for code in CODED if code in coded):
        if theme not in named:
            expected = f"a row for the theme {theme}, of which measures are coded in {file_of('codings')}"
            yield Problem("missing-term", file_of("terms"), None, "code", "no such code", expected, "add it")


CHECKS: tuple[Callable[[RawData], Iterator[Problem]], ...] = (forms, themes, conditions, amounts)
