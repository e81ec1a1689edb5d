"""What a report on one place opens with: a headline and its messages, as long as a reader has time for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.estimates.findings import Finding, Place, again, findings_of, messages
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

    ``leading`` are the findings that the headline is made of, ``findings`` all that there are, the most
    telling first; ``left`` those that neither headline nor messages say.
    """

    headline: str
    leading: tuple[Finding, ...]
    messages: tuple[Message, ...]
    findings: tuple[Finding, ...]
    left: tuple[Finding, ...]


def opening(labels: Labels, programme: str, like: Opening | None = None) -> Opening:
    """Return what a report on a programme opens with.

    It says the same things as another opening, in its order, if one is given: a message of it that nothing
    is left of has no words.
    """
    place = labels.data.once(Place, programme)
    pieces, found = Pieces(labels, place), findings_of(place)
    if like:
        headline, leading = _headline(pieces, again(found, like.leading))
        said = _worded(pieces, [again(found, each.findings) for each in like.messages])
    else:
        chosen = messages(found, 2 * MOST_MESSAGES)
        headline, leading = _headline(pieces, [each for each, *_ in chosen])
        new = [each for each in _worded(pieces, chosen, headline) if each][:MOST_MESSAGES]
        # What the place does not say comes after what it says.
        said = _within(labels, headline, sorted(new, key=lambda each: each[0][0].kind == "gap"))
    shown = tuple(_message(labels, each) for each in said)
    told = [finding for message in shown for finding in message.findings]
    left = (each for each in found if each not in told and not _is_said(pieces, each, headline))
    return Opening(headline, tuple(leading), shown, tuple(found), tuple(left))


Said = tuple[Finding, str]


def _message(labels: Labels, said: Sequence[Said]) -> Message:
    findings, words = (tuple(each) for each in zip(*said, strict=True)) if said else ((), ())
    return Message(findings, words, labels.sentences(words))


def _worded(pieces: Pieces, chosen: Iterable[Sequence[Finding]], headline: str = "") -> list[list[Said]]:
    """Return the sentences of each message, none where the headline says as much.

    What the text leaves open is said once.
    """
    open_ones: set[str] = set()
    found = []
    for message in chosen:
        said = []
        is_said = headline and _is_said(pieces, message[0], headline)
        for finding in () if is_said else message:
            new = tuple(choice for choice in finding.choices if choice not in open_ones)
            said.append((finding, sentence(pieces, replace(finding, choices=new))))
            open_ones.update(finding.choices)
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


def _headline(pieces: Pieces, found: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """Return what the place did in its own largest terms, as few clauses as are held in mind, and of what."""
    clauses: list[str] = []
    leading: list[Finding] = []
    themes: set[str] = set()
    for finding in found:
        # One clause may leave open whether a thing is planned; a second would say the same once more.
        again = finding.theme in themes or (finding.status == "open" and "open" in themes)
        words = "" if again else clause(pieces, finding)
        numbers = len(pieces.labels.text.rules.numbers(" ".join([*clauses, words])))
        if words and numbers <= MOST_NUMBERS and len(clauses) < MOST_NUMBERS:
            clauses.append(words)
            leading.append(finding)
            themes |= {finding.theme, finding.status}
    if not clauses:
        return pieces.say("headline_none", place=pieces.name), leading
    words = pieces.say("headline", place=pieces.name, clauses=pieces.labels.clauses(clauses))
    return words, leading
