"""Numerals of a text matched with what they may rest on."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from analysis.curation.exclusion_rules import exclusions
from analysis.evidence.characters import FRACTIONS, normalise
from analysis.show.memo.claims import Known, Verdict
from analysis.show.memo.claims.vocabulary import Vocabulary
from analysis.show.memo.facts import Basis, Fact, tidy
from analysis.show.memo.nearby import Nearby
from analysis.show.memo.passages import Passage
from analysis.words.language import Text
from analysis.words.scan import ROLE, Numeral, has_numeral, numerals

# How a numeral is held to rest on something, from the firmest to the weakest.
AS_WRITTEN, QUOTED, BY_UNIT, BY_VALUE = "as written", "quoted", "value and unit", "value"
AS_SAID = "what the sentence says of it"
NO_QUANTITY = "no quantity"
OWN = ("number of ", "wording ")  # facts that are about the memo itself, whatever the data says
LONG = 6  # characters: what a hand has written may quote so much of our wording, and no less
_LIST_NUMBER = re.compile(
    r"^\s*(?:[0-9]{1,2}[.)、．]|[（(][0-9]{1,2}[)）]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)"
)
_VALUES = re.compile("^values of |^question to |, (?:printed|span)$| as printed$|, year$")
_FRACTION = re.compile(f"[{FRACTIONS}]")
_COUNTED = re.compile("[个名人户件次座处元家支条项起村]|hundreds|thousands|dozens")
_NO_QUANTITY = {"idiom": "a word or idiom", "ordinal": "an ordinal", "name": "a name", "date": "a date"}


@dataclass(frozen=True)
class Support:
    """A numeral, where it stands, and what it rests on: nothing where ``facts`` is empty.

    ``fault`` is the code of what is wrong with one that rests on nothing; ``agrees`` is a value that has its
    number and is otherwise than the sentence says, ``right`` what the sentence is about. ``was`` are the
    facts that it rested on, or that stood in its place, when the memo was made; ``also`` all that agree.
    """

    numeral: Numeral
    where: str
    text: str
    facts: tuple[Fact, ...]
    how: str
    fault: str = ""
    agrees: Known | None = None
    right: Known | None = None
    was: tuple[Fact, ...] = ()
    heading: str = ""
    element: Any = field(default=None, compare=False, repr=False)
    also: tuple[Fact, ...] = field(default=(), compare=False, repr=False)

    @property
    def holds(self) -> bool:
        """Whether it rests on something."""
        return bool(self.facts)


@cache
def wording(language: str) -> tuple[Fact, ...]:
    """Return the fixed text of messages that holds a numeral, longest first."""
    found: dict[str, Fact] = {}
    for key, message in Text.of(language).messages.items():
        for literal, *_ in string.Formatter().parse(message):
            text = tidy(literal)
            if numerals(text, language) and not text.isdigit() and len(text) > 1:
                found.setdefault(text, Fact(f"wording {key}", text=text))
    return tuple(sorted(found.values(), key=lambda fact: -len(fact.text)))


def unsupported(passages: Iterable[Passage], language: str) -> Iterator[Support]:
    """Yield the numerals of passages that rest on nothing."""
    return (support for support in grounded(passages, language) if not support.holds)


def grounded(passages: Iterable[Passage], language: str) -> Iterator[Support]:
    """Yield the numerals of passages with what each rests on."""
    known: dict[tuple[Basis, ...], Nearby] = {}
    for text, bases in dict.fromkeys((each.text, tuple(dict.fromkeys(each.rests_on))) for each in passages):
        if bases not in known:
            known[bases] = Nearby.of(bases)
        yield from supports(text, known[bases], language, "a passage", with_all=True)


def supports(
    text: str, nearby: Nearby, language: str, where: str, *, with_all: bool = False
) -> Iterator[Support]:
    """Yield the numerals of a passage with the facts that each rests on; ``with_all`` that agree with it."""
    found = numerals(_without_names(text, nearby.labels), language)
    if not found:
        return
    quotes = find_quotes(text, (*nearby.texts, *wording(language)))
    for numeral in found:
        if quote := within(numeral, quotes):
            also = (quote, *(fact for start, end, fact in quotes if start <= numeral.start < end))
            yield Support(numeral, where, text, (quote,), QUOTED, also=also)
        else:
            near = nearby.to(numeral)
            facts = agreeing(numeral, near, strict=False)
            others = (fact for fact in near if with_all and _fits(numeral, fact, strict=False))
            yield Support(numeral, where, text, facts, AS_WRITTEN, also=(*facts, *others))


def passages_in(text: str, parts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the parts that stand within a text, the longest first as they are given, none over another."""
    taken: list[tuple[int, int]] = []
    for part in parts:
        start = text.find(part) if len(part) < len(text) else -1
        if start >= 0 and not any(a < start + len(part) and start < b for a, b in taken):
            taken.append((start, start + len(part)))
            yield start, part


def _without_names(text: str, names: Iterable[str]) -> str:
    """Return a text with letters for the digits in names of places: a number may stand right behind one."""
    for name in names:
        if name in text:
            text = text.replace(name, re.sub(r"\d", "某", name))
    return text


def find_quotes(text: str, quotable: Iterable[Fact]) -> list[tuple[int, int, Fact]]:
    """Return where a text quotes text with a numeral in it."""
    spans = []
    for fact in quotable:
        start = text.find(fact.text)
        while start >= 0:
            spans.append((start, start + len(fact.text), fact))
            start = text.find(fact.text, start + 1)
    return spans


def within(numeral: Numeral, spans: Iterable[tuple[int, int, Fact]]) -> Fact | None:
    """Return the quoted text that a numeral is part of, a row of the data rather than our wording."""
    held = [fact for start, end, fact in spans if start <= numeral.start and numeral.end <= end]
    # A unit that is read along with the numeral may stand behind the quoted text.
    held = held or [
        fact
        for start, end, fact in spans
        if start <= numeral.start < end and not has_numeral(numeral.text[end - numeral.start :])
    ]
    return min(held, key=lambda fact: fact.name.startswith("wording"), default=None)


def agreeing(numeral: Numeral, facts: Sequence[Fact], *, strict: bool) -> tuple[Fact, ...]:
    """Return one fact for each value of a numeral, or none where one of them agrees with no fact.

    ``strict`` asks for the unit to be said; else it must only not be another one.
    """
    chosen = []
    for place in range(len(numeral.values)):
        fitting = (
            fact
            for fact in facts
            if fact.value is not None and numeral.equals(place, fact.value) and _fits(numeral, fact, strict)
        )
        # An estimate or a figure says more than a count that happens to be as large.
        best = min(fitting, key=_rank, default=None)
        if best is None:
            return ()
        chosen.append(best)
    return tuple(dict.fromkeys(chosen))


def _rank(fact: Fact) -> tuple[bool, ...]:
    name, counted = fact.name, fact.unit.startswith(ROLE)
    return (counted, name.startswith("chart"), " under " in name, not name.endswith("value"))


def _fits(numeral: Numeral, fact: Fact, strict: bool) -> bool:
    return numeral.fits(fact.unit) in ((True,) if strict else (True, None))


def free(
    text: str, where: str, pool: Pool, *, verdicts: Mapping[int, Verdict] | None = None
) -> Iterator[Support]:
    """Yield the numerals of text that a hand has written, matched with all that the memo rests on.

    In prose, ``verdicts`` says by their places what the data makes of what is claimed of each. In the cell of
    a table, a numeral holds where value and unit agree with a fact, or by its value alone.
    """
    quotes = find_quotes(text, pool.quotable)
    if verdicts is not None:
        small = [replace(fact, text=fact.text.lower()) for fact in pool.quotable]
        quotes += find_quotes(normalise(text).lower(), small)
    words = [
        (start, end, Fact(_NO_QUANTITY[why]))
        for start, end, why in exclusions(text)
        if why in _NO_QUANTITY and (why != "date" or "月" in text[start:end])
    ]
    none = Vocabulary.of(text)["none"]
    words += [
        (match.start(), match.end(), Fact("a word or idiom")) for match in none.finditer(normalise(text))
    ]
    if match := _LIST_NUMBER.match(text):
        words.append((match.start(), match.end(), Fact("a number of a list")))
    for numeral in numerals(text, pool.language):
        support = Support(numeral, where, text, (), "")
        if quote := within(numeral, quotes):
            yield replace(support, facts=(quote,), how=QUOTED)
        elif (word := within(numeral, words)) and not _is_vague(numeral):
            yield replace(support, facts=(word,), how=NO_QUANTITY)
        elif verdicts is None:
            yield _cell(support, pool)
        elif counts := agreeing(numeral, pool.counts, strict=True):
            yield replace(support, facts=counts, how=BY_UNIT)
        else:
            yield _judged(support, verdicts[numeral.start])


def _cell(support: Support, pool: Pool) -> Support:
    """Return what a numeral in a cell of a table rests on."""
    if facts := agreeing(support.numeral, (*pool.facts, *pool.counts), strict=True):
        return replace(support, facts=facts, how=BY_UNIT)
    facts = agreeing(support.numeral, pool.facts, strict=False)
    return replace(support, facts=facts, how=BY_VALUE, fault="" if facts else "value")


def _judged(support: Support, verdict: Verdict) -> Support:
    """Return a numeral with what the data makes of its sentence."""
    if verdict.holds:
        return replace(support, facts=tuple(map(fact_of, verdict.facts)), how=AS_SAID)
    return replace(support, fault=verdict.fault or "value", agrees=verdict.agrees, right=verdict.right)


def fact_of(known: Known) -> Fact:
    """Return what is known of a place as a fact."""
    amount = known.amount
    return Fact(f"{known.name}, value", amount.value, amount.unit, figures=" ".join(amount.figure_ids))


def _is_vague(numeral: Numeral) -> bool:
    """Return whether a numeral has no value and counts something all the same: 上百个."""
    return (not numeral.values and bool(_COUNTED.search(numeral.text))) or bool(_FRACTION.match(numeral.text))


@dataclass(frozen=True)
class Pool:
    """Everything that a memo rests on, for text that it did not have when it was made."""

    facts: tuple[Fact, ...]
    counts: tuple[Fact, ...]
    quotable: tuple[Fact, ...]
    language: str

    @staticmethod
    def of(passages: Iterable[Passage], language: str) -> Pool:
        """Return what some passages rest on."""
        bases = {basis.name: basis for passage in passages for basis in passage.rests_on}
        facts = dict.fromkeys(fact for basis in bases.values() for fact in basis.facts)
        long = [fact for fact in wording(language) if len(fact.text) >= LONG]
        # 3个 is printed somewhere, and a span is of one place; that is no ground for another sentence.
        texts = (fact for fact in facts if fact.text and not _VALUES.search(fact.name))
        valued = [fact for fact in facts if not fact.text]
        counts = tuple(fact for fact in valued if fact.unit.startswith(ROLE))
        return Pool(
            tuple(fact for fact in valued if not fact.unit.startswith(ROLE)),
            counts,
            (*texts, *long),
            language,
        )
