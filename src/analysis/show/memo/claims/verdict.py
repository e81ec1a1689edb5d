"""Whether the data bears a claim out: which values agree with its numeral, and in what the others differ."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Known, Knowledge, years_of
from analysis.show.memo.scan import Numeral

FAULTS = ("place", "unit", "period", "thing", "stage", "year", "qualifier", "direction")
"""In what a value that agrees may differ from what is claimed, the plainest first."""

IN_FULL, EXACTLY = 0.75, 0.97  # of the words of a name, for a sentence to name the thing
ASIDE, HARDLY = 0.12, 0.03  # how far another name may stay behind one that is said in full, or exactly
FEWEST = 2  # words of a name
TELLING = 1.5  # what the words of a piece tell, at least, for it to be read by itself
PART = 0.6  # the weight of words in the same part of a sentence
ENOUGH = 0.62  # of the words that fit the best of what is known, at least so much fits what is claimed
WIDE = {
    "village_or_community": ("village", "community"),
    "county": ("village", "community", "village_or_community"),
    "party_building_total": ("party_building_funds",),
}
"""What a code may be told as: a total of a county, as what its villages get together."""
_RISE = re.compile("_rise|[Ii]ncrease|growth|change")


@dataclass(frozen=True)
class Verdict:
    """A claim with the values that bear it out, or with its fault.

    ``agrees`` is the value that has the number and is otherwise than the sentence says, ``right`` the one that
    the sentence is about.
    """

    claim: Claim
    facts: tuple[Known, ...] = ()
    fault: str = ""
    agrees: Known | None = None
    right: Known | None = None

    @property
    def holds(self) -> bool:
        """Whether the data bears the claim out."""
        return bool(self.facts) and not self.fault


def judge(claims: Sequence[Claim], knowledge: Knowledge, default: Sequence[str]) -> list[Verdict]:
    """Return a verdict on each claim of one paragraph; ``default`` are all places that it may be about."""
    court = _Court(knowledge, tuple(default))
    verdicts: list[Verdict] = []
    for _, group in itertools.groupby(claims, key=lambda claim: claim.sentence):
        verdicts += court.sentence(list(group))
    return verdicts


@dataclass(frozen=True)
class _Court:
    knowledge: Knowledge
    default: tuple[str, ...]
    told: list[Numeral] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    def sentence(self, claims: list[Claim]) -> list[Verdict]:
        """Return the verdicts on a sentence: values first, then what is computed from them, then orders."""
        self.told[:] = [claim.numeral for claim in claims]
        self.units.clear()
        found = {}
        for claim in (each for each in claims if not each.relation):
            found[id(claim)] = self.verdict(claim)
            self.units.extend(fact.amount.unit for fact in found[id(claim)].facts)
        for claim in claims:
            if id(claim) not in found:
                found[id(claim)] = self.related(claim, list(found.values()))
        for claim in claims:
            verdict = found[id(claim)]
            if not verdict.holds and not claim.relation:
                computed = self.computed(claim, [each for each in found.values() if each.holds])
                found[id(claim)] = computed or verdict
        return [self.ordered(found[id(claim)], list(found.values())) for claim in claims]

    # A value itself

    def verdict(self, claim: Claim) -> Verdict:
        places = claim.places or self.default
        pool = self.knowledge.about(places)
        bare = not any(claim.numeral.fits(known.amount.unit) for known in pool)
        if bare and self.units:
            # Of 177 branches and 94, the second are branches as well.
            alike = self._verdict(claim, [known for known in pool if known.amount.unit in self.units])
            if alike.holds:
                return alike
        return self._verdict(claim, pool)

    def _verdict(self, claim: Claim, pool: Sequence[Known]) -> Verdict:
        facts: list[Known] = []
        for place in range(len(claim.numeral.values)):
            found = self._value(claim, place, pool)
            if found.fault:
                return found
            facts += found.facts
        return Verdict(claim, tuple(facts)) if facts else Verdict(claim, (), "value")

    def _value(self, claim: Claim, place: int, pool: Sequence[Known]) -> Verdict:
        """Return the verdict on one value of a numeral, which may be a range."""
        telling = _Telling(self.knowledge, claim, pool, claim.places or self.default, self.told)
        rated = []
        for known in [*pool, *self._elsewhere(claim)]:
            if _stands_for(claim, place, known.amount.value):
                faults = [name for name, holds in self._checks(claim, place, known, telling) if not holds]
                first = FAULTS.index(faults[0]) if faults else 0
                rated.append((len(faults), first, -telling.score(known), known, faults))
        best = min(rated, key=lambda each: each[:3], default=None)
        if best is None or best[0] > 1:
            return Verdict(claim, (), "value", None, telling.best)
        *_, known, faults = best
        if not faults:
            return Verdict(claim, (known,))
        right = telling.best
        if faults[0] == "place":
            right = next((each for each in pool if each.cell == known.cell != ()), None) or right
        return Verdict(claim, (), faults[0], known, right)

    def _elsewhere(self, claim: Claim) -> list[Known]:
        others = [place for place in self.default if place not in claim.places]
        return self.knowledge.about(others) if claim.places else []

    def _checks(self, claim: Claim, place: int, known: Known, telling: _Telling) -> Iterator[tuple[str, bool]]:
        yield "place", not claim.places or known.programme in (*claim.places, "")
        yield "unit", _unit_holds(claim, known, telling)
        yield "period", not claim.period or not known.period or claim.period == known.period
        yield "thing", _terms_hold(claim, known) and telling.fits(known)
        yield "stage", _meet(claim.terms.get("stage"), known.terms.get("stage"))
        yield "year", self._year_holds(claim, known)
        yield "qualifier", _qualifier_holds(claim, known, place)

    def _year_holds(self, claim: Claim, known: Known) -> bool:
        if not claim.years:
            return True
        years = years_of(known.year) or self.knowledge.published(known.programme)
        subject = getattr(known.row, "subject", "")
        if any(str(year) in subject for year in claim.years):
            return True
        return any(year in years for year in claim.years)

    # What relates values

    def related(self, claim: Claim, verdicts: Sequence[Verdict]) -> Verdict:
        """Return the verdict on a year, a difference, a growth or a multiple."""
        if claim.relation == "year":
            return self._year(claim)
        if claim.relation == "multiple" and not claim.direction and claim.beside != 0:
            direct = self.verdict(replace(claim, relation=""))
            if direct.holds:
                return direct
        computed = self.computed(claim, [each for each in verdicts if each.holds])
        if computed:
            return computed
        wrong = None
        for first, second in self._pairs(claim):
            value = _relate(claim.relation, first, second)
            if value is None or not claim.numeral.equals(0, value):
                continue
            if claim.direction and math.copysign(1, _signed(claim.relation, first, second)) != claim.direction:
                wrong = wrong or Verdict(claim, (), "direction", first)
                continue
            return Verdict(claim, (first, second))
        if wrong:
            return wrong
        if claim.relation == "difference":
            direct = self.verdict(replace(claim, relation=""))
            if direct.holds and _RISE.search(f"{direct.facts[0].name} {getattr(direct.facts[0].row, 'subject', '')}"):
                return direct
        if claim.relation == "growth":
            direct = self.verdict(replace(claim, relation=""))
            if direct.holds and direct.facts[0].amount.unit == "share":
                return direct
        return Verdict(claim, (), "value")

    def _year(self, claim: Claim) -> Verdict:
        year = int(claim.numeral.values[0])
        for place in claim.places or self.default:
            for known in self.knowledge.of(place):
                if year in years_of(known.year):
                    return Verdict(claim, (known,))
            if year in self.knowledge.published(place):
                return Verdict(claim, tuple(self.knowledge.of(place)[:1]))
        if year in self.knowledge.price_years:
            return Verdict(claim, tuple(self.knowledge.about(self.default)[:1]))
        return Verdict(claim, (), "year")

    def _pairs(self, claim: Claim) -> Iterator[tuple[Known, Known]]:
        """Yield the pairs of values that may be related: of two places, or of one before and after."""
        places = claim.named if len(claim.named) == 2 else ()
        if places:
            own, other = (self._likely(claim, place) for place in places)
            yield from ((a, b) for a in own for b in other if _alike(a, b))
            return
        for place in () if claim.beside == 0 else claim.places or self.default:
            own = self._likely(claim, place)
            for a, b in itertools.permutations(own, 2):
                if _changed(a, b) or (
                    (claim.relation == "difference" or not claim.direction)
                    and not claim.is_change
                    and _of_one_measure(a, b)
                ):
                    yield a, b

    def _likely(self, claim: Claim, place: str) -> list[Known]:
        pool = self.knowledge.of(place)
        telling = _Telling(self.knowledge, claim, pool, (place,), ())
        held = {name: codes for name, codes in claim.terms.items() if name != "stage"}
        plain = replace(claim, terms=held)
        fitting = [
            known for known in pool
            if _terms_hold(plain, known) and telling.fits(known)
            and (not claim.period or known.period in ("", claim.period))
            and (claim.relation != "difference" or claim.numeral.fits(known.amount.unit) is not False)
        ]  # fmt: skip
        return fitting

    def computed(self, claim: Claim, held: Sequence[Verdict]) -> Verdict | None:
        """Return the verdict on a numeral that follows from others of its sentence, in the order told."""
        told = sorted(
            (each for each in held if each.claim.relation != "year" and len(each.claim.numeral.values) == 1),
            key=lambda each: each.claim.numeral.start,
        )
        told = [each for each in told if each.claim is not claim]
        values = [(each.claim.numeral.values[0], each.facts[0]) for each in told]
        starts = {id(each.facts[0]): each.claim.numeral.start for each in told}
        wrong = None
        for (a, first), (b, second) in itertools.combinations(values, 2):
            for relation in _relations_of(claim):
                value = _between(relation, a, b)
                if not any(_about(claim, each) for each in value) or not (
                    relation in ("share", "each") or _same_kind(first, second)
                ):
                    continue
                if self._goes(claim, (a, first), (b, second), starts[id(second)]):
                    return Verdict(claim, (first, second))
                wrong = Verdict(claim, (), "direction", first)
        alike = [value for value, known in values if claim.numeral.fits(known.amount.unit) is not False]
        sums = [math.fsum(part) for n in range(2, len(alike) + 1) for part in itertools.combinations(alike[:6], n)]
        if not claim.relation and any(_about(claim, each) for each in sums):
            return Verdict(claim, tuple(known for _, known in values))
        return wrong

    @staticmethod
    def _goes(claim: Claim, first: tuple[float, Known], second: tuple[float, Known], last: int) -> bool:
        """Return whether two values, in the order told, differ in the direction that is said.

        What rises goes from the first to the second, or from before to after. What is more is the first, where
        the second is told after 比 or than; where no number is, either may be more. ``last`` is the place of
        the second.
        """
        if not claim.direction or first[0] == second[0]:
            return True
        change = second[0] - first[0]
        stages = [each[1].terms.get("stage", frozenset()) for each in (first, second)]
        if "after" in stages[0] and "before" in stages[1]:
            return math.copysign(1, -change) == claim.direction
        if claim.is_change:
            return math.copysign(1, change) == claim.direction
        return claim.beside < 0 or math.copysign(1, -change) == claim.direction or claim.beside > last

    # Orders

    def ordered(self, verdict: Verdict, verdicts: Sequence[Verdict]) -> Verdict:
        """Return a verdict that also asks whether values rise, fall and stand above others as is said."""
        claim = verdict.claim
        if not verdict.holds or claim.relation:
            return verdict
        if claim.order and not self._order_holds(claim, verdict, verdicts):
            return replace(verdict, fault="direction", agrees=verdict.facts[0])
        begin = next((v.claim for v in verdicts if claim.before >= 0 and claim.before <= v.claim.numeral.start < claim.numeral.start and v.claim.stage == "before"), None)
        if begin and claim.direction and begin.numeral.values and claim.numeral.values:
            change = claim.numeral.values[0] - begin.numeral.values[0]
            if change and math.copysign(1, change) != claim.direction:
                return replace(verdict, fault="direction", agrees=verdict.facts[0])
        return verdict


    def _order_holds(self, claim: Claim, verdict: Verdict, verdicts: Sequence[Verdict]) -> bool:
        """Return whether the first of two places stands to the second as the sentence says."""
        assert claim.order is not None
        first, second, sign = claim.order
        own = verdict.facts[0]
        if own.programme not in (first, second):
            return True
        told = [each.facts[0] for each in verdicts if each.holds and not each.claim.relation]
        other = second if own.programme == first else first
        against = [each for each in told if each.programme == other and _same_kind(own, each)]
        against = against or [each for each in self._likely(claim, other) if _alike(own, each)]
        signed = sign if own.programme == first else -sign
        gaps = [own.amount.value - each.amount.value for each in against]
        return not gaps or any(gap * signed > 0 for gap in gaps)


class _Telling:
    """How well the words of a claim tell each value that is known from the others."""

    def __init__(
        self,
        knowledge: Knowledge,
        claim: Claim,
        pool: Sequence[Known],
        places: Sequence[str],
        told: Sequence[Numeral],
    ) -> None:
        rarity = knowledge.rarity(claim.words, places)
        self.weights = {word: weight * claim.words[word] for word, weight in rarity.items()}
        self.claim, self.knowledge, self.places = claim, knowledge, places
        self.own = {word: weight for word, weight in self.weights.items() if claim.words[word] == 1}
        self.pool = [
            known for known in pool
            if _may_count(claim, known) and _terms_hold(claim, known)
        ]  # fmt: skip
        self.best = max(self.pool, key=self.score, default=None)
        others = [numeral for numeral in told if numeral.start != claim.numeral.start]
        elsewhere = {id(each) for each in self.pool if _is_told(each, others) and not _is_told(each, [claim.numeral])}
        figures = {name for each in self.pool if _is_told(each, told) for name in each.amount.figure_ids}
        self.rivals = [
            each for each in self.pool
            if id(each) not in elsewhere and each.programme
            and not (each.cell and set(each.amount.figure_ids) <= figures and not _is_told(each, [claim.numeral]))
        ]  # fmt: skip
        self.elsewhere = [each for each in self.pool if id(each) in elsewhere]

    def score(self, known: Known) -> float:
        """Return how much of what the words tell belongs to a value."""
        return _score(self.weights, known)

    def fits(self, known: Known) -> bool:
        """Return whether the words tell a value as well, nearly, as the one they tell best.

        Where the words name something in full, they name nothing else. It is enough that those of its own piece
        of the sentence fit, which may be about several things; a thing whose number the sentence tells as well
        is a rival by that piece alone. A base, such as all villages, needs no more than its unit.
        """
        if not self.weights:
            return True
        behind = self._named - self.coverage(known)
        if self._named >= IN_FULL and behind >= (ASIDE if self._named < EXACTLY else HARDLY):
            return False
        if known.is_base and self.claim.numeral.fits(known.amount.unit):
            return True
        own = _score(self.own, known)
        if own < ENOUGH * max((_score(self.own, each) for each in self.elsewhere), default=0):
            return False
        return self.score(known) >= ENOUGH * self._best(self.weights) or (
            own >= max(TELLING, ENOUGH * self._best(self.own))
        )

    def _best(self, weights: Mapping[str, float]) -> float:
        return max((_score(weights, each) for each in self.rivals), default=0)

    @cached_property
    def _named(self) -> float:
        """How much of its name the thing has that the words name most fully."""
        return max(map(self.coverage, self.rivals), default=0)

    def coverage(self, known: Known) -> float:
        """Return how much of the name of a thing stands in the part of the sentence that its number is in."""
        core = known.core.get(self.claim.language, frozenset())
        if len(core) < FEWEST:
            return 0.0
        rarity = self.knowledge.rarity(core, self.places)
        said = math.fsum(weight for word, weight in rarity.items() if self.claim.words.get(word, 0) >= PART)
        return said / (math.fsum(rarity.values()) or 1)


def _is_told(known: Known, numerals: Sequence[Numeral]) -> bool:
    return any(
        numeral.fits(known.amount.unit) is not False
        and any(numeral.equals(place, known.amount.value) for place in range(len(numeral.values)))
        for numeral in numerals
    )


def _score(weights: Mapping[str, float], known: Known) -> float:
    return math.fsum(weight for word, weight in weights.items() if word in known.words)


def _terms_hold(claim: Claim, known: Known) -> bool:
    names = ("works", "place", "post") if claim.total else ("object", "works", "place", "post")
    return all(_meet(claim.terms.get(name), known.terms.get(name)) for name in names)


def _meet(claimed: frozenset[str] | None, known: frozenset[str] | None) -> bool:
    """Return whether codes agree; what one side does not say agrees, and both kinds of place are either."""
    if not claimed or not known:
        return True
    wide = WIDE | ({"mixed": {"new", "upgraded"}} if len(claimed) > 1 else {})
    wider = set(known).union(*(wide.get(code, ()) for code in known))
    asked = set(claimed).union(*(wide.get(code, ()) for code in claimed))
    return bool(wider & asked)


def _may_count(claim: Claim, known: Known) -> bool:
    """Return whether a numeral may be of a unit: one without any that is known counts things, if it is small."""
    fits = claim.numeral.fits(known.amount.unit)
    return fits is True or _is_part(claim, known) or (
        fits is None and (claim.numeral.distinctive or not known.amount.unit.startswith(("CNY", "share", "ratio")))
    )


def _unit_holds(claim: Claim, known: Known, telling: _Telling) -> bool:
    fits = claim.numeral.fits(known.amount.unit)
    if fits is None or _is_part(claim, known):
        counted = not known.amount.unit.startswith(("CNY", "share", "ratio"))
        return (counted or claim.numeral.distinctive) and telling.score(known) > 0
    if not known.amount.unit.startswith("CNY"):
        return fits and not (claim.total and known.is_rate)
    return fits and not (claim.each and not known.is_rate) and not (claim.total and known.is_rate and not known.period)


def _is_part(claim: Claim, known: Known) -> bool:
    """Return whether a share is told of a count for each of another: 48 of 103 villages."""
    return bool(claim.numeral.fits("share")) and known.is_rate and not known.amount.unit.startswith("CNY")


def _qualifier_holds(claim: Claim, known: Known, place: int) -> bool:
    """Return whether what is said to be near, above or below a number is so."""
    amount, said, number = known.amount, claim.qualifier, claim.numeral.values[place]
    value = amount.value
    if amount.lower == value == amount.upper:
        same = math.isclose(value, number)
        above, below = value > number and not same, value < number and not same
        return {"nearly": below, "above": above, "least": above or same, "below": below, "most": below or same}.get(said, True)
    printed = getattr(known.row, "qualifier", "")
    if said == "approximately" or printed in ("exact", "approximately"):
        return True
    if printed == "nearly" or amount.upper == value:
        return said in ("nearly", "below", "most")
    if math.isinf(amount.upper) or (amount.unit == "share" and amount.upper == 1):
        return said in ("above", "least")
    return True


def _changed(after: Known, before: Known) -> bool:
    """Return whether two values of a place are of one thing, after and before it changed."""
    stages = "after" in after.terms.get("stage", ()) and "before" in before.terms.get("stage", ())
    if not stages or after.amount.unit != before.amount.unit:
        return False
    if after.cell or before.cell:
        return after.cell[:-1] == before.cell[:-1]
    return bool(set(after.terms.get("post", ())) & set(before.terms.get("post", ()))) or (
        not after.terms.get("post") and after.terms.get("object") == before.terms.get("object")
    )


def _of_one_measure(a: Known, b: Known) -> bool:
    return a.cell[:1] == b.cell[:1] != () and a.amount.unit == b.amount.unit


def _alike(a: Known, b: Known) -> bool:
    """Return whether two values of two places are of the same thing."""
    return bool(a.cell) and bool(b.cell) and a.cell[0] == b.cell[0] and a.cell[1] == b.cell[1] and _same_kind(a, b)


def _relations_of(claim: Claim) -> tuple[str, ...]:
    """Return how a numeral may follow from two others, by how it is told."""
    if claim.relation:
        return (claim.relation,)
    if claim.numeral.fits("share"):
        return ("share",)
    return ("each",) if claim.each else (("difference",) if claim.compares else ())


def _between(relation: str, a: float, b: float) -> tuple[float, ...]:
    """Return what two numbers come to, in both orders where that is not said."""
    if relation == "difference":
        return (a - b,)
    pairs = [(x, y) for x, y in ((a, b), (b, a)) if y]
    if relation == "growth":
        return tuple(x / y - 1 for x, y in pairs)
    ratios = tuple(x / y for x, y in pairs)
    return tuple(each for each in ratios if each < 1) if relation == "share" else ratios


def _about(claim: Claim, value: float) -> bool:
    """Return whether a numeral is a value, or with its qualifier stands for it: more than four for 4.3."""
    if not claim.numeral.values or claim.numeral.equals(0, value):
        return bool(claim.numeral.values)
    said, size = claim.numeral.values[0], abs(value)
    gap = size - said
    if claim.qualifier in ("", "approximately"):
        return bool(claim.qualifier) and abs(gap) <= (0.05 if size < 100 else 0.01) * size
    near = abs(gap) < 1 if 1 < size < 100 else abs(gap) <= 0.03 * size
    return near and (gap > 0) == (claim.qualifier in ("above", "least"))


def _stands_for(claim: Claim, place: int, value: float) -> bool:
    """Return whether a numeral may stand for a value: rounded to it, or near it as it says."""
    numeral = claim.numeral
    if numeral.equals(place, value) or (not place and _about(claim, value)):
        return True
    return claim.qualifier not in ("", "approximately") and (
        abs(numeral.values[place] - value) <= 2 * numeral.tolerances[place] and numeral.values[place] >= 1000
    )


def _same_kind(a: Known, b: Known) -> bool:
    heads = [each.amount.unit.split("/")[0] for each in (a, b)]
    counts = not any(head in ("CNY", "share", "ratio") for head in heads)
    return (counts or heads[0] == heads[1]) and a.period == b.period


def _relate(relation: str, first: Known, second: Known) -> float | None:
    a, b = first.amount.value, second.amount.value
    if relation == "difference":
        return a - b
    if not b:
        return None
    return a / b if relation == "multiple" else a / b - 1


def _signed(relation: str, first: Known, second: Known) -> float:
    return first.amount.value - second.amount.value
