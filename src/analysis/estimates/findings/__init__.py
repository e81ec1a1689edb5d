"""What is worth saying of one place: findings, found in its estimates and figures, the most telling first.

A finding is a value: its kind, what it rests on, and how much it matters. Words are given to it by
``words.findings``. Nothing here is a claim that a feasible reading makes false: a finding carries all values
that its readings give, and the choices that it hangs on.
"""

from __future__ import annotations

from collections.abc import Iterable

from analysis.estimates.findings.finders import FINDERS
from analysis.estimates.findings.finding import AGAIN, AGAIN_OTHERWISE, HEADS, UNIT_COSTS, Finding, ends_of
from analysis.estimates.findings.place import Place
from analysis.evidence.dataset import Dataset

__all__ = [
    "HEADS",
    "UNIT_COSTS",
    "Finding",
    "Place",
    "again",
    "ends_of",
    "findings",
    "findings_of",
    "messages",
]


def findings(data: Dataset, programme: str) -> list[Finding]:
    """Return the findings on one programme, those that matter most first.

    >>> [found.topic for found in findings(data, "ludian")[:3]]
    ['yearly_pay', 'cost_per_venue', 'cost_per_venue']
    """
    return findings_of(data.once(Place, programme))


def findings_of(place: Place) -> list[Finding]:
    """Return the findings on a place, those that matter most first."""
    found = [each for find in FINDERS for each in find(place)]
    return sorted(found, key=lambda each: -each.weight)


def _said_again(finding: Finding, chosen: Iterable[Finding]) -> float:
    """Return what it costs a finding that others of its theme are said; of what is noted, only gaps cost."""
    if finding.note:
        return sum(AGAIN for each in chosen if each.kind == finding.kind == "gap")
    alike = (each.kind for each in chosen if each.theme == finding.theme)
    return sum(AGAIN if kind == finding.kind else AGAIN_OTHERWISE for kind in alike)


def _goes_with(each: Finding, first: Finding, topics: Iterable[str]) -> bool:
    alike = each.kind == first.kind or each.topic != first.topic or each.kind == "spread"
    return each.topic in topics and alike and each.kind not in ("gap", "plan")


COMPANIONS = {
    "yearly_pay": ("pay_to_rural_income", "yearly_pay"),
    "venues_upgraded": ("venues_covered",),
    "cost_per_venue": ("cost_per_venue", "total_spending"),
    "office_money": ("office_money",),
}
"""What may be said in one breath with a finding, by their topics."""


def messages(found: Iterable[Finding], number: int) -> list[list[Finding]]:
    """Return what to open with: each message is a finding, perhaps with one that goes with it.

    A theme that is said already matters less.
    """
    left, chosen = list(found), list[list[Finding]]()
    while left and len(chosen) < number:
        firsts = [message[0] for message in chosen]
        best = max(left, key=lambda each: each.weight - _said_again(each, firsts))
        topics = COMPANIONS.get(best.topic, ())
        beside = [each for each in left if each is not best and _goes_with(each, best, topics)][:2]
        chosen.append([best, *beside])
        left = [each for each in left if each is not best and each not in beside]
    return chosen


def again(found: Iterable[Finding], said: Iterable[Finding]) -> list[Finding]:
    """Return of the findings found those that are of the same things as others, each once, in their order."""
    left, same = list(found), list[Finding]()
    for finding in said:
        alike = [each for each in left if any(finding.likeness(each))]
        # Figures of several rates may come to be of several measures, each with a finding of its own.
        taken = alike if finding.topic == "rate" else sorted(alike, key=finding.likeness)[-1:]
        same += taken
        left = [each for each in left if each not in taken]
    return same
