"""Every numeral of a memo, also of one edited by hand since, and what it rests on in the data of today."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import docx
from docx.document import Document

from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.show.memo.audit_words import Teller
from analysis.show.memo.binding import Bindings
from analysis.show.memo.claims import Claim, Knowledge, claims_in, judge
from analysis.show.memo.edited import Originals, sentences_of
from analysis.show.memo.facts import Basis, Fact
from analysis.show.memo.ledger import NumeralLedger, find
from analysis.show.memo.matching import (
    AS_SAID,
    AS_WRITTEN,
    OWN,
    Pool,
    Support,
    find_quotes,
    free,
    passages_in,
    supports,
    within,
)
from analysis.show.memo.nearby import Nearby
from analysis.show.memo.passages import Memo, Passage
from analysis.show.memo.reading import Block, blocks
from analysis.show.memo.request import memo_on
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.scan import Numeral, numerals
from analysis.words.sentences import places_of_sentences

SHORT = 8  # characters: a passage must be as long to be looked for inside a longer paragraph
MOST_PLACES = 30  # places that a sentence may be about without naming one


class AuditError(InputError):
    """A file that cannot be audited."""


@dataclass(frozen=True)
class Audit:
    """The numerals of a memo with what each rests on; ``teller`` says it in the language of the memo.

    ``ledger`` is that of the file, ``memo`` the one that would be made today, if the data has what it is on.
    """

    name: str
    supports: tuple[Support, ...]
    teller: Teller = field(repr=False)
    ledger: NumeralLedger = field(repr=False)
    memo: Memo | None = field(repr=False)

    @property
    def same_data(self) -> bool:
        """Whether the data is that from which the memo was made."""
        return self.ledger.about.get("data") == self.teller.labels.data.data_hash

    @property
    def lost(self) -> list[Support]:
        """The numerals that rest on nothing."""
        return [support for support in self.supports if not support.holds]

    @property
    def passed(self) -> bool:
        """Whether every numeral rests on something."""
        return not self.lost

    def __str__(self) -> str:
        held = [support for support in self.supports if support.holds]
        return "\n".join([self.summary, *self.teller.grounds(held)])

    @property
    def summary(self) -> str:
        """What is wrong, by heading and sentence, then how many numerals there are."""
        return "\n".join(
            [*self.teller.faults(self.lost), self.teller.total(self.name, self.supports, self.same_data)]
        )

    def to_json(self) -> str:
        """Return the audit for another program."""
        rows = [
            {
                "where": support.where,
                "heading": support.heading,
                "numeral": support.numeral.text,
                "text": support.text,
                "how": support.how if support.holds else "",
                "rests_on": [fact.name for fact in support.facts],
                "figure_ids": sorted({name for fact in support.facts for name in fact.figures.split()}),
                "fault": support.fault,
                "words": "" if support.holds else self.teller.fault(support),
            }
            for support in self.supports
        ]
        found = {"file": self.name, "passed": self.passed, "same_data": self.same_data, "numerals": rows}
        return json.dumps(found, ensure_ascii=False, indent=2)


def audit(content: bytes, data: Dataset, name: str = "the memo") -> Audit:
    """Return every numeral of a memo with what it rests on in the data as it is now.

    Raises ``AuditError`` for a file that is no Word file or holds no ledger.
    """
    return audit_document(opened(content, name), data, name)


def opened(content: bytes, name: str) -> Document:
    """Return a Word file as a document; raises ``AuditError`` where it is none."""
    try:
        return docx.Document(io.BytesIO(content))
    except Exception as error:
        raise AuditError(f"{name}: it is no Word file; save it in Word as .docx") from error


def audit_document(document: Document, data: Dataset, name: str) -> Audit:
    """Return every numeral of a document with what it rests on."""
    ledger = find(document)
    if ledger is None:
        raise AuditError(
            f"{name}: it holds no ledger, so it was not made by `analysis memo`, or the program that saved "
            "it last left it out; make it anew, and edit it in Word or LibreOffice"
        )
    return audit_blocks(ledger, blocks(document), data, name)


def audit_blocks(ledger: NumeralLedger, texts: Iterable[Block], data: Dataset, name: str) -> Audit:
    """Return every numeral of the texts of a file with what it rests on."""
    memo = memo_on(data, ledger.about)
    now = NumeralLedger({}, tuple(memo.passages)).facts if memo else {}
    language = ledger.about["language"]
    matcher = _Matcher(_confirmed(ledger, now), data)
    earlier = _Matcher(ledger, data)
    bindings = Bindings(ledger.bound, ledger.facts)
    found: list[Support] = []
    for block in texts:
        before = None
        for support in matcher.match(block):
            was = bindings.of(block, support.numeral)
            if was and not any(_holds(fact, now) for fact in was) and support.how != AS_SAID:
                support = replace(support, facts=(), fault=support.fault or "value", was=was)
            if not support.holds and not support.was:
                before = before or {each.numeral.start: each.facts for each in earlier.match(block)}
                support = replace(support, was=before.get(support.numeral.start, ()))
            found.append(replace(support, heading=block.heading, element=block.element))
    teller = Teller(Labels(data, Text.of(language)), now)
    return Audit(name, tuple(found), teller, ledger, memo)


Facts = Mapping[str, Sequence[Fact]]


def _confirmed(ledger: NumeralLedger, now: Facts) -> NumeralLedger:
    """Return the ledger with those facts only that the data of today bears out."""
    known = {basis.name: basis for passage in ledger.passages for basis in passage.rests_on}
    kept = {
        name: Basis(name, tuple(f for f in basis.facts if f.name.startswith(OWN) or _holds(f, now)))
        for name, basis in known.items()
    }
    passages = (Passage(p.text, tuple(kept[basis.name] for basis in p.rests_on)) for p in ledger.passages)
    return replace(ledger, passages=tuple(passages))


def _holds(fact: Fact, now: Facts) -> bool:
    return any(
        fact.text == other.text
        if fact.text or fact.value is None or other.value is None
        else math.isclose(fact.value, other.value) and fact.unit == other.unit
        for other in now.get(fact.name, ())
        if bool(fact.text) == bool(other.text)
    )


@dataclass(frozen=True)
class Reader:
    """Reads what a hand has written: each numeral with what the data makes of its sentence.

    ``pool`` is what the memo rests on, ``places`` whom a sentence is about that names nobody, and ``all`` the
    places that a number may be of.
    """

    language: str
    pool: Pool
    knowledge: Knowledge
    places: tuple[str, ...]
    all: tuple[str, ...]

    @staticmethod
    def of(data: Dataset, language: str, ledger: NumeralLedger | None = None) -> Reader:
        """Return the reader of a memo, or of text that belongs to none."""
        passages = ledger.passages if ledger else ()
        pool = Pool.of(passages, language)
        years = {int(fact.value or 0) for fact in pool.counts if fact.name == "year of the prices"}
        known = tuple(data.programme_ids[:MOST_PLACES])
        own = ledger.about.get("programme", "") if ledger else ""
        places = (own,) if own in data.programme_ids else known
        return Reader(language, pool, data.once(Knowledge, tuple(sorted(years))), places, known)

    def read(self, text: str) -> list[Support]:
        """Return the numerals of a text with what each rests on."""
        return [support for _, found in self.sentences(text, "") for support, _ in found]

    def sentences(self, text: str, where: str) -> Iterator[tuple[str, list[tuple[Support, Claim]]]]:
        """Yield each sentence with a numeral in it, and its numerals with what they claim within it."""
        claims = list(claims_in(text, self.language, self.knowledge.names, self.places))
        verdicts = {each.claim.numeral.start: each for each in judge(claims, self.knowledge, self.all)}
        places = tuple(dict.fromkeys(place for claim in claims for place in claim.places))
        names = [Fact(name, text=words) for words, name in self.knowledge.quotes(places)]
        named = replace(self.pool, quotable=(*self.pool.quotable, *names))
        found = {each.numeral.start: each for each in free(text, where, named, verdicts=verdicts)}
        for start, end in places_of_sentences(text):
            own = [claim for claim in claims if start <= claim.numeral.start < end]
            shift = start + len(text[start:end]) - len(text[start:end].lstrip())
            local = [(found[c.numeral.start], replace(c, numeral=_moved(c.numeral, -shift))) for c in own]
            if local:
                yield text[start:end].strip(), local


class _Matcher:
    """Matches blocks with the passages of a ledger, and with the data where a hand has written."""

    def __init__(self, ledger: NumeralLedger, data: Dataset) -> None:
        self.language = ledger.about["language"]
        self.template = tuple(Fact("text of the template", text=text) for text in ledger.template)
        self.whole = sentences_of((passage.text, passage.rests_on) for passage in ledger.passages)
        self.parts = sorted((text for text in self.whole if len(text) >= SHORT), key=len, reverse=True)
        self.reader = Reader.of(data, self.language, ledger)
        self.nearby: dict[tuple[int, ...], Nearby] = {}
        self.originals = Originals(self.whole, self.language, self.reader.knowledge, self.reader.places)

    def match(self, block: Block) -> Iterator[Support]:
        """Yield the numerals of a block: first those of passages as they were made, then the others."""
        text = block.text
        if not numerals(text):
            return
        if text in self.whole:
            yield from self._supports(text, block.where)
            return
        own = find_quotes(text, self.template)
        held = {
            start + support.numeral.start: support
            for start, part in passages_in(text, self.parts)
            for support in self._supports(part, block.where)
        }
        for support in self._free(block):
            if support.numeral.start in held:
                made = held[support.numeral.start]
                yield replace(made, numeral=support.numeral, text=text)
            elif fact := within(support.numeral, own):
                yield replace(support, facts=(fact,), how=AS_WRITTEN, fault="")
            else:
                yield support

    def _supports(self, passage: str, where: str) -> Iterator[Support]:
        """Yield the numerals of a passage as it was made; those of a table rest on the same."""
        bases = self.whole[passage]
        key = tuple(map(id, bases))
        if key not in self.nearby:
            self.nearby[key] = Nearby.of(bases)
        yield from supports(passage, self.nearby[key], self.language, where)

    def _free(self, block: Block) -> Iterator[Support]:
        """Yield the numerals of text that a hand has written or changed."""
        if block.in_table:
            yield from free(block.text, block.where, self.reader.pool)
            return
        for sentence, found in self.reader.sentences(block.text, block.where):
            yield from self.originals.review(sentence, found)


def _moved(numeral: Numeral, by: int) -> Numeral:
    return replace(numeral, start=numeral.start + by, end=numeral.end + by)
