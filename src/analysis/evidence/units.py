"""The closed vocabulary of units, as units.csv lists them: what a figure is counted in, and how units divide.

A unit code is one to three atoms joined by ``/``: ``CNY``, ``CNY/venue``, ``CNY/person/month``.
Values in the tables are always in these base units (元 and never 万元, a share as a fraction).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Unit:
    """One atom of the vocabulary.

    ``dimension`` is money, count, area, length, mass, time or ratio; ``meaning`` is what it counts;
    ``printed`` are the words that stand for this unit in a source (a classifier such as 个 stands for many
    units, so it is listed under each). What readers see is in the catalogues.
    """

    code: str
    dimension: str
    meaning: str
    printed: tuple[str, ...]


def _read_units() -> dict[str, Unit]:
    with Path(__file__).with_name("units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: Unit(row["code"], row["dimension"], row["meaning"], tuple(row["printed"].split()))
        for row in rows
    }


UNITS: dict[str, Unit] = _read_units()
TIME_ATOMS = ("year", "month")
VILLAGES = ("village", "community", "village-or-community")
"""The units that count villages, communities, or both together."""


class UnitError(ValueError):
    """A unit code that is not in the vocabulary, or a division that has no meaning."""


@lru_cache(maxsize=1024)
def atoms(code: str) -> tuple[Unit, ...]:
    """Return the atoms of a unit code, numerator first.

    Raises ``UnitError`` naming the atom that is unknown, or a code of more than three atoms.
    """
    parts = code.split("/")
    unknown = [part for part in parts if part not in UNITS]
    if unknown or len(parts) > 3 or len(set(parts)) < len(parts):
        what = f"unknown atom {unknown[0]!r}" if unknown else "one to three different atoms are expected"
        raise UnitError(f"unit {code!r}: {what}; atoms are {', '.join(UNITS)}")
    return tuple(UNITS[part] for part in parts)


def time_of(code: str) -> str | None:
    """Return ``year`` or ``month`` when the unit is a rate over time, else ``None``."""
    return next((atom.code for atom in atoms(code)[1:] if atom.code in TIME_ATOMS), None)


def is_rate(code: str) -> bool:
    """Return whether a unit is one of a rate, which does not grow with the size of a place."""
    head, *rest = atoms(code)
    return head.dimension == "ratio" or any(atom.code not in TIME_ATOMS for atom in rest)


def without_time(code: str) -> str:
    """Return the unit without its time atom: ``CNY/person/month`` gives ``CNY/person``."""
    head, *rest = atoms(code)
    return "/".join([head.code, *(atom.code for atom in rest if atom.code not in TIME_ATOMS)])


def divide(numerator: str, denominator: str) -> str:
    """Return the unit of a quotient: ``CNY`` by ``venue`` is ``CNY/venue``.

    The same unit on both sides gives ``ratio``. A time atom of the numerator stays last.
    Raises ``UnitError`` where the result would not be in the vocabulary.
    """
    if numerator == denominator:
        return "ratio"
    if "/" in denominator:
        raise UnitError(
            f"cannot divide {numerator!r} by the rate {denominator!r}; divide by a count or an area"
        )
    head, *rest = (atom.code for atom in atoms(numerator))
    times = [part for part in rest if part in TIME_ATOMS]
    others = [part for part in rest if part not in TIME_ATOMS]
    code = "/".join([head, *others, denominator, *times])
    atoms(code)
    return code


def multiply(left: str, right: str) -> str:
    """Return the unit of a product: ``CNY/village`` by ``village`` is ``CNY``.

    Rates are chained: ``CNY/a/year`` by ``a/b`` is ``CNY/b/year``. Raises ``UnitError`` where neither factor
    cancels a denominator of the other.
    """
    for rate, factor in ((left, right), (right, left)):
        head, *rest = rate.split("/")
        counted, *per = factor.split("/")
        if counted in rest:
            rest[rest.index(counted) : rest.index(counted) + 1] = per
            code = "/".join([head, *rest])
            atoms(code)
            return code
    raise UnitError(f"cannot multiply {left!r} by {right!r}: one must be a rate per the other")
