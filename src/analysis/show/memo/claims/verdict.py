"""Whether the data bears a claim out: which values agree with its numeral, and in what the others differ."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Known, Knowledge, years_of

FAULTS = ("place", "unit", "period", "thing", "stage", "year", "qualifier", "direction")
"""In what a value that agrees may differ from what is claimed, the plainest first."""

IN_FULL, EXACTLY = 0.75, 0.97  # of the words of a name, for a sentence to name the thing
ASIDE, HARDLY = 0.12, 0.03  # how far another name may stay behind one that is said in full, or exactly
FEWEST = 2  # words of a name
OWN = 0.35  # of what a whole sentence tells, its own piece tells at least so much to be read by itself
PART = 0.6  # the weight of words in the same part of a sentence
ENOUGH = 0.62  # of the words that fit the best of what is known, at least so much fits what is claimed
_SLACK = {"nearly": (0.9, 1.0), "approximately": (0.9, 1.1)}


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

    def sentence(self, claims: list[Claim]) -> list[Verdict]:
        """Return the verdicts on a sentence: values first, then what is computed from them, then orders."""
        found = {id(claim): self.verdict(claim) for claim in claims if not claim.relation}
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
        facts = []
        for place in range(len(claim.numeral.values)):
            found = self._value(claim, place, pool)
            if found.fault:
                return found
            facts += found.facts
        return Verdict(claim, tuple(facts)) if facts else Verdict(claim, (), "value")

    def _value(self, claim: Claim, place: int, pool: Sequence[Known]) -> Verdict:
        """Return the verdict on one value of a numeral, which may be a range."""
        telling = _Telling(self.knowledge, claim, pool, claim.places or self.default)
        rated = []
        for known in [*pool, *self._elsewhere(claim)]:
            if claim.numeral.equals(place, known.amount.value):
                faults = [name for name, holds in self._checks(claim, known, telling) if not holds]
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

    def _checks(self, claim: Claim, known: Known, telling: _Telling) -> Iterator[tuple[str, bool]]:
        yield "place", not claim.places or known.programme in claim.places
        yield "unit", _unit_holds(claim, known, telling)
        yield "period", not claim.period or not known.period or claim.period == known.period
        yield "thing", _terms_hold(claim, known) and telling.fits(known)
        yield "stage", _meet(claim.terms.get("stage"), known.terms.get("stage"))
        yield "year", self._year_holds(claim, known)
        yield "qualifier", _qualifier_holds(claim, known)

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
        if claim.relation == "multiple" and not claim.direction:
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
            if direct.holds:
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
        for place in claim.places or self.default:
            own = self._likely(claim, place)
            for a, b in itertools.permutations(own, 2):
                if a.cell[:-1] == b.cell[:-1] and "after" in a.terms.get("stage", ()) and "before" in b.terms.get("stage", ()):
                    yield a, b
                elif claim.relation == "multiple" and not claim.direction and a.cell and a.cell[0] == b.cell[0] and a.amount.unit == b.amount.unit:
                    yield a, b
                elif not a.cell and not b.cell and a.terms.get("post") and a.terms.get("post") == b.terms.get("post") and a.amount.unit == b.amount.unit and "after" in a.terms.get("stage", ()) and "before" in b.terms.get("stage", ()):
                    yield a, b

    def _likely(self, claim: Claim, place: str) -> list[Known]:
        pool = self.knowledge.of(place)
        telling = _Telling(self.knowledge, claim, pool, (place,))
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
        """Return the verdict on a numeral that follows from others of its sentence."""
        values = [
            (each.claim.numeral.values[0], each.facts[0]) for each in held
            if each.claim.relation != "year" and len(each.claim.numeral.values) == 1 and each.claim is not claim
        ]  # fmt: skip
        unit = claim.numeral.fits
        for (a, first), (b, second) in itertools.permutations(values, 2):
            if unit("share") and not claim.direction and a < b and claim.numeral.equals(0, a / b):
                return Verdict(claim, (first, second))
            if claim.relation and _same_kind(first, second):
                value = {"difference": a - b, "growth": a / b - 1 if b else 0, "multiple": a / b if b else 0}[claim.relation]
                if claim.numeral.equals(0, value):
                    signed = value - 1 if claim.relation == "multiple" else value
                    if self._goes(claim, first, second, signed):
                        return Verdict(claim, (first, second))
        alike = [value for value, known in values if unit(known.amount.unit) is not False]
        if len(alike) > 1 and not claim.relation and claim.numeral.equals(0, math.fsum(alike)):
            return Verdict(claim, tuple(known for _, known in values))
        return None

    @staticmethod
    def _goes(claim: Claim, first: Known, second: Known, signed: float) -> bool:
        """Return whether the direction of a relation is that of its values in the order they are told."""
        if first.programme != second.programme and len(claim.named) > 1:
            subject = claim.named.index(first.programme) < claim.named.index(second.programme) if {first.programme, second.programme} <= set(claim.named) else True
            signed = signed if subject else -signed
        return not claim.direction or math.copysign(1, signed) == claim.direction or signed == 0

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

    def __init__(self, knowledge: Knowledge, claim: Claim, pool: Sequence[Known], places: Sequence[str]) -> None:
        rarity = knowledge.rarity(claim.words, places)
        self.weights = {word: weight * claim.words[word] for word, weight in rarity.items()}
        self.claim, self.knowledge, self.places = claim, knowledge, places
        self.own = {word: weight for word, weight in self.weights.items() if claim.words[word] == 1}
        self.pool = [
            known for known in pool
            if _may_count(claim, known) and _terms_hold(claim, known)
        ]  # fmt: skip
        self.best = max(self.pool, key=self.score, default=None)

    def score(self, known: Known) -> float:
        """Return how much of what the words tell belongs to a value."""
        return _score(self.weights, known)

    def fits(self, known: Known) -> bool:
        """Return whether the words tell a value as well, nearly, as the one they tell best.

        It is enough that those of its own piece of the sentence do, which may be about several things. Where
        the words name something in full, they name nothing else.
        """
        if not self.weights:
            return True
        whole, own = (self._best(weights) for weights in (self.weights, self.own))
        near = self.score(known) >= ENOUGH * whole or (
            own >= OWN * whole and _score(self.own, known) >= ENOUGH * own
        )
        behind = self._named - self.coverage(known)
        return near and (self._named < IN_FULL or behind < (ASIDE if self._named < EXACTLY else HARDLY))

    def _best(self, weights: Mapping[str, float]) -> float:
        return max((_score(weights, each) for each in self.pool), default=0)

    @cached_property
    def _named(self) -> float:
        """How much of its name the thing has that the words name most fully."""
        return max(map(self.coverage, self.pool), default=0)

    def coverage(self, known: Known) -> float:
        """Return how much of the name of a thing stands in the part of the sentence that its number is in."""
        core = known.core.get(self.claim.language, frozenset())
        if len(core) < FEWEST:
            return 0.0
        rarity = self.knowledge.rarity(core, self.places)
        said = math.fsum(weight for word, weight in rarity.items() if self.claim.words.get(word, 0) >= PART)
        return said / (math.fsum(rarity.values()) or 1)


def _score(weights: Mapping[str, float], known: Known) -> float:
    return math.fsum(weight for word, weight in weights.items() if word in known.words)


def _terms_hold(claim: Claim, known: Known) -> bool:
    return all(
        _meet(claim.terms.get(name), known.terms.get(name)) for name in ("object", "works", "place", "post")
    )


def _meet(claimed: frozenset[str] | None, known: frozenset[str] | None) -> bool:
    """Return whether codes agree; what one side does not say agrees, and both kinds of place are either."""
    if not claimed or not known:
        return True
    wide = {"village_or_community": {"village", "community"}, "mixed": {"new", "upgraded"} if len(claimed) > 1 else set()}
    wider = set(known).union(*(wide.get(code, set()) for code in known))
    asked = set(claimed).union(*(wide.get(code, set()) for code in claimed))
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
    money = known.amount.unit.startswith("CNY")
    return fits and (not money or not claim.each or known.is_rate or known.period != "")


def _is_part(claim: Claim, known: Known) -> bool:
    """Return whether a share is told of a count for each of another: 48 of 103 villages."""
    return bool(claim.numeral.fits("share")) and known.is_rate and not known.amount.unit.startswith("CNY")


def _qualifier_holds(claim: Claim, known: Known) -> bool:
    """Return whether what is said to be near, above or below a number is so."""
    amount, said = known.amount, claim.qualifier
    exact = amount.lower == amount.upper
    if said in ("", "approximately"):
        return exact or said == "approximately" or math.isinf(amount.upper) is False and amount.lower < amount.value < amount.upper
    if said in ("least", "above"):
        return amount.upper > amount.value or (said == "least" and exact)
    if said == "nearly":
        return amount.lower < amount.value and amount.upper <= amount.value
    return amount.upper <= amount.value and (said == "most" or amount.lower < amount.value)


def _alike(a: Known, b: Known) -> bool:
    """Return whether two values of two places are of the same thing."""
    return bool(a.cell) and bool(b.cell) and a.cell[0] == b.cell[0] and a.cell[1] == b.cell[1] and _same_kind(a, b)


def _same_kind(a: Known, b: Known) -> bool:
    return a.amount.unit.split("/")[0] == b.amount.unit.split("/")[0] and a.period == b.period


def _relate(relation: str, first: Known, second: Known) -> float | None:
    a, b = first.amount.value, second.amount.value
    if relation == "difference":
        return a - b
    if not b:
        return None
    return a / b if relation == "multiple" else a / b - 1


def _signed(relation: str, first: Known, second: Known) -> float:
    return first.amount.value - second.amount.value
