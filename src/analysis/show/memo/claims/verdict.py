"""Whether the data bears a claim out: which values agree with its numeral, and in what the others differ."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.estimates.prices import years_of
from analysis.show.memo.claims.checks import (
    codes_meet,
    comes_near,
    qualifier_holds,
    stands_for,
    terms_hold,
    unit_holds,
)
from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Knowledge, Known
from analysis.show.memo.claims.relations import (
    are_alike,
    between,
    gap,
    is_change_of,
    of_one_measure,
    relate,
    relations_of,
    same_kind,
)
from analysis.show.memo.claims.telling import Telling
from analysis.show.memo.claims.vocabulary import Vocabulary
from analysis.words.scan import Numeral

FAULTS = ("place", "unit", "period", "thing", "stage", "year", "qualifier", "direction")
"""In what a value that agrees may differ from what is claimed, the plainest first."""

_RISE = re.compile("_rise|[Ii]ncrease|growth|change")


@dataclass(frozen=True)
class Verdict:
    """A claim with the values that bear it out, or with its fault.

    ``agrees`` is the value that has the number and is otherwise than the sentence says, ``right`` the one
    that the sentence is about.
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
        # 数百 and 数倍 have no value that anything could have.
        found = {id(claim): Verdict(claim, (), "value") for claim in claims if not claim.numeral.values}
        for claim in (each for each in claims if not each.relation and id(each) not in found):
            found[id(claim)] = self.verdict(claim)
            self.units.extend(fact.amount.unit for fact in found[id(claim)].facts)
        for claim in claims:
            if id(claim) not in found:
                found[id(claim)] = self.related(claim, list(found.values()))
        for claim in claims:
            verdict = found[id(claim)]
            if not verdict.holds and not claim.relation and claim.numeral.values:
                computed = self.computed(claim, [each for each in found.values() if each.holds])
                found[id(claim)] = computed or verdict
        return [self.ordered(found[id(claim)], list(found.values())) for claim in claims]

    # A value itself

    def verdict(self, claim: Claim) -> Verdict:
        """Return the verdict on a numeral that is a value itself."""
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
        telling = Telling(self.knowledge, claim, pool, claim.places or self.default, self.told)
        rated = []
        for known in [*pool, *self._elsewhere(claim)]:
            if stands_for(claim, place, known.amount.value):
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

    def _checks(self, claim: Claim, place: int, known: Known, telling: Telling) -> Iterator[tuple[str, bool]]:
        yield "place", not claim.places or known.programme in (*claim.places, "")
        yield "unit", unit_holds(claim, known, telling.score(known))
        yield "period", not claim.period or not known.period or claim.period == known.period
        yield "thing", terms_hold(claim, known) and telling.fits(known)
        yield "stage", codes_meet(claim.terms.get("stage"), known.terms.get("stage"))
        yield "year", self._year_holds(claim, known)
        yield "qualifier", qualifier_holds(claim, known, place)

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
            value = relate(claim.relation, first, second)
            if value is None or not claim.numeral.equals(0, value):
                continue
            if claim.direction and math.copysign(1, gap(claim.relation, first, second)) != claim.direction:
                wrong = wrong or Verdict(claim, (), "direction", first)
                continue
            return Verdict(claim, (first, second))
        if wrong:
            return wrong
        if claim.relation == "difference":
            direct = self.verdict(replace(claim, relation=""))
            if direct.holds and _RISE.search(
                f"{direct.facts[0].name} {getattr(direct.facts[0].row, 'subject', '')}"
            ):
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
            yield from ((a, b) for a in own for b in other if are_alike(a, b))
            return
        for place in () if claim.beside == 0 else claim.places or self.default:
            own = self._likely(claim, place)
            for a, b in itertools.permutations(own, 2):
                if is_change_of(a, b) or (
                    (claim.relation == "difference" or not claim.direction)
                    and not claim.is_change
                    and of_one_measure(a, b)
                ):
                    yield a, b

    def _likely(self, claim: Claim, place: str) -> list[Known]:
        pool = self.knowledge.of(place)
        telling = Telling(self.knowledge, claim, pool, (place,), ())
        held = {name: codes for name, codes in claim.terms.items() if name != "stage"}
        plain = replace(claim, terms=held)
        fitting = [
            known for known in pool
            if terms_hold(plain, known) and telling.fits(known)
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
            for relation in relations_of(claim):
                value = between(relation, a, b)
                if not any(comes_near(claim, each) for each in value) or not (
                    relation in ("share", "each") or same_kind(first, second)
                ):
                    continue
                if self._goes(claim, (a, first), (b, second), starts[id(second)]):
                    return Verdict(claim, (first, second))
                wrong = Verdict(claim, (), "direction", first)
        alike = [value for value, known in values if claim.numeral.fits(known.amount.unit) is not False]
        sums = [
            math.fsum(part) for n in range(2, len(alike) + 1) for part in itertools.combinations(alike[:6], n)
        ]
        if not claim.relation and any(comes_near(claim, each) for each in sums):
            return Verdict(claim, tuple(known for _, known in values))
        return wrong

    @staticmethod
    def _goes(claim: Claim, first: tuple[float, Known], second: tuple[float, Known], last: int) -> bool:
        """Return whether two values, in the order told, differ in the direction that is said.

        What rises goes from the first to the second, or from before to after. What is more is the first,
        where the second is told after 比 or than; where no number is, what is named there is less, and either
        may be where nothing is. ``last`` is the place of the second.
        """
        if not claim.direction or first[0] == second[0]:
            return True
        change = second[0] - first[0]
        stages = [each[1].terms.get("stage", frozenset()) for each in (first, second)]
        if "after" in stages[0] and "before" in stages[1]:
            return math.copysign(1, -change) == claim.direction
        if claim.is_change:
            return math.copysign(1, change) == claim.direction
        if claim.beside > last:
            words = set(Vocabulary.of(claim.sentence).tokens(claim.sentence[claim.beside :]))
            named = [len(words & each[1].core.get(claim.language, frozenset())) for each in (first, second)]
            return named[0] == named[1] or (named[0] > named[1]) == (change * claim.direction > 0)
        return claim.beside < 0 or math.copysign(1, -change) == claim.direction

    # Orders

    def ordered(self, verdict: Verdict, verdicts: Sequence[Verdict]) -> Verdict:
        """Return a verdict that also asks whether values rise, fall and stand above others as is said."""
        claim = verdict.claim
        if not verdict.holds or claim.relation:
            return verdict
        if claim.order and not self._order_holds(claim, verdict, verdicts):
            return replace(verdict, fault="direction", agrees=verdict.facts[0])
        told = (each.claim for each in verdicts if each.claim.stage == "before" and each.claim.numeral.values)
        begins = [each for each in told if 0 <= claim.before <= each.numeral.start < claim.numeral.start]
        if begins and claim.direction:
            change = claim.numeral.values[0] - begins[0].numeral.values[0]
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
        against = [each for each in told if each.programme == other and same_kind(own, each)]
        against = against or [each for each in self._likely(claim, other) if are_alike(own, each)]
        signed = sign if own.programme == first else -sign
        gaps = [own.amount.value - each.amount.value for each in against]
        return not gaps or any(gap * signed > 0 for gap in gaps)
