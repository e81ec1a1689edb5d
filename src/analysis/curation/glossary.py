"""What words of a document are called in English and in ids: declared words, and those learnt from rows.

A row that was accepted pairs a Chinese subject with an English one. Where the declared words explain all of
it but one stretch on each side, the two stretches are a pair of words more.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from analysis.evidence.raw import RawTable
from analysis.evidence.schema import DIMENSIONS

_HAN = re.compile(r"[^\W\d_a-zA-Z“”（）]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z’-]*")
_SMALL = re.compile("an?|the|of|in|to|by|for|and|or|with|from|on|at|each", re.I)


@dataclass(frozen=True)
class Word:
    """One word: its Chinese form, what part it plays in a subject, its English and its part of an id."""

    zh: str
    kind: str
    en: str
    slug: str


@dataclass(frozen=True)
class Coded:
    """An accepted coding of one figure alone: its measure and the codes of its dimensions, in their order."""

    subject_zh: str
    measure: str
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class Accepted:
    """An accepted figure: what is said of it, its id without the document, what it alone is evidence for."""

    subject_zh: str
    subject: str
    tail: str
    unit: str
    codings: tuple[Coded, ...]


@dataclass(frozen=True)
class Glossary:
    """Words by their Chinese form, and the accepted figures by their Chinese subject."""

    words: Mapping[str, Word]
    accepted: Mapping[str, Accepted]

    def split(self, text: str) -> list[Word | str]:
        """Return a text as words, longest first, and the stretches that no word covers."""
        found: list[Word | str] = []
        place, longest = 0, max(map(len, self.words))
        while place < len(text):
            lengths = range(min(longest, len(text) - place), 0, -1)
            word = next((w for n in lengths if (w := self.words.get(text[place : place + n]))), None)
            if word is None and found and isinstance(found[-1], str):
                found[-1] += text[place]
            else:
                found.append(word or text[place])
            place += len(word.zh) if word else 1
        return [part for part in found if isinstance(part, Word) or _HAN.search(part)]


@cache
def declared() -> dict[str, Word]:
    """Return the words that ``words.csv`` declares."""
    text = resources.files("analysis.curation").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["zh"]: Word(**row) for row in csv.DictReader(text.splitlines())}


def learn(tables: Mapping[str, RawTable], without: Iterable[str] = ()) -> Glossary:
    """Return the glossary of the accepted rows, but for those of the sources ``without``."""
    left_out = set(without)
    figures = [row for row in _rows(tables["figures"]) if row["source_id"] not in left_out]
    coded = list(_rows(tables["codings"]))
    accepted = [_accepted(row, coded) for row in figures]
    pairs = [(row.subject_zh, row.subject) for row in accepted]
    words = dict(declared())
    for zh, en in _learnt(Glossary(words, {}), pairs):
        words.setdefault(zh, Word(zh, "noun", en, "-".join(re.findall("[a-z]+", en.lower()))))
    return Glossary(words, {row.subject_zh: row for row in accepted})


def _accepted(figure: Mapping[str, str], codings: Iterable[Mapping[str, str]]) -> Accepted:
    subject, tail = figure["subject_zh"], figure["figure_id"].partition(".")[2]
    alone = (row for row in codings if row["numerator"] == figure["figure_id"])
    coded = tuple(
        Coded(subject, row["measure"], tuple(row[name] for name in DIMENSIONS))
        for row in alone
        if not row["denominator"] and not row["when"]
    )
    return Accepted(subject, figure["subject"], tail, figure["unit"], coded)


def _rows(table: RawTable) -> Iterator[dict[str, str]]:
    columns = table.table.columns
    for cells in zip(*(table.column(column) for column in columns), strict=True):
        yield dict(zip(columns, cells, strict=True))


def _learnt(known: Glossary, pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of stretches that are left over on both sides, where they are always the same."""
    found: dict[str, Counter[str]] = {}
    for zh, en in pairs:
        parts = known.split(re.sub(r"[（(].*?[）)]$", "", zh))
        rest_zh = [part for part in parts if isinstance(part, str)]
        rest_en = _left_over(en, [part.en for part in parts if isinstance(part, Word)])
        if len(rest_zh) == 1 and len(rest_en) == 1 and _HAN.fullmatch(rest_zh[0]):
            found.setdefault(rest_zh[0], Counter())[rest_en[0]] += 1
    for zh, counts in found.items():
        if len(counts) == 1 and len(zh) > 1 and counts.total() > 1:
            yield zh, next(iter(counts))


def _left_over(en: str, known: list[str]) -> list[str]:
    """Return the stretches of English words that the known words leave."""
    stems = {_stem(word) for text in known for word in _WORD.findall(text)}
    stretches: list[list[str]] = [[]]
    for word in _WORD.findall(en):
        if _stem(word) in stems or _SMALL.fullmatch(word):
            stretches.append([])
        else:
            stretches[-1].append(word)
    return [" ".join(words) for words in stretches if words]


def _stem(word: str) -> str:
    return re.sub("(?:ies|es|s|ed|d|ing)$", "", word.lower())


def plural(noun: str) -> str:
    """Return the plural of an English noun, of its last word or of the one before “of”."""
    first, of, rest = noun.partition(" of ")
    if re.search("funds|pay|wages|equipment|people|training|staff$", first):
        return noun
    if first.endswith("person"):
        first = first.removesuffix("person") + "people"
    elif re.search("[^aeiou]y$", first):
        first = first[:-1] + "ies"
    else:
        first += "es" if re.search("(?:s|x|ch|sh)$", first) else "s"
    return first + of + rest
