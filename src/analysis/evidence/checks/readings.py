"""Checks of choices and readings, and of the arithmetic that a text implies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.checks.problems import Problem, RawData, RawRow, codes, file_of, is_true, listing
from analysis.evidence.register import ANNUALISATION, CONTRADICTION, computed_readings, parse_when


def choices(data: RawData) -> Iterator[Problem]:
    """Yield the choices that cannot be computed with: readings missing, no default, used by nothing."""
    used = _used_choices(data)
    defaults = Counter(row["choice_id"] for row in data.rows["readings"] if is_true(row["is_default"]))
    for row in data.rows["choices"]:
        choice, readings = row["choice_id"], data.readings[row["choice_id"]]
        found = f"{choice}: {', '.join(readings) or 'no reading'}"
        computed = computed_readings(choice)
        if computed and set(readings) != set(computed):
            expected = f"the readings {listing(computed)}, which the suite computes"
            yield row.problem("choice", "choice_id", expected, f"correct {file_of('readings')}", found)
        elif len(readings) < 2:
            remedy = f"add them to {file_of('readings')}, or remove the choice"
            yield row.problem("choice", "choice_id", "two readings or more", remedy, found)
        if CONTRADICTION.owns(choice):
            expected = "another name, since the suite asks itself which of two documents is right"
            yield row.problem("choice", "choice_id", expected, "rename the choice")
        if defaults[choice] != 1:
            found = f"{choice}: {defaults[choice]} defaults"
            remedy = f"correct is_default in {file_of('readings')}"
            yield row.problem("choice", "choice_id", "one reading that is the default", remedy, found)
        if not computed and choice not in used:
            expected = "a choice that a coding or a value of a regional series names in its column when"
            yield row.problem("unused-choice", "choice_id", expected, "name it there, or remove the choice")


def _used_choices(data: RawData) -> set[str]:
    used: set[str] = set()
    for row in (*data.rows["codings"], *data.rows["regional_series"]):
        try:
            used |= set(parse_when(row["when"]))
        except ValueError:  # reported with the row
            continue
    return used


def annualisation(data: RawData) -> Iterator[Problem]:
    """Yield the lack of the choice that every monthly rate is computed under."""
    choice = ANNUALISATION
    if choice.name not in data.ids("choices", "choice_id"):
        expected = f"the choice {choice.name} with the readings {listing(choice.readings)}"
        remedy = f"restore its row, and its readings in {file_of('readings')}"
        file = file_of("choices")
        yield Problem("missing-choice", file, None, "choice_id", "no such choice", expected, remedy)


def unknown_figures(row: RawRow, column: str, expression: str, data: RawData) -> Iterator[Problem]:
    """Yield the ids in the arithmetic of a cell that no figure has."""
    for figure_id in dict.fromkeys(arithmetic.figure_ids(expression)):
        if figure_id not in data.programmes:
            expected = f"figure ids of {file_of('figures')}, with + - * between spaces"
            yield row.problem("dangling-id", column, expected, "correct it, or add the row there", figure_id)


def readings(data: RawData) -> Iterator[Problem]:
    """Yield the readings whose arithmetic cannot be read, or fails without a reason or in a default."""
    for row in data.rows["readings"]:
        if not row["requires"]:
            continue
        try:
            left, relation, right = arithmetic.split_relation(row["requires"])
        except ValueError as error:
            yield row.problem("arithmetic", "requires", "a + b <= c over figure ids", f"correct it: {error}")
            continue
        feasible = yield from _holds(row, ("requires", "requires"), (left, relation, right), data)
        if feasible is False and is_true(row["is_default"]):
            expected = "false, since the arithmetic that the reading requires fails"
            yield row.problem("choice", "is_default", expected, "choose another default")
        if feasible is False and not row["reason"]:
            expected = "what rules the reading out, since the arithmetic that it requires fails"
            yield row.problem("choice", "reason", expected, "fill in the cell")


def identities(data: RawData) -> Iterator[Problem]:
    """Yield the identities that cannot be read, or add up otherwise than expected."""
    for row in data.rows["identities"]:
        if row["relation"] not in codes("identities", "relation"):
            continue
        statement = (row["left"], row["relation"], row["right"])
        holds = yield from _holds(row, ("left", "right"), statement, data)
        found = "holds" if holds else "fails"
        if (
            holds is not None
            and row["expected"] in codes("identities", "expected")
            and found != row["expected"]
        ):
            yield _unexpected(row, found, data.amounts)


def _holds(
    row: RawRow, columns: tuple[str, str], statement: tuple[str, str, str], data: RawData
) -> Generator[Problem, None, bool | None]:
    """Yield the faults of a statement, and return whether it holds: ``None`` where that is not known."""
    left, relation, right = statement
    for column, side in zip(columns, (left, right), strict=True):
        yield from unknown_figures(row, column, side, data)
    named = {*arithmetic.figure_ids(left), *arithmetic.figure_ids(right)}
    if not named <= data.amounts.keys():
        return None
    try:
        sides = [arithmetic.evaluate(side, data.amounts) for side in (left, right)]
        if not all(math.isfinite(side.value) for side in sides):
            raise arithmetic.ExpressionError("the result is too large")
        return arithmetic.holds(sides[0], relation, sides[1])
    except ValueError as error:
        expected = "arithmetic over figure ids whose units go together"
        yield row.problem("arithmetic", columns[0], expected, f"correct it: {error}", " ".join(statement))
        return None


def _unexpected(row: RawRow, found: str, amounts: Mapping[str, Amount]) -> Problem:
    left, right = (arithmetic.evaluate(row[side], amounts).value for side in ("left", "right"))
    remedy = {
        "fails": "correct the figure at fault, or set expected to fails and say in the note what it means",
        "holds": "set expected to holds",
    }[found]
    statement = f"{left:.12g} {row['relation']} {right:.12g}"
    expected = f"{found}, since {statement} " + ("is true" if found == "holds" else "is not true")
    return row.problem("identity", "expected", expected, remedy)


CHECKS: tuple[Callable[[RawData], Iterator[Problem]], ...] = (choices, annualisation, readings, identities)
