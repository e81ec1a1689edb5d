"""What a report says of each theme after its opening: sentences, and what is left for a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analysis.estimates.findings import Finding, Place
from analysis.evidence.rows import group_by
from analysis.evidence.themes import THEMES
from analysis.words.findings.opening import Opening
from analysis.words.findings.pieces import Pieces
from analysis.words.findings.sentences import MOST_NUMBERS, PLANNED, counted_figures, sentence
from analysis.words.labels import Labels

MOST_SENTENCES = 4
_LONGEST = 12
"""A subject of more words than these is no part of a list in a sentence."""


@dataclass(frozen=True)
class Paragraph:
    """One theme: sentences, the findings that each of them says, and those that a table has to show."""

    theme: str
    sentences: tuple[str, ...]
    said: tuple[tuple[Finding, ...], ...]
    rest: tuple[Finding, ...]


def section_of(theme: str) -> str:
    """Return the theme whose section tells of a theme of figures: pay tells of operating funds."""
    return next((code for code, known in THEMES.items() if theme in known.tells), theme)


def paragraphs(labels: Labels, programme: str, opening: Opening) -> list[Paragraph]:
    """Return what is left to say of each theme, that with the strongest finding first.

    A theme that the opening has said all of comes with nothing to say.
    """
    pieces = Pieces(labels, labels.data.once(Place, programme))
    said = [finding for message in opening.messages for finding in message.findings]
    explained = {choice for finding in said for choice in finding.choices}
    return [
        _paragraph(pieces, theme, [each for each in found if each in opening.left], explained)
        for theme, found in group_by(opening.findings, lambda each: section_of(each.theme)).items()
    ]


def _paragraph(pieces: Pieces, theme: str, found: Sequence[Finding], explained: set[str]) -> Paragraph:
    """Return the sentences on findings of a theme; what the text leaves open is said once on a page."""
    figures = [each for each in found if each.topic == "figure"]
    others = [each for each in found if each.topic != "figure"]
    # A note that no table can show is always said.
    worded = [each for number, each in enumerate(others) if number < MOST_SENTENCES or each.note]
    sentences: list[str] = []
    said: list[tuple[Finding, ...]] = [(each,) for each in worded]
    for finding in worded:
        new = tuple(choice for choice in finding.choices if choice not in explained)
        explained.update(new)
        sentences.append(sentence(pieces, replace(finding, choices=new)))
    listed = _listed(pieces, figures) if len(sentences) < MOST_SENTENCES else []
    if listed:
        sentences.append(
            counted_figures(pieces, [pieces.place.figures[each.figure_ids[0]] for each in listed])
        )
        said.append(tuple(listed))
    rest = [
        *(each for each in others if each not in worded),
        *(each for each in figures if each not in listed),
    ]
    once: dict[str, tuple[Finding, ...]] = {}  # one note may be the reason of several gaps
    for words, findings in zip(sentences, said, strict=True):
        once[words] = (*once.get(words, ()), *findings)
    return Paragraph(theme, tuple(once), tuple(once.values()), tuple(rest))


def _listed(pieces: Pieces, figures: Iterable[Finding]) -> list[Finding]:
    """Return the first figures of one status whose subjects are short enough for a list."""
    short = [each for each in figures if _is_short(pieces, each)]
    alike = [each for each in short if _aim(each) == _aim(short[0])]
    return alike[:MOST_NUMBERS]


def _aim(finding: Finding) -> str:
    """Return whether a finding is or may be an aim; what is done and what is there stand in one list."""
    return finding.status if finding.status in PLANNED else ""


def _is_short(pieces: Pieces, finding: Finding) -> bool:
    figure = pieces.place.figures[finding.figure_ids[0]]
    subject = pieces.subject(figure)
    # Subjects are plural; one with a comma of its own would fall apart in a list.
    return (
        figure.value > 1
        and not re.search("[,，、；;]", subject)
        and pieces.labels.text.rules.length(subject)
        <= _LONGEST * (1 if pieces.labels.text.rules.space else 2)
    )
