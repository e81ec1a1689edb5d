"""Sentences of a memo that a hand has changed: the sentence each was, and what its numerals rested on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.show.memo.claims import Claim, Knowledge, claims_in
from analysis.show.memo.facts import Basis, Fact
from analysis.show.memo.matching import AS_WRITTEN, Support, supports
from analysis.show.memo.nearby import Nearby

ALIKE = 0.72  # of a sentence must stand for it to be the same one, changed
SHORTEST = 12  # characters of a sentence that can be told from others


@dataclass(frozen=True)
class Originals:
    """The sentences of a memo as they were made, with what they rest on."""

    sentences: Mapping[str, Sequence[Basis]]
    language: str
    knowledge: Knowledge
    places: tuple[str, ...]

    def review(self, sentence: str, found: Iterable[tuple[Support, Claim]]) -> Iterator[Support]:
        """Yield the numerals of a sentence: what stands as it was made rests on what it rested on.

        A numeral that alone was changed must be another value of the same thing.
        """
        original = self._like(sentence)
        if original is None:
            yield from (support for support, _ in found)
            return
        match = _Match(self, original, sentence)
        for support, claim in found:
            yield match.review(support, claim)

    def _like(self, sentence: str) -> str | None:
        if len(sentence) < SHORTEST:
            return None
        return next(iter(difflib.get_close_matches(sentence, self._long, n=1, cutoff=ALIKE)), None)

    @cached_property
    def _long(self) -> list[str]:
        return [text for text in self.sentences if len(text) >= SHORTEST]


@dataclass(frozen=True)
class _Match:
    """A sentence beside the one that it was."""

    own: Originals
    before: str
    now: str

    @cached_property
    def places(self) -> dict[int, int]:
        """Where the characters that stand stood before."""
        blocks = difflib.SequenceMatcher(None, self.before, self.now, autojunk=False).get_matching_blocks()
        return {block.b + i: block.a + i for block in blocks for i in range(block.size)}

    @cached_property
    def claims(self) -> dict[int, Claim]:
        own = self.own
        found = claims_in(self.before, own.language, own.knowledge.names, own.places)
        return {claim.numeral.start: claim for claim in found}

    @cached_property
    def rested(self) -> dict[int, Support]:
        bases = self.own.sentences[self.before]
        found = supports(self.before, Nearby.of(bases), self.own.language, "")
        return {support.numeral.start: support for support in found}

    def review(self, support: Support, claim: Claim) -> Support:
        """Return a numeral with what it rests on, seen beside the one that stood in its place."""
        start, end = claim.numeral.start, claim.numeral.end
        standing = [self.places.get(i) for i in range(start, end)]
        same = standing[0] is not None and standing == list(range(standing[0], standing[0] + end - start))
        at = standing[0] if same else self._replaced(start, end)
        if at is None or at not in self.claims or at not in self.rested:
            return support
        was = self.rested[at]
        if not self._says_the_same(self.claims[at], claim):
            return replace(support, was=was.facts)
        if same and was.holds:
            return replace(support, facts=was.facts, how=AS_WRITTEN, fault="")
        if support.holds and not _family(support.facts) & _family(was.facts):
            return replace(support, facts=(), fault="changed", was=was.facts)
        return replace(support, was=was.facts)

    def _replaced(self, start: int, end: int) -> int | None:
        """Return where the numeral began that stood between the same words."""
        ahead = next((self.places[i] + 1 for i in range(start - 1, -1, -1) if i in self.places), 0)
        behind = next(
            (self.places[i] for i in range(end, len(self.now)) if i in self.places), len(self.before)
        )
        found = [at for at, claim in self.claims.items() if claim.numeral.end > ahead and at < behind]
        inside = [self.places[i] for i in range(start, end) if i in self.places]
        return next((at for at in found if not inside or at <= inside[0]), None) if found else None

    def _says_the_same(self, was: Claim, claim: Claim) -> bool:
        """Return whether but for its number a claim is what it was."""
        if replace(was, numeral=claim.numeral).attributes != claim.attributes:
            return False
        changed = set(was.words) ^ set(claim.words)
        known = self.own.knowledge.rarity(changed, claim.places or self.own.places)
        return not known


def _family(facts: Iterable[Fact]) -> set[str]:
    """Return what facts are of, whatever aspect of it each is: its estimate, figure or comparison."""
    return {
        fact.name.split(",")[0].split(" under ")[0].removeprefix("share of ").removesuffix(" over readings")
        for fact in facts
    }


def sentences_of(passages: Iterable[tuple[str, Sequence[Basis]]]) -> dict[str, Sequence[Basis]]:
    """Return texts with what they rest on, each once."""
    found: dict[str, list[Basis]] = {}
    for text, bases in passages:
        found.setdefault(text, []).extend(bases)
    return dict(found)
