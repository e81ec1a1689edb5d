"""Findings as what a place did: clauses of a headline, true under every reading.

A number stands in a clause only where a message would say no more than that number.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.estimates.findings import Finding
from analysis.words.findings.pieces import Pieces
from analysis.words.findings.sentences import PLANNED, branch_counts, problems, rises, venues


def clause(pieces: Pieces, finding: Finding) -> str:
    """Return a finding as a clause without a subject; empty where it is nothing to open with."""
    writer = _CLAUSES.get((finding.kind, finding.topic))
    return writer(pieces, finding) if writer else ""


def _unit_cost(pieces: Pieces, finding: Finding) -> str:
    row = finding.default
    _, over = pieces.place.parts(row)
    if over is None or finding.status == "open" or len({each.value for each in finding.estimates}) > 1:
        return ""
    planned = "_planned" if finding.status in PLANNED else ""
    things = pieces.labels.text.rules.plural(pieces.labels.term("object", row.object))
    return pieces.say(f"clause_works_{row.works or 'none'}{planned}", things=things)


def _pay_change(pieces: Pieces, finding: Finding) -> str:
    before, after = rises(finding)[0]
    times = after.value / before.value
    key = next((name for least, name in _TIMES if times >= least), "")
    if times <= 1 or finding.choices:
        return ""
    share = pieces.labels.text.share(round(times - 1, 2))
    return pieces.say(f"clause_pay_{key or 'share'}", who=pieces.who(after), share=share)


_TIMES = (
    (4.05, "many"),
    (3.05, "more_than_tripled"),
    (2.95, "tripled"),
    (2.05, "more_than_doubled"),
    (1.95, "doubled"),
)


def _pay(pieces: Pieces, finding: Finding) -> str:
    places = dict.fromkeys(pieces.labels.term("place", row.place) for row in finding.estimates)
    named = pieces.labels.text.listing(filter(None, places))
    return pieces.say("clause_pay" if named else "clause_pay_any", places=named)


def _branches(pieces: Pieces, finding: Finding) -> str:
    gone, new = branch_counts(finding)
    if gone.value == new.value:
        return ""
    some = "" if gone.lower == gone.upper else "_some"
    return pieces.say(f"clause_branches_{'more' if gone.value > new.value else 'fewer'}{some}")


def _problems(pieces: Pieces, finding: Finding) -> str:
    return problems(pieces, finding, "clause_problems")


def _venues(pieces: Pieces, finding: Finding) -> str:
    return pieces.say(f"clause_venues_{finding.status}", things=venues(pieces, finding))


def _of_status(pieces: Pieces, finding: Finding) -> str:
    things = pieces.things(finding.default, finding.default.amount)
    return pieces.say(f"clause_rectified_{finding.status}", things=things)


def _trained(pieces: Pieces, finding: Finding) -> str:
    return pieces.say("clause_trained", people=pieces.people(finding.default.amount))


def _figure(pieces: Pieces, finding: Finding) -> str:
    figure = pieces.place.figures[finding.figure_ids[0]]
    key = f"clause_figure_{finding.status}" if finding.status in PLANNED else "clause_figure"
    return pieces.say(key, things=pieces.figure(figure))


_CLAUSES: dict[tuple[str, str], Callable[[Pieces, Finding], str]] = {
    ("unit_cost", "cost_per_venue"): _unit_cost,
    ("unit_cost", "collective_support"): _unit_cost,
    ("change", "yearly_pay"): _pay_change,
    ("level", "yearly_pay"): _pay,
    ("level", "branches_dissolved"): _branches,
    ("level", "problems_per_village"): _problems,
    ("level", "venues_upgraded"): _venues,
    ("level", "organisations_rectified"): _of_status,
    ("level", "people_trained"): _trained,
    ("level", "figure"): _figure,
}
