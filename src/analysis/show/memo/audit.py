"""Every numeral of a memo, also of one edited by hand since, and what it rests on in the data of today."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import docx

from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.show.memo.facts import Basis, Fact
from analysis.show.memo.ledger import NumeralLedger, find
from analysis.show.memo.matching import AS_WRITTEN, Pool, Support, find_quotes, free, supports, within
from analysis.show.memo.passages import Passage
from analysis.show.memo.reading import Block, blocks
from analysis.show.memo.request import memo_on
from analysis.show.memo.scan import numerals

SHORT = 8  # characters: a passage must be as long to be looked for inside a longer paragraph
EXCERPT = 60  # characters of a text that is shown
OWN = ("number of ", "wording ")  # facts that are about the memo itself, whatever the data says


class AuditError(InputError):
    """A file that cannot be audited."""


@dataclass(frozen=True)
class Audit:
    """The numerals of a memo with what each rests on."""

    name: str
    supports: tuple[Support, ...]
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
            facts = "; ".join(map(_cite, support.facts))
            rests = f"{facts} ({support.how})" if support.holds else f"rests on nothing{_was(support)}"
            lines.append(f"  {support.numeral.text}: {rests}")
        return "\n".join([*lines, self.summary])

    @property
    def summary(self) -> str:
        """How many numerals there are, and where those stand that rest on nothing."""
        lines = [
            f"{lost.where}: {lost.numeral.text!r} rests on nothing in {_excerpt(lost.text)}{_was(lost)}"
            for lost in self.lost
        ]
        changed = "" if self.same_data else "; the data has changed since the memo was made"
        total = f"{self.name}: {len(self.supports)} numerals, {len(lines)} of them rest on nothing{changed}"
        return "\n".join([*lines, total])

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
                "was": support.was,
            }
            for support in self.supports
        ]
        found = {"file": self.name, "passed": self.passed, "same_data": self.same_data, "numerals": rows}
        return json.dumps(found, ensure_ascii=False, indent=2)


def _cite(fact: Fact) -> str:
    return f"{fact.name} [{fact.figures}]" if fact.figures else fact.name


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


def _was(support: Support) -> str:
    return f"; {support.was}" if support.was else ""


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
            f"{name}: it holds no ledger, so it was not made by `analysis memo`, or the program that saved "
            "it last left it out; make it anew, and edit it in Word or LibreOffice"
        )
    memo = memo_on(data, ledger.about)
    now = NumeralLedger({}, tuple(memo.passages)).facts if memo else {}
    matcher, earlier = _Matcher(_confirmed(ledger, now)), _Matcher(ledger)
    found = []
    for block in blocks(document):
        for support in matcher.match(block):
            found.append(
                support if support.holds else replace(support, was=earlier.fate(support, block, now))
            )
    return Audit(name, tuple(found), ledger.about.get("data") == data.data_hash)


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


class _Matcher:
    """Matches blocks with the passages of a ledger."""

    def __init__(self, ledger: NumeralLedger) -> None:
        self.language = ledger.about["language"]
        self.pool = Pool.of(ledger.passages, self.language)
        self.template = tuple(Fact("text of the template", text=text) for text in ledger.template)
        self.whole: dict[str, list[Basis]] = {}
        for passage in ledger.passages:
            self.whole.setdefault(passage.text, []).extend(passage.rests_on)
        self.parts = sorted((text for text in self.whole if len(text) >= SHORT), key=len, reverse=True)

    def match(self, block: Block) -> Iterator[Support]:
        """Yield the numerals of a block: first those of passages as they were made, then the others."""
        if not numerals(block.text):
            return
        if block.text in self.whole:
            yield from supports(block.text, self.whole[block.text], self.language, block.where)
            return
        own = find_quotes(block.text, self.template)
        held = {
            start + support.numeral.start: support
            for start, text in self._passages(block.text)
            for support in supports(text, self.whole[text], self.language, block.where)
        }
        for support in free(block.text, block.where, self.pool, in_table=block.in_table):
            if support.numeral.start in held:
                made = held[support.numeral.start]
                yield replace(made, numeral=support.numeral, text=block.text)
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

    def fate(self, lost: Support, block: Block, now: Facts) -> str:
        """Return what a numeral rested on that has lost its ground, and what has become of that."""
        before = next(support for support in self.match(block) if support.numeral == lost.numeral)
        words = []
        for fact in before.facts:
            others = now.get(fact.name, [])
            shown = ", ".join(other.text or f"{other.value:g} {other.unit}".strip() for other in others[:3])
            moved = f"it rested on {_cite(fact)}, which now is {shown}"
            words.append(moved if others else f"{_cite(fact)} is gone")
        return "; ".join(words)
