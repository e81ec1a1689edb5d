"""What a report on one place opens with: a headline and its messages, as long as a reader has time for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.estimates.findings import Finding, Place, findings_of, messages
from analysis.words.findings.clauses import clause
from analysis.words.findings.pieces import Pieces
from analysis.words.findings.sentences import MOST_NUMBERS, sentence
from analysis.words.labels import Labels
from analysis.words.languages import Language

MOST_MESSAGES = 4
LEADING = 3
"""So many messages are said in full before there is a fourth."""


@dataclass(frozen=True)
class Message:
    """One message: its findings, a sentence for each, and the sentences as one text."""

    findings: tuple[Finding, ...]
    sentences: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Opening:
    """A headline, which says what the place did, and at most four messages.

    ``findings`` are all that there are, the most telling first; ``left`` those that neither says.
    """

    headline: str
    messages: tuple[Message, ...]
    findings: tuple[Finding, ...]
    left: tuple[Finding, ...]


def opening(labels: Labels, programme: str) -> Opening:
    """Return what a report on a programme opens with."""
    place = Place(labels.data, programme)
    pieces, found = Pieces(labels, place), findings_of(place)
    chosen = messages(found, 2 * MOST_MESSAGES)
    headline = _headline(pieces, [each for each, *_ in chosen])
    # What the place does not say comes after what it says.
    new = sorted(_worded(pieces, chosen, headline)[:MOST_MESSAGES], key=lambda each: each[0][0].kind == "gap")
    kept = [list(zip(*said, strict=True)) for said in _within(labels, headline, new)]
    shown = tuple(Message(tuple(each), words, labels.sentences(words)) for each, words in kept)
    said = [finding for message in shown for finding in message.findings]
    left = (each for each in found if each not in said and not _is_said(pieces, each, headline))
    return Opening(headline, shown, tuple(found), tuple(left))


Said = tuple[Finding, str]


def _worded(pieces: Pieces, chosen: Iterable[Sequence[Finding]], headline: str) -> list[list[Said]]:
    """Return each message that says more than the headline; what the text leaves open is said once."""
    open_ones: set[str] = set()
    found = []
    for message in chosen:
        said = []
        for finding in () if _is_said(pieces, message[0], headline) else message:
            new = tuple(choice for choice in finding.choices if choice not in open_ones)
            said.append((finding, sentence(pieces, replace(finding, choices=new))))
            open_ones.update(finding.choices)
        if said:
            found.append(said)
    return found


def _is_said(pieces: Pieces, finding: Finding, headline: str) -> bool:
    """Return whether the headline says all of a finding: its numbers, and whether they are a plan."""
    if finding.note:
        return False
    hangs = finding.choices and (finding.varies or finding.status != "open")
    words = sentence(pieces, replace(finding, choices=()))
    return not hangs and adds_no_number(pieces.labels.text.rules, words, headline)


def adds_no_number(language: Language, words: str, said: str) -> bool:
    """Return whether all numbers of a text, which has some, are in what has been said."""
    numbers = set(language.numbers(words))
    return bool(numbers) and numbers <= set(language.numbers(said))


def _within(labels: Labels, headline: str, said: Sequence[Sequence[Said]]) -> list[list[Said]]:
    """Return as many of the sentences as an opening has room for.

    The first sentences of the leading messages come first, then what goes with them, then further messages.
    """
    rules = labels.text.rules
    left = rules.opening - rules.length(headline)
    kept: list[list[Said]] = [[] for _ in said]
    places = [(number, part) for number, message in enumerate(said) for part in range(len(message))]
    for number, part in sorted(places, key=lambda place: (place[0] >= LEADING, place[1] > 0)):
        length = rules.length(said[number][part][1])
        if length <= left and (part == 0 or kept[number]):
            left -= length
            kept[number].append(said[number][part])
    return [message for message in kept if message]


def _headline(pieces: Pieces, found: Iterable[Finding]) -> str:
    """Return what the place did in its own largest terms: as many clauses as can be held in mind."""
    clauses: list[str] = []
    themes: set[str] = set()
    for finding in found:
        # One clause may leave open whether a thing is planned; a second would say the same once more.
        again = finding.theme in themes or (finding.status == "open" and "open" in themes)
        words = "" if again else clause(pieces, finding)
        numbers = len(pieces.labels.text.rules.numbers(" ".join([*clauses, words])))
        if words and numbers <= MOST_NUMBERS and len(clauses) < MOST_NUMBERS:
            clauses.append(words)
            themes |= {finding.theme, finding.status}
    if not clauses:
        return pieces.say("headline_none", place=pieces.name)
    return pieces.say("headline", place=pieces.name, clauses=pieces.labels.clauses(clauses))
