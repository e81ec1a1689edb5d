"""Which of the things that are known the words of a sentence tell best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

from analysis.show.memo.claims.checks import may_count, terms_hold
from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Knowledge, Known
from analysis.show.memo.claims.vocabulary import HAN, Vocabulary
from analysis.words.scan import Numeral

IN_FULL, EXACTLY = 0.75, 0.97  # of the words of a name, for a sentence to name the thing
ASIDE, HARDLY = 0.12, 0.03  # how far another name may stay behind one that is said in full, or exactly
FEWEST = 2  # words of a name
TELLING = 1.5  # what the words of a piece tell, at least, for it to be read by itself
PART = 0.6  # the weight of words in the same part of a sentence
ENOUGH = 0.62  # of the words that fit the best of what is known, at least so much fits what is claimed


class Telling:
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
            if may_count(claim, known) and terms_hold(claim, known)
        ]  # fmt: skip
        self.best = max(self.pool, key=self.score, default=None)
        others = [numeral for numeral in told if numeral.start != claim.numeral.start]
        elsewhere = {
            id(each) for each in self.pool if is_told(each, others) and not is_told(each, [claim.numeral])
        }
        figures = {name for each in self.pool if is_told(each, told) for name in each.amount.figure_ids}
        self.rivals = [
            each for each in self.pool
            if id(each) not in elsewhere and each.programme
            and (not each.cell or is_told(each, [claim.numeral]) or set(each.amount.figure_ids) - figures)
        ]  # fmt: skip
        self.elsewhere = [each for each in self.pool if id(each) in elsewhere]

    def score(self, known: Known) -> float:
        """Return how much of what the words tell belongs to a value."""
        return _score(self.weights, known)

    def fits(self, known: Known) -> bool:
        """Return whether the words tell a value as well, nearly, as the one they tell best.

        Where the words name something in full, they name nothing else. It is enough that those of its own
        piece of the sentence fit, which may be about several things; a thing whose number the sentence tells
        as well is a rival by that piece alone. A base, such as all villages, needs no more than its unit.
        """
        if not self.weights:
            return True
        behind = self._named - self.coverage(known)
        if self._named >= IN_FULL and behind >= (ASIDE if self._named < EXACTLY else HARDLY):
            return False
        if not self._counts_what_is_known:
            return False
        if known.is_base and self.claim.numeral.fits(known.amount.unit):
            return True
        own = _score(self.own, known)
        if own < ENOUGH * max((_score(self.own, each) for each in self.elsewhere), default=0):
            return False
        return self.score(known) >= ENOUGH * self._best(self.weights) or (
            own >= max(TELLING, ENOUGH * self._best(self.own))
        )

    @cached_property
    def _counts_what_is_known(self) -> bool:
        """Whether the noun behind a bare 个, if there is one, is any that the data knows."""
        behind = self.claim.numeral.after[:5] if self.claim.numeral.unit_words == "个" else ""
        words = list(Vocabulary.of(behind).tokens(behind)) if HAN.match(behind) else []
        return not words or bool(self.knowledge.rarity(words, self.places))

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


def is_told(known: Known, numerals: Sequence[Numeral]) -> bool:
    return any(
        numeral.fits(known.amount.unit) is not False
        and any(numeral.equals(place, known.amount.value) for place in range(len(numeral.values)))
        for numeral in numerals
    )


def _score(weights: Mapping[str, float], known: Known) -> float:
    return math.fsum(weight for word, weight in weights.items() if word in known.words)
