"""In what a claim and a value that is known may differ: kind of thing, unit, qualifier, size."""

from __future__ import annotations

import math

from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Known

WIDE = {
    "village_or_community": ("village", "community"),
    "county": ("village", "community", "village_or_community"),
}
"""What a code may be told as: a total of a county, as what its villages get together."""


def terms_hold(claim: Claim, known: Known) -> bool:
    names = ("works", "place", "post") if claim.total else ("object", "works", "place", "post")
    return all(codes_meet(claim.terms.get(name), known.terms.get(name)) for name in names)


def codes_meet(claimed: frozenset[str] | None, known: frozenset[str] | None) -> bool:
    """Return whether codes agree; what one side does not say agrees, and both kinds of place are either."""
    if not claimed or not known:
        return True
    wide = WIDE | ({"mixed": {"new", "upgraded"}} if len(claimed) > 1 else {})
    wider = set(known).union(*(wide.get(code, ()) for code in known))
    asked = set(claimed).union(*(wide.get(code, ()) for code in claimed))
    return bool(wider & asked)


def may_count(claim: Claim, known: Known) -> bool:
    """Return whether a numeral may be of a unit: one without any counts things, if it is small."""
    fits = claim.numeral.fits(known.amount.unit)
    return (
        fits is True
        or is_part(claim, known)
        or (
            fits is None
            and (claim.numeral.distinctive or not known.amount.unit.startswith(("CNY", "share", "ratio")))
        )
    )


def unit_holds(claim: Claim, known: Known, score: float) -> bool:
    fits = claim.numeral.fits(known.amount.unit)
    if fits is None or is_part(claim, known):
        counted = not known.amount.unit.startswith(("CNY", "share", "ratio"))
        return (counted or claim.numeral.distinctive) and score > 0
    if not known.amount.unit.startswith("CNY"):
        return fits and not (claim.total and known.is_rate)
    return (
        fits
        and not (claim.each and not known.is_rate)
        and not (claim.total and known.is_rate and not known.period)
    )


def is_part(claim: Claim, known: Known) -> bool:
    """Return whether a share is told of a count for each of another: 48 of 103 villages."""
    return bool(claim.numeral.fits("share")) and known.is_rate and not known.amount.unit.startswith("CNY")


def qualifier_holds(claim: Claim, known: Known, place: int) -> bool:
    """Return whether what is said to be near, above or below a number is so."""
    amount, said, number = known.amount, claim.qualifier, claim.numeral.values[place]
    value = amount.value
    if amount.lower == value == amount.upper:
        same = math.isclose(value, number)
        above, below = value > number and not same, value < number and not same
        return {
            "nearly": below,
            "above": above,
            "least": above or same,
            "below": below,
            "most": below or same,
        }.get(said, True)
    printed = getattr(known.row, "qualifier", "")
    if said == "approximately" or printed in ("exact", "approximately"):
        return True
    if printed == "nearly" or amount.upper == value:
        return said in ("nearly", "below", "most")
    if math.isinf(amount.upper) or (amount.unit == "share" and amount.upper == 1):
        return said in ("above", "least")
    return True


def stands_for(claim: Claim, place: int, value: float) -> bool:
    """Return whether a numeral may stand for a value: rounded to it, or near it as it says."""
    numeral = claim.numeral
    if numeral.equals(place, value) or (not place and comes_near(claim, value)):
        return True
    return claim.qualifier not in ("", "approximately") and (
        abs(numeral.values[place] - value) <= 2 * numeral.tolerances[place] and numeral.values[place] >= 1000
    )


def comes_near(claim: Claim, value: float) -> bool:
    """Return whether a numeral is a value, or with its qualifier stands for it: more than four for 4.3."""
    if not claim.numeral.values or claim.numeral.equals(0, value):
        return bool(claim.numeral.values)
    said, size = claim.numeral.values[0], abs(value)
    gap = size - said
    if claim.qualifier in ("", "approximately"):
        return bool(claim.qualifier) and abs(gap) <= (0.05 if size < 100 else 0.01) * size
    near = abs(gap) < 1 if 1 < size < 100 else abs(gap) <= 0.03 * size
    return near and (gap > 0) == (claim.qualifier in ("above", "least"))
