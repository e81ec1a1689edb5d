"""What one programme reports, as findings are made of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from analysis.estimates.findings.finding import (
    FIRMNESS,
    KINDS,
    OF_MEASURE,
    OTHER_MEASURE,
    Finding,
    deciding,
    thing_of,
)
from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.spans import apply_definitions
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import evaluate_coding
from analysis.evidence.rows import Coding, Figure, group_by, rows_of


class Place:
    """The feasible estimates and the figures of one programme, under the analyst's definitions."""

    def __init__(self, data: Dataset, programme: str) -> None:
        self.data, self.programme = data, programme
        frame = data.tables["estimates"]
        own = from_frame(frame[frame["programme_id"] == programme])
        self.estimates = [row for row in apply_definitions(data, own) if row.feasible]
        self.codings = {row.coding_id: row for row in rows_of(Coding, data.codings, programme_id=programme)}
        self.figures = {row.figure_id: row for row in rows_of(Figure, data.figures_of(programme))}
        self.amounts = data.amounts

    def of(self, measure: str) -> list[Estimate]:
        """Return the estimates of a measure, absences included."""
        return [row for row in self.estimates if row.measure == measure]

    def by(self, measure: str, *names: str) -> list[list[Estimate]]:
        """Return the estimates of a measure with a value, in groups of the same codes, defaults first.

        A group some of whose readings give no value at all is left out: nothing firm can be said of it.
        """
        groups = group_by(self.of(measure), lambda row: tuple(getattr(row, name) for name in names)).values()
        valued = ([row for row in group if row.has_value] for group in groups if _always(group))
        return [sorted(rows, key=lambda row: not row.is_default) for rows in valued if rows]

    def of_things(self, finding: Finding) -> Finding | None:
        """Return a finding on the same things with the values that they have here, if they have any."""
        things = finding.things
        rows = [row for row in self.estimates if row.has_value and thing_of(row) in things]
        return self.finding(finding.kind, sorted(rows, key=lambda row: not row.is_default)) if rows else None

    def parts(self, row: Estimate) -> tuple[Amount, Amount | None]:
        """Return numerator and denominator of the coding behind an estimate; one without any is its own."""
        coding = self.codings.get(row.coding_id)
        if coding is None:
            return row.amount, None
        over = evaluate_coding(coding.denominator, "", self.amounts) if coding.denominator else None
        return evaluate_coding(coding.numerator, "", self.amounts), over

    def finding(self, kind: str, rows: Sequence[Estimate], size: float = 1.0, penalty: float = 0) -> Finding:
        """Return a finding that rests on estimates, the one under the default readings first."""
        statuses = {row.status for row in rows}
        found = Finding(
            kind,
            rows[0].measure,
            self.programme,
            rows[0].theme,
            tuple(rows),
            tuple(dict.fromkeys(name for row in rows for name in row.figure_ids.split())),
            deciding(rows),
            rows[0].status if len(statuses) == 1 else "open",
        )
        matters = KINDS[kind] + OF_MEASURE.get(found.topic, OTHER_MEASURE) + math.log10(max(size, 1))
        return replace(found, weight=matters + FIRMNESS[found.firmness] - penalty)


def _always(group: Sequence[Estimate]) -> bool:
    """Return whether every reading of the text gives a value in one of the cells of a group."""
    return {row.reading for row in group} == {row.reading for row in group if row.has_value}
