"""What curators have noted on the way, for the reader: on codings, choices and arithmetic."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.evidence.rows import Choice, Coding, rows_of
from analysis.words.labels import Labels


def coding_notes(
    labels: Labels, programme: str, measures: Iterable[str], *, bounds: bool = False
) -> tuple[str, ...]:
    """Return the notes on how figures of a programme were coded, each with the measures that it is about.

    A note on an absence stands with the absence, as its reason. ``bounds`` asks for those on values that only
    are bounds.
    """
    wanted = set(measures)
    found: dict[str, dict[str, None]] = {}
    for row in rows_of(Coding, labels.data.codings, programme_id=programme):
        if row.note and row.measure in wanted and not row.absence and (row.bound or not bounds):
            found.setdefault(labels.of(row, "note"), {})[labels.measure(row.measure)] = None
    return tuple(
        labels.text("report.notes_of", name=labels.text.listing(names), note=note)
        for note, names in found.items()
    )


def choice_notes(labels: Labels, choices: Iterable[Choice]) -> tuple[str, ...]:
    """Return the notes on open questions, each behind the questions that it is about."""
    found: dict[str, list[str]] = {}
    for choice in choices:
        if choice.note:
            found.setdefault(labels.of(choice, "note"), []).append(labels.of(choice, "question"))
    return tuple(labels.sentences([*questions, note]) for note, questions in found.items())
