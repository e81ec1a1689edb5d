"""Every numeral of a memo, also of one edited by hand since, and what it rests on in the data of today."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import docx
from docx.document import Document

from analysis.evidence.dataset import Dataset
from analysis.show.memo.chartreading import Block
from analysis.show.memo.content import Memo
from analysis.show.memo.facts import Basis, Fact, Passage
from analysis.show.memo.ledger import Ledger, find
from analysis.show.memo.matching import AS_WRITTEN, Pool, Support, free, quoted_spans, supports, within
from analysis.show.memo.reading import blocks
from analysis.show.memo.scan import numerals
from analysis.show.memo.subjects import memo_on
from analysis.show.params import ParameterError

SHORT = 8  # characters: a passage must be as long to be looked for inside a longer paragraph
EXCERPT = 60  # characters of a text that is shown
OWN = ("number of ", "wording ")  # facts that are about the memo itself, whatever the data says


class AuditError(ParameterError):
    """A file that cannot be audited."""

    def __init__(self, message: str) -> None:
        ValueError.__init__(self, message)
        self.messages = [message]


@dataclass(frozen=True)
class Audit:
    """The numerals of a memo with what each rests on; ``was`` says what a lost one rested on."""

    name: str
    supports: tuple[Support, ...]
    was: Mapping[int, str]
    same_data: bool

    @property
    def lost(self) -> list[Support]:
        """The numerals that rest on nothing."""
        return [support for support in self.supports if not support.holds]

    @property
    def passed(self) -> bool:
        """Whether every numeral rests on something."""
        return not self.lost

    def __str__(self) -> str:
        lines, before = [], ""
        for support in self.supports:
            if support.where != before:
                before = support.where
                lines.append(f"{before}: {_excerpt(support.text)}")
            lines.append(f"  {support.numeral.text}: {self._rests(support)}")
        return "\n".join([*lines, self.summary])

    @property
    def summary(self) -> str:
        """How many numerals there are, and where those stand that rest on nothing."""
        lost = self.lost
        lines = [
            f"{support.where}: {support.numeral.text!r} rests on nothing in {_excerpt(support.text)}"
            + (f"; {self.was[id(support)]}" if id(support) in self.was else "")
            for support in lost
        ]
        changed = "" if self.same_data else "; the data has changed since the memo was made"
        total = f"{self.name}: {len(self.supports)} numerals, {len(lost)} of them rest on nothing{changed}"
        return "\n".join([*lines, total])

    def _rests(self, support: Support) -> str:
        if not support.holds:
            return (
                f"rests on nothing; {self.was[id(support)]}"
                if id(support) in self.was
                else "rests on nothing"
            )
        return f"{'; '.join(map(_named, support.facts))} ({support.how})"

    def to_json(self) -> str:
        """Return the audit for another program."""
        rows = [
            {
                "where": support.where,
                "numeral": support.numeral.text,
                "text": support.text,
                "how": support.how if support.holds else "",
                "rests_on": [fact.name for fact in support.facts],
                "figure_ids": sorted({name for fact in support.facts for name in fact.figures.split()}),
                "was": self.was.get(id(support), ""),
            }
            for support in self.supports
        ]
        found = {"file": self.name, "passed": self.passed, "same_data": self.same_data, "numerals": rows}
        return json.dumps(found, ensure_ascii=False, indent=2)


def _named(fact: Fact) -> str:
    return f"{fact.name} [{fact.figures}]" if fact.figures else fact.name


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


def audit(content: bytes, data: Dataset, name: str = "the memo") -> Audit:
    """Return every numeral of a memo with what it rests on in the data as it is now.

    Raises ``AuditError`` for a file that is no Word file or holds no ledger.
    """
    try:
        document = docx.Document(io.BytesIO(content))
    except Exception as error:
        raise AuditError(f"{name}: it is no Word file; save it in Word as .docx") from error
    ledger = find(document)
    if ledger is None:
        raise AuditError(
            f"{name}: it holds no ledger, so it was not made by `analysis memo`, or the program that "
            f"saved it "
            "last left it out; make it anew, and edit it in Word or LibreOffice"
        )
    return _audited(document, ledger, data, name)


def _audited(document: Document, ledger: Ledger, data: Dataset, name: str) -> Audit:
    language = ledger.about["language"]
    now = _facts_now(ledger, data)
    current = _current(ledger, now)
    matcher, earlier = _Matcher(current, language), _Matcher(ledger, language)
    try:
        found = [support for block in blocks(document) for support in matcher.block(block)]
    except ValueError as error:
        raise AuditError(f"{name}: {error}") from error
    was: dict[int, str] = {}
    if lost := [support for support in found if not support.holds]:
        for support in lost:
            block = Block(support.text, support.where)
            before = next(s for s in earlier.block(block) if s.numeral == support.numeral)
            if before.holds:
                was[id(support)] = _moved(before.facts, now)
    return Audit(name, tuple(found), was, ledger.about.get("data") == data.data_hash)


def _facts_now(ledger: Ledger, data: Dataset) -> dict[str, list[Fact]]:
    """Return what the memo would rest on if it were made from the data as it is now."""
    memo: Memo | None = memo_on(data, ledger.about)
    if memo is None:
        return {}
    return Ledger({}, tuple(memo.passages)).facts


def _current(ledger: Ledger, now: Mapping[str, Sequence[Fact]]) -> Ledger:
    """Return the ledger with those facts only that the data still bears out."""
    kept: dict[str, Basis] = {}

    def still(basis: Basis) -> Basis:
        if basis.name not in kept:
            facts = tuple(fact for fact in basis.facts if fact.name.startswith(OWN) or _holds(fact, now))
            kept[basis.name] = Basis(basis.name, facts)
        return kept[basis.name]

    passages = tuple(Passage(p.text, tuple(map(still, p.rests_on))) for p in ledger.passages)
    return replace(ledger, passages=passages)


def _holds(fact: Fact, now: Mapping[str, Sequence[Fact]]) -> bool:
    return any(
        fact.text == other.text
        if fact.text or fact.value is None or other.value is None
        else math.isclose(fact.value, other.value) and fact.unit == other.unit
        for other in now.get(fact.name, ())
        if bool(fact.text) == bool(other.text)
    )


def _moved(facts: Sequence[Fact], now: Mapping[str, Sequence[Fact]]) -> str:
    """Return what has become of the facts that a numeral rested on."""
    said = []
    for fact in facts:
        others = now.get(fact.name, [])
        shown = ", ".join(other.text or f"{other.value:g} {other.unit}".strip() for other in others[:3])
        said.append(
            f"it rested on {_named(fact)}, which now is {shown}" if others else f"{_named(fact)} is gone"
        )
    return "; ".join(said)


class _Matcher:
    """Matches blocks with the passages of a ledger."""

    def __init__(self, ledger: Ledger, language: str) -> None:
        self.language = language
        self.pool = Pool.of(ledger.passages, language)
        self.template = tuple(Fact("text of the template", text=text) for text in ledger.template)
        self.whole: dict[str, list[Basis]] = {}
        for passage in ledger.passages:
            self.whole.setdefault(passage.text, []).extend(passage.rests_on)
        self.parts = sorted((text for text in self.whole if len(text) >= SHORT), key=len, reverse=True)

    def block(self, block: Block) -> Iterator[Support]:
        """Yield the numerals of a block: first those of passages as they were made, then the others."""
        if not numerals(block.text):
            return
        if block.text in self.whole:
            yield from supports(block.text, self.whole[block.text], self.language, block.where)
            return
        made = list(self._passages(block.text))
        own = quoted_spans(block.text, self.template)
        held = {}
        for start, text in made:
            for support in supports(text, self.whole[text], self.language, block.where):
                held[start + support.numeral.start] = support
        for support in free(block.text, block.where, self.pool, in_table=block.in_table):
            place = support.numeral.start
            if place in held:
                yield replace(held[place], numeral=support.numeral, text=block.text)
            elif fact := within(support.numeral, own):
                yield replace(support, facts=(fact,), how=AS_WRITTEN)
            else:
                yield support

    def _passages(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the passages within a text, the longest first, none over another."""
        taken: list[tuple[int, int]] = []
        for part in self.parts:
            start = text.find(part) if len(part) < len(text) else -1
            if start >= 0 and not any(a < start + len(part) and start < b for a, b in taken):
                taken.append((start, start + len(part)))
                yield start, part
