"""An invented document, written figure by figure, so that every locator and the hash are true."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.evidence.characters import to_simplified

Row = dict[str, str]
DIGITS = "一二三四五六七八九十"
PLAIN = 0.55  # the share of numerals without a qualifier
SPELT = 0.3  # the share of counts up to ten that stand in characters


@dataclass(frozen=True)
class Printed:
    """A quantity as a document prints it: the text, and what it says."""

    text: str
    value: float
    value_to: float | None = None
    qualifier: str = "exact"


@dataclass(frozen=True)
class Dating:
    """The year of a figure, a range ``2018/2021``, or none, and how it is known."""

    year: str = ""
    year_basis: str = "unknown"


@dataclass(frozen=True)
class Fact:
    """What a figure is of: the columns of ``figures.csv`` that do not follow from its numeral."""

    subject: str
    subject_zh: str
    theme: str
    unit: str
    period: str = "none"
    basis: str = "total"
    status: str = "achieved"
    dating: Dating = Dating()
    note: str = ""
    note_zh: str = ""

    def dated(self, dating: Dating) -> Fact:
        """Return the fact in another year."""
        return replace(self, dating=dating)


def money(yuan: float) -> Printed:
    """Return an amount printed in 万元, or in 元 below a thousand or where it is no round sum."""
    tens = round(yuan)
    if tens < 10_000 or tens % 100:
        return Printed(f"{tens}元", tens)
    return Printed(f"{tens / 10_000:.12g}万元", tens)


def count(number: int, word: str, random: np.random.Generator | None = None) -> Printed:
    """Return a number with its measure word; a small one now and then in characters."""
    if random is not None and 0 < number <= len(DIGITS) and random.random() < SPELT:
        digit = "两" if number == 2 else DIGITS[number - 1]
        return Printed(f"{digit}{word}", number)
    return Printed(f"{number}{word}", number)


def share(percent: int) -> Printed:
    """Return a share printed in per cent."""
    return Printed(f"{percent}%", percent / 100)


def qualified(printed: Printed, random: np.random.Generator) -> Printed:
    """Return the quantity as it is, or with a word that limits it, at the rates seen in real documents."""
    if random.random() < PLAIN:
        return printed
    word, qualifier = {
        0: ("超过", "at_least"),
        1: ("近", "nearly"),
        2: ("约", "approximately"),
        3: ("不足", "below"),
        4: ("", "exact"),
        5: ("", "exact"),
        6: ("至少", "at_least"),
    }[int(random.integers(7))]
    return replace(printed, text=f"{word}{printed.text}", qualifier=qualifier)


@dataclass
class Document:
    """One invented document: its text so far, and the rows of the numerals in it.

    ``year`` is that of a document which appeared later than the first of its place.
    """

    source_id: str
    text: str = ""
    paragraph: int = 0
    figures: list[Row] = field(default_factory=list)
    exclusions: list[Row] = field(default_factory=list)
    year: int = 0

    def begin(self, opening: str = "") -> None:
        """Begin a paragraph."""
        self.text += ("\n" if self.text else "") + opening
        self.paragraph += 1

    def say(self, words: str) -> None:
        """Go on with words that hold no numeral."""
        self.text += words

    def exclude(self, printed: str, reason: str) -> None:
        """Go on with a numeral that is no figure."""
        self.exclusions.append(self._span(printed) | {"reason": reason})

    def figure(self, name: str, printed: Printed, fact: Fact) -> str:
        """Go on with a figure, and return its id."""
        figure_id = f"{self.source_id}.{name}"
        row = self._span(printed.text) | {
            "figure_id": figure_id,
            "value": f"{printed.value:.12g}",
            "value_to": "" if printed.value_to is None else f"{printed.value_to:.12g}",
            "qualifier": printed.qualifier,
            "year": fact.dating.year,
            "year_basis": fact.dating.year_basis,
        }
        names = ("subject", "subject_zh", "theme", "unit", "period", "basis", "status", "note", "note_zh")
        self.figures.append(row | {name: getattr(fact, name) for name in names})
        return figure_id

    def _span(self, printed: str) -> Row:
        start, end = len(self.text), len(self.text) + len(printed)
        self.text += printed
        return {
            "source_id": self.source_id,
            "paragraph": str(self.paragraph),
            "start": str(start),
            "end": str(end),
            "printed": to_simplified(printed),
        }

    def content(self, encoding: str) -> bytes:
        """Return the document as the bytes of its file."""
        return f"{self.text}\n".encode(encoding)

    def sha256(self, encoding: str) -> str:
        """Return the hash of the file."""
        return hashlib.sha256(self.content(encoding)).hexdigest()
