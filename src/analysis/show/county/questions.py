"""The table of what to ask one county, and what its answers settle."""

from __future__ import annotations

from analysis.draw.tables import Column, Table
from analysis.estimates.questions import Question, questions
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.questions import ask, settles


def questions_of(view: ProgrammeView) -> list[Question]:
    """Return what to ask the county, against its peers, the questions that settle most first."""
    return questions(view.selected, [view.programme])


def questions_table(view: ProgrammeView) -> Table | None:
    """Return the questions with what each answer settles, whichever it is; ``None`` where there are none.

    Questions on which nothing depends are left out.
    """
    rows = tuple(
        {"question": ask(view.labels, each), "settles": settles(view.labels, each)}
        for each in questions_of(view)
        if each.touched
    )
    if not rows:
        return None
    columns = (
        Column("question", view.text("table.question")),
        Column("settles", view.text("questions.column_settles")),
    )
    return Table("questions", view.text("questions.caption"), columns, rows)
