"""A sentence for each topic of a finding; what has none of its own is said by its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.estimates.findings import HEADS, Finding, ends_of
from analysis.estimates.measures import Estimate
from analysis.evidence.arithmetic import Amount
from analysis.evidence.register import SUBSIDY
from analysis.evidence.rows import Figure, Identity, group_by, rows_of
from analysis.words.findings.pieces import Pieces, inside

MOST_NUMBERS = 3
"""More numbers than these nobody holds in mind at the end of a sentence."""
PLANNED = ("planned", "open")


def sentence(pieces: Pieces, finding: Finding) -> str:
    """Return a finding in a sentence, with what it hangs on."""
    writer = _OF_TOPIC.get((finding.kind, finding.topic)) or _OF_KIND[finding.kind]
    return writer(pieces, finding)


def _unit_cost(pieces: Pieces, finding: Finding) -> str:
    row, (low, high) = finding.default, finding.ends
    amount, over = pieces.place.parts(row)
    if over is None:
        return _rates(pieces, finding)
    if low < high and len({each.value for each in finding.estimates}) > 1:
        alike = len({each.works for each in finding.estimates}) == 1
        thing = pieces.thing(row if alike else row._replace(works=""))
        said = pieces.say("unit_cost_range", thing=thing, low=pieces.money(low), high=pieces.money(high))
    else:
        one = "_one" if over.value == 1 else ""
        status = f"_{finding.status}" if finding.status in PLANNED else ""
        said = pieces.say(
            f"unit_cost{one}{status}",
            thing=pieces.thing(row),
            amount=pieces.amount(amount),
            things=pieces.things(row, over),
            each=pieces.amount(row.amount, "CNY"),
            classifier=pieces.classifier(over.unit),
        )
    return pieces.unsaid(said, finding)


def _rates(pieces: Pieces, finding: Finding) -> str:
    shown = sorted(finding.estimates, key=lambda row: -row.value)[:MOST_NUMBERS]
    alike = group_by(shown, lambda row: (pieces.amount(row.amount, "CNY"), row.unit.split("/")[1]))
    rates = (
        pieces.say(
            "rate", thing=pieces.labels.text.either(map(pieces.thing, rows)), amount=amount,
            classifier=pieces.classifier(unit),
        )
        for (amount, unit), rows in alike.items()
    )  # fmt: skip
    key = "rates_subsidy" if finding.default.funder == SUBSIDY else "rates"
    return pieces.unsaid(pieces.say(key, rates=pieces.labels.clauses(rates)), finding)


def rises(finding: Finding) -> list[tuple[Estimate, Estimate]]:
    """Return before and after of each thing that rose, the first thing of the finding first."""
    groups = group_by(finding.estimates, lambda row: (row.object, row.place, row.post)).values()
    stages = ({row.stage: row for row in reversed(rows)} for rows in groups)
    return [(found["before"], found["after"]) for found in stages]


def _pay_change(pieces: Pieces, finding: Finding) -> str:
    first = rises(finding)[0]
    said = pieces.say("pay_change", who=pieces.who(first[1]), **_rise(pieces, *first))
    return pieces.unsaid(said, finding)


def _pay_spread(pieces: Pieces, finding: Finding) -> str:
    most = rises(finding)[0]
    post = pieces.labels.term("post", most[1].post)
    return pieces.unsaid(pieces.say("pay_change_most", post=post, **_rise(pieces, *most)), finding)


def _rise(pieces: Pieces, before: Estimate, after: Estimate) -> dict[str, str]:
    """Return the two amounts as they are printed, by the month or by the year."""
    amounts = [pieces.place.parts(row)[0] for row in (before, after)]
    period = amounts[1].unit.split("/")[-1]
    first, last = pieces.labels.text.rise(amounts[0].value, amounts[1].value)
    return {"before": first, "after": last, "period": pieces.say(f"period_{period}")}


def _money_change(pieces: Pieces, finding: Finding) -> str:
    before, after = rises(finding)[0]
    said = pieces.say(
        "money_change", thing=pieces.labels.term("object", after.object),
        place=pieces.labels.term("place", after.place), **_rise(pieces, before, after),
    )  # fmt: skip
    return pieces.unsaid(said, finding)


def _pay(pieces: Pieces, finding: Finding) -> str:
    places = list(group_by(finding.estimates, lambda row: row.place).values())[:2]
    found = []
    for number, rows in enumerate(places):
        by_post = group_by(rows, lambda row: row.post)
        posts = sorted(by_post, key=HEADS.index)
        amounts = [_span(pieces, by_post[post]) for post in posts]
        more = "_again" if number else "_subsidy" if pieces.is_subsidy(rows) else ""
        key = ("pay_two" if len(posts) == 2 else "pay_one") + more
        names = {"first": pieces.who(by_post[posts[0]][0]), "other": pieces.labels.term("post", posts[-1])}
        place = pieces.labels.term("place", rows[0].place)
        found.append(pieces.say(key, place=place, **names, amount=amounts[0], other_amount=amounts[-1]))
    *before, last = found
    return pieces.labels.sentences([*map(pieces.unsaid, before), pieces.unsaid(last, finding)])


def _span(pieces: Pieces, rows: Sequence[Estimate]) -> str:
    """Return an amount of money with its span over readings."""
    low, high = ends_of(rows)
    return pieces.labels.text.span(low, high) if low < high else pieces.money(low)


def _pay_to_income(pieces: Pieces, finding: Finding) -> str:
    low, high = (pieces.labels.text.number(end, 1) for end in finding.ends)
    key = "pay_to_income" if low == high else "pay_to_income_range"
    places = {row.place for row in pieces.place.of("yearly_pay") if row.has_value}
    # Where all are paid in one kind of place its name is no news.
    who = pieces.who(finding.default) if len(places) > 1 else pieces.labels.term("post", finding.default.post)
    said = pieces.say(key, who=who, low=low, high=high)
    return pieces.unsaid(said, None if low == high else finding)


def _branches(pieces: Pieces, finding: Finding) -> str:
    gone, new = branch_counts(finding)
    key = "branches" if gone.lower == gone.upper else "branches_some"
    said = pieces.say(
        key, gone=pieces.labels.text.number(gone.value), new=pieces.labels.text.number(new.value)
    )
    return pieces.unsaid(said, finding)


def branch_counts(finding: Finding) -> tuple[Amount, Amount]:
    """Return how many branches were dissolved, bounded over all readings, and how many founded."""
    gone = [row for row in finding.estimates if row.measure == "branches_dissolved"]
    new = next(row for row in finding.estimates if row.measure == "branches_established")
    low = min(row.lower for row in gone)
    return Amount(gone[0].value, low, max(row.upper for row in gone), gone[0].unit), new.amount


def _problems(pieces: Pieces, finding: Finding) -> str:
    return pieces.unsaid(problems(pieces, finding, "problems"), finding)


def problems(pieces: Pieces, finding: Finding, key: str) -> str:
    """Return how many problems were found where, and how many measures follow, if that is said."""
    found, villages = pieces.place.parts(finding.default)
    values = {"found": pieces.number(found), "villages": pieces.whole(finding.default) if villages else ""}
    key += "_found" if finding.status == "reported" else "_assigned"
    for row in pieces.place.of("measures_per_problem"):
        if row.has_value:
            measures = pieces.number(pieces.place.parts(row)[0])
            return pieces.say(f"{key}_measures", **values, measures=measures)
    return pieces.say(key, **values)


def _venues(pieces: Pieces, finding: Finding) -> str:
    return pieces.unsaid(pieces.say(f"venues_{finding.status}", things=venues(pieces, finding)), finding)


def venues(pieces: Pieces, finding: Finding) -> str:
    """Return the things that a finding counts, those of one kind with the span over their readings."""
    shown = []
    for rows in group_by(finding.estimates, lambda row: (row.object, row.works, row.place)).values():
        low, high = ends_of(rows)
        row = rows[0]
        if low < high and rows[0].lower == rows[0].upper:
            ends = (pieces.labels.text.count(low), pieces.labels.text.count(high))
            thing = pieces.labels.text.rules.plural(pieces.labels.term("object", row.object))
            shown.append(
                pieces.say(
                    "counted_between", low=ends[0], high=ends[1],
                    thing=pieces.with_works(row, thing), classifier=pieces.classifier(row.unit),
                )
            )  # fmt: skip
        else:
            shown.append(pieces.things(row, row.amount))
    return pieces.labels.text.listing(shown[:MOST_NUMBERS])


def _set_up(pieces: Pieces, finding: Finding) -> str:
    return pieces.unsaid(pieces.say(f"set_up_{finding.status}", things=venues(pieces, finding)), finding)


def _covered(pieces: Pieces, finding: Finding) -> str:
    low, high = (round(end, 2) for end in finding.ends)
    share = pieces.labels.text.span(low, high, "share")
    said = pieces.say(f"venues_covered_{finding.status}", share=share, whole=pieces.whole(finding.default))
    return pieces.unsaid(said)


def _of_status(key: str) -> Callable[[Pieces, Finding], str]:
    """Return a writer of how many things were, are to be, or may have been dealt with."""

    def write(pieces: Pieces, finding: Finding) -> str:
        things = pieces.things(finding.default, finding.default.amount)
        return pieces.unsaid(pieces.say(f"{key}_{finding.status}", things=things), finding)

    return write


def _total(pieces: Pieces, finding: Finding) -> str:
    row = finding.default
    key = "total_planned" if finding.status in PLANNED else "total"
    thing = pieces.with_works(row, pieces.labels.text.rules.plural(pieces.labels.term("object", row.object)))
    said = pieces.say(key, amount=pieces.amount(row.amount), thing=thing)
    return pieces.unsaid(said, finding)


def _office_money(pieces: Pieces, finding: Finding) -> str:
    row = finding.default
    place = pieces.labels.term("place", row.place)
    return pieces.unsaid(
        pieces.say("office_money", place=place, amount=pieces.amount(row.amount, "CNY")), finding
    )


def _income_share(pieces: Pieces, finding: Finding) -> str:
    limits = [row for row in pieces.place.of("collective_income") if row.has_value]
    if not limits:
        return _level(pieces, finding)
    share = pieces.say("amount_at_least", amount=pieces.labels.text.share(finding.ends[0]))
    key = f"income_share_{finding.status if finding.status in PLANNED else 'reported'}"
    said = pieces.say(key, share=share, limit=pieces.money(limits[0].value))
    return pieces.unsaid(said, finding)


def _weak_villages(pieces: Pieces, finding: Finding) -> str:
    row = finding.default
    number = pieces.number(pieces.place.parts(row)[0])
    return pieces.unsaid(pieces.say("weak_villages", number=number, whole=pieces.whole(row)), finding)


def _people(pieces: Pieces, finding: Finding) -> str:
    rows = finding.estimates[:MOST_NUMBERS]
    things = pieces.labels.text.listing(pieces.things(row, pieces.place.parts(row)[0]) for row in rows)
    said = pieces.say("people_per_village", things=things, whole=pieces.whole(finding.default))
    return pieces.unsaid(said, finding)


def _printed_rates(pieces: Pieces, finding: Finding) -> str:
    rates = (
        pieces.say("printed_rate", subject=pieces.subject(figure), amount=pieces.money(figure.value))
        for figure in map(pieces.place.figures.__getitem__, finding.figure_ids[:MOST_NUMBERS])
    )
    return pieces.unsaid(pieces.say("printed_rates", rates=pieces.labels.text.listing(rates)))


def _trained(pieces: Pieces, finding: Finding) -> str:
    if len(finding.figure_ids) == 1:
        return _figure(pieces, finding)
    return pieces.unsaid(pieces.say("trained", people=pieces.people(finding.default.amount)), finding)


def _level(pieces: Pieces, finding: Finding) -> str:
    """Return a level that has no sentence of its own: by the subject of its one figure, or by its measure."""
    row = finding.default
    ids = finding.figure_ids
    if len(ids) == 1 and "/" not in row.unit and not row.unit.startswith("CNY") and row.unit != "share":
        return _figure(pieces, finding)
    value = pieces.labels.text.interval(row.value, row.lower, row.upper, row.unit)
    said = pieces.say("measure", measure=inside(pieces.labels.thing_of(row)), value=value)
    return pieces.unsaid(said, finding)


def _counts(pieces: Pieces, finding: Finding) -> str:
    """Return things of several kinds by the subjects of their figures, the most first."""
    figures = sorted(map(pieces.place.figures.__getitem__, finding.figure_ids), key=lambda each: -each.value)
    return counted_figures(pieces, figures[:MOST_NUMBERS], finding)


def counted_figures(pieces: Pieces, figures: Sequence[Figure], finding: Finding | None = None) -> str:
    """Return figures of one status in a sentence."""
    status = (finding or figures[0]).status
    key = f"figure_{status}" if status in PLANNED else "figure"
    things = pieces.labels.text.listing(map(pieces.figure, figures))
    return pieces.unsaid(pieces.say(key, things=things), finding)


def _figure(pieces: Pieces, finding: Finding) -> str:
    return counted_figures(pieces, [pieces.place.figures[finding.figure_ids[0]]], finding)


def _note(pieces: Pieces, finding: Finding) -> str:
    """Return what a curator has noted, which is a sentence."""
    return pieces.labels.of(pieces.place.codings[finding.note], "note")


def _identity(pieces: Pieces, finding: Finding) -> str:
    rows = rows_of(Identity, pieces.labels.data.tables["identities"], identity_id=finding.note)
    return pieces.labels.of(rows[0], "note")


_OF_KIND: dict[str, Callable[[Pieces, Finding], str]] = {
    "unit_cost": _unit_cost,
    "change": _money_change,
    "level": _level,
    "plan": _note,
    "gap": _note,
    "spread": _money_change,
    "tension": _identity,
}
_OF_TOPIC: dict[tuple[str, str], Callable[[Pieces, Finding], str]] = {
    ("change", "yearly_pay"): _pay_change,
    ("spread", "yearly_pay"): _pay_spread,
    ("level", "rate"): _printed_rates,
    ("level", "yearly_pay"): _pay,
    ("level", "pay_to_rural_income"): _pay_to_income,
    ("level", "branches_dissolved"): _branches,
    ("level", "problems_per_village"): _problems,
    ("level", "venues_upgraded"): _venues,
    ("level", "model_branches"): _counts,
    ("level", "new_structures"): _set_up,
    ("level", "honours"): _counts,
    ("level", "venues_covered"): _covered,
    ("level", "organisations_rectified"): _of_status("rectified"),
    ("level", "total_spending"): _total,
    ("level", "office_money"): _office_money,
    ("level", "income_share"): _income_share,
    ("level", "people_trained"): _trained,
    ("level", "weak_village_share"): _weak_villages,
    ("level", "people_per_village"): _people,
    ("level", "figure"): _figure,
}
