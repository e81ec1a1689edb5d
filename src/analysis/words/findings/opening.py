"""What a report on one place opens with: a headline and its messages, as long as a reader has time for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.estimates.findings import Finding, Place, findings, messages
from analysis.words.findings.clauses import clause
from analysis.words.findings.pieces import Pieces
from analysis.words.findings.sentences import MOST_NUMBERS, sentence
from analysis.words.labels import Labels

MOST_MESSAGES = 4
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True)
class Message:
    """One message: its findings, and the words for them."""

    findings: tuple[Finding, ...]
    words: str


@dataclass(frozen=True)
class Opening:
    """A headline, which says what the place did, and at most four messages."""

    headline: str
    messages: tuple[Message, ...]


def opening(labels: Labels, programme: str) -> Opening:
    """Return what a report on a programme opens with."""
    pieces = Pieces(labels, Place(labels.data, programme))
    chosen = messages(findings(labels.data, programme), MOST_MESSAGES + 2)
    headline = _headline(pieces, [each for each, *_ in chosen])
    said = [[sentence(pieces, each) for each in message] for message in chosen[:MOST_MESSAGES]]
    kept = _within(labels, headline, said)
    return Opening(
        headline,
        tuple(
            Message(tuple(message[: len(words)]), labels.sentences(words))
            for message, words in zip(chosen, kept, strict=False)
        ),
    )


def _within(labels: Labels, headline: str, said: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return as many of the sentences as an opening has room for: the first of each message comes first."""
    rules = labels.text.rules
    left = rules.opening - rules.length(headline)
    kept: list[list[str]] = []
    for first, *_ in said:
        left -= rules.length(first)
        if kept and left < 0:
            break
        kept.append([first])
    for words, (_, *more) in zip(kept, said, strict=False):
        for further in more:
            if rules.length(further) <= left:
                left -= rules.length(further)
                words.append(further)
    return kept


def _headline(pieces: Pieces, found: Iterable[Finding]) -> str:
    """Return what the place did in its own largest terms: as many clauses as can be held in mind."""
    clauses: list[str] = []
    themes: set[str] = set()
    for finding in found:
        words = clause(pieces, finding) if finding.theme not in themes else ""
        numbers = len(_NUMBER.findall(" ".join([*clauses, words])))
        if words and numbers <= MOST_NUMBERS and len(clauses) < MOST_NUMBERS:
            clauses.append(words)
            themes.add(finding.theme)
    if not clauses:
        return pieces.say("headline_none", place=pieces.name)
    return pieces.say("headline", place=pieces.name, clauses=_joined(pieces, clauses))


def _joined(pieces: Pieces, clauses: Sequence[str]) -> str:
    """Return clauses as one; a list of them would run into the lists that they contain."""
    *before, last = clauses
    if not before:
        return last
    comma = pieces.labels.text("number.attribute_separator")
    return pieces.say("clauses", before=comma.join(before), last=last)
