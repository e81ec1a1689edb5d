"""The closed vocabulary of units: what a figure is counted in, and how units divide.

A unit code is one to three atoms joined by ``/``: ``CNY``, ``CNY/venue``, ``CNY/person/month``.
Values in the tables are always in these base units (元 and never 万元, a share as a fraction).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Dimension = Literal["money", "count", "area", "time", "ratio"]


@dataclass(frozen=True)
class Unit:
    """One atom of the vocabulary.

    ``meaning`` is what it counts; ``printed`` are the words that stand for this unit in a source (a
    classifier such as 个 stands for many units, so it is listed under each). What readers see is in
    the catalogues.
    """

    code: str
    dimension: Dimension
    meaning: str
    printed: tuple[str, ...]


def _count(code: str, meaning: str, *printed: str) -> Unit:
    return Unit(code, "count", meaning, printed)


_ATOMS = (
    Unit("CNY", "money", "yuan", ("元", "块", "圆", "人民币", "")),
    Unit("m2", "area", "m²", ("平方米", "㎡", "m2", "m²", "平米")),
    Unit("share", "ratio", "", ("%", "‰")),
    Unit("ratio", "ratio", "", ("倍",)),
    Unit("year", "time", "years", ("年", "周年", "年度")),
    Unit("month", "time", "months", ("个月", "月")),
    Unit("week", "time", "weeks", ("周", "个星期", "星期")),
    Unit("day", "time", "days", ("天", "日")),
    _count("person", "people", "人", "名", "位", "个", "个人", "员"),
    _count("person-time", "person-times", "人次"),
    _count("household", "households", "户"),
    _count("venue", "venues", "个", "处", "座", "所"),
    _count("facility", "facilities", "个", "处", "座", "所"),
    _count("building", "buildings", "幢", "栋", "座"),
    _count("branch", "Party branches", "个"),
    _count("organisation", "organisations", "个"),
    _count("village", "villages", "个", "村"),
    _count("community", "communities", "个"),
    _count("village-or-community", "villages and communities", "个"),
    _count("project", "projects", "个", "项"),
    _count("post-type", "kinds of post", "类", "种"),
    _count("document", "documents", "份", "个", "项", "本", "篇"),
    _count("copy", "copies", "本", "册", "份"),
    _count("measure", "measures", "条", "项", "个"),
    _count("area-of-work", "areas of work", "个方面", "方面", "项", "个", "项工作"),
    _count("case", "cases", "起", "件", "个"),
    _count("service", "services", "件"),
    _count("problem", "problems", "个", "项", "条"),
    _count("session", "sessions", "场次", "场", "期"),
    _count("occasion", "occasions", "次", "回"),
    _count("issue", "issues", "期"),
    _count("course", "courses", "期"),
    _count("skill", "skills", "门"),
    _count("road", "roads", "条"),
)

UNITS: dict[str, Unit] = {unit.code: unit for unit in _ATOMS}
TIME_ATOMS = ("year", "month")


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
