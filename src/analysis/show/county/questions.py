"""The table of what to ask one county, and what its answers settle."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.draw.tables import Column, Table
from analysis.estimates.questions import Question, questions
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.labels import Labels
from analysis.words.questions import ask, settles


def questions_of(view: ProgrammeView) -> list[Question]:
    """Return what to ask the county, against its peers, the questions that settle most first."""
    return questions(view.selected, [view.programme])


def questions_table(view: ProgrammeView) -> Table | None:
    """Return the questions with what each answer settles, whichever it is; ``None`` where there are none."""
    return settling_table(view.labels, questions_of(view))


def settling_table(labels: Labels, found: Iterable[Question]) -> Table | None:
    """Return some questions with what each answer settles; those on which nothing depends are left out."""
    rows = tuple(
        {"question": ask(labels, each), "settles": settles(labels, each)} for each in found if each.touched
    )
    if not rows:
        return None
    columns = (
        Column("question", labels.text("table.question")),
        Column("settles", labels.text("questions.column_settles")),
    )
    return Table("questions", labels.text("questions.caption"), columns, rows)
