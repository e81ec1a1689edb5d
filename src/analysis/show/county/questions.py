"""The table of what to ask one county, and what its answers settle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.draw.tables import Column, Table
from analysis.estimates.questions import Question, Undated, questions
from analysis.evidence.arithmetic import figure_ids
from analysis.evidence.rows import Choice, Coding
from analysis.show.county.choices import figures_touched
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.labels import Labels
from analysis.words.questions import ask, settles


def questions_of(view: ProgrammeView) -> list[Question]:
    """Return what to ask the county, against its peers, the questions that settle most first."""
    return questions(view.selected, [view.programme])


def questions_table(view: ProgrammeView) -> Table | None:
    """Return the questions with what each answer settles, whichever it is; ``None`` where there are none."""
    found = [each for each in questions_of(view) if each.touched]
    table = settling_table(view.labels, found)
    return table and replace(table, rests=tuple(_figures(view, each.about) for each in found))


def _figures(view: ProgrammeView, about: Choice | Coding | Undated) -> str:
    """Return the figures that a question is about."""
    if isinstance(about, Choice):
        return figures_touched(view, about.choice_id)
    if isinstance(about, Coding):
        return " ".join(name for side in (about.numerator, about.denominator) for name in figure_ids(side))
    return " ".join(about.figure_ids)


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
