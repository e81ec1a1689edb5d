"""What two values that are known come to: differences, growths, multiples, shares."""

from __future__ import annotations

from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Known


def is_change_of(after: Known, before: Known) -> bool:
    """Return whether two values of a place are of one thing, after and before it changed."""
    stages = "after" in after.terms.get("stage", ()) and "before" in before.terms.get("stage", ())
    if not stages or after.amount.unit != before.amount.unit:
        return False
    if after.cell or before.cell:
        return after.cell[:-1] == before.cell[:-1]
    return bool(set(after.terms.get("post", ())) & set(before.terms.get("post", ()))) or (
        not after.terms.get("post") and after.terms.get("object") == before.terms.get("object")
    )


def of_one_measure(a: Known, b: Known) -> bool:
    return a.cell[:1] == b.cell[:1] != () and a.amount.unit == b.amount.unit


def are_alike(a: Known, b: Known) -> bool:
    """Return whether two values of two places are of the same thing."""
    return (
        bool(a.cell)
        and bool(b.cell)
        and a.cell[0] == b.cell[0]
        and a.cell[1] == b.cell[1]
        and same_kind(a, b)
    )


def relations_of(claim: Claim) -> tuple[str, ...]:
    """Return how a numeral may follow from two others, by how it is told."""
    if claim.relation:
        return (claim.relation,)
    if claim.numeral.fits("share"):
        return ("share",)
    return ("each",) if claim.each else (("difference",) if claim.compares else ())


def between(relation: str, a: float, b: float) -> tuple[float, ...]:
    """Return what two numbers come to, in both orders where that is not said."""
    if relation == "difference":
        return (a - b,)
    pairs = [(x, y) for x, y in ((a, b), (b, a)) if y]
    if relation == "growth":
        return tuple(x / y - 1 for x, y in pairs)
    ratios = tuple(x / y for x, y in pairs)
    return tuple(each for each in ratios if each < 1) if relation == "share" else ratios


def same_kind(a: Known, b: Known) -> bool:
    heads = [each.amount.unit.split("/")[0] for each in (a, b)]
    counts = not any(head in ("CNY", "share", "ratio") for head in heads)
    return (counts or heads[0] == heads[1]) and a.period == b.period


def relate(relation: str, first: Known, second: Known) -> float | None:
    a, b = first.amount.value, second.amount.value
    if relation == "difference":
        return a - b
    if not b:
        return None
    return a / b if relation == "multiple" else a / b - 1


def gap(relation: str, first: Known, second: Known) -> float:
    return first.amount.value - second.amount.value
