"""The table of one programme's open questions: each reading, its standing, and what it does."""

from __future__ import annotations

from analysis.draw.tables import Table
from analysis.estimates.measures import figures_of
from analysis.evidence import arithmetic
from analysis.evidence.register import parse_when
from analysis.evidence.rows import Choice, Reading, rows_of
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.arithmetic import relation_phrase
from analysis.words.notes import choice_notes
from analysis.words.phrases import bounded_phrase


def readings_table(view: ProgrammeView) -> Table | None:
    """Return the programme's choices: each reading, whether it is feasible, and what it does."""
    rows = [_cells(view, choice, each) for choice in view.choices for each in _readings(view, choice)]
    if not rows:
        return None
    figures = (
        figures_touched(view, choice.choice_id) for choice in view.choices for _ in _readings(view, choice)
    )
    columns = view.columns("question", "reading", "standing", "reason", "effect")
    notes = choice_notes(view.labels, view.choices)
    if view.deflated:
        notes = (*notes, view.text("tables.prices", prices=view.text("chart.nominal")))
    title = view.text("table.caption_readings")
    return Table("readings", title, columns, tuple(rows), group="question", notes=notes, rests=tuple(figures))


def _readings(view: ProgrammeView, choice: Choice) -> list[Reading]:
    frame = view.data.readings.sort_values("rank")
    return rows_of(Reading, frame, choice_id=choice.choice_id)


def figures_touched(view: ProgrammeView, choice: str) -> str:
    """Return the figures in the arithmetic of the readings of a choice, and of the estimates it touches."""
    requires = view.data.readings.loc[view.data.readings["choice_id"] == choice, "requires"]
    sides = (side for each in requires if each for side in arithmetic.split_relation(each)[::2])
    named = [name for side in sides for name in arithmetic.figure_ids(side)]
    touched = (row for row in view.own_estimates if choice in parse_when(row.reading))
    return " ".join(dict.fromkeys([*named, *figures_of(touched)]))


def _cells(view: ProgrammeView, choice: Choice, reading: Reading) -> dict[str, str]:
    kind = view.text.code("kind", choice.kind)
    return {
        "question": view.labels.with_detail(view.labels.of(choice, "question"), [kind]),
        "reading": view.labels.of(reading, "label"),
        "standing": view.labels.standing(reading),
        "reason": _reason(view, reading),
        "effect": _effect(view, choice.choice_id, reading.reading),
    }


def _reason(view: ProgrammeView, reading: Reading) -> str:
    """Return why a reading stands; one that is ruled out shows the numbers that rule it out."""
    reason = view.labels.of(reading, "reason")
    if reading.feasible:
        return reason
    left, relation, right = arithmetic.split_relation(reading.requires)
    first, second = (arithmetic.evaluate(side, view.data.amounts) for side in (left, right))
    broken = relation_phrase(view.text, first, relation, second)
    return view.text("report.infeasible_shown", reason=reason, relation=broken)


def _effect(view: ProgrammeView, choice: str, reading: str) -> str:
    """Return the first estimate of the programme under the reading, with its status."""
    rows = (*view.own_estimates, *view.deflated)
    row = next((row for row in rows if parse_when(row.reading).get(choice) == reading), None)
    if row is None:
        return view.text("report.no_effect")
    status = [view.text.code("status", row.status)] if row.has_value else []
    shown = view.labels.with_detail(bounded_phrase(view.labels, row), status)
    names = (view.labels.measure(row.measure), view.labels.dimensions(row))
    return view.text("number.labelled", label=" · ".join(name for name in names if name), value=shown)
