"""What became of Party branches and organisations?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.draw import Chart, Group
from analysis.evidence.dataset import records
from analysis.show.chartbook.parts import compared, finished
from analysis.words.labels import Labels
from analysis.words.phrases import phrase, with_values

BRANCH_MEASURES = (
    "branches_dissolved", "branches_established", "net_branches", "organisations_rectified",
    "model_branches", "new_structures",
)  # fmt: skip


def branch_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """Return what was restructured: bars for each measure that the programme or a peer reports."""
    rows = [row for row in records(spans, theme="branches") if row["measure"] in BRANCH_MEASURES]
    own = {row["measure"] for row in with_values(rows) if row["programme_id"] == programme}
    wanted = [measure for measure in BRANCH_MEASURES if measure in (own or {"organisations_rectified"})]
    groups, drawn = [], []
    for measure in wanted:
        members = [row for row in rows if row["measure"] == measure]
        groups.append(Group(labels.measure(measure), compared(labels, members, programme, ("object",))))
        drawn += with_values(members)
    chart = Chart(
        name="branches", language=labels.text.language, mark="bar", subtitle="", groups=tuple(groups),
        title=branch_title(labels, rows, programme), unit="organisation",
    )  # fmt: skip
    return finished(
        labels, programme, chart, spans,
        notes=[labels.text("chart.note_branches") if len(groups) > 1 else ""],
        planned=any(row["status"] == "planned" for row in drawn),
    )  # fmt: skip


def branch_title(labels: Labels, rows: list[dict[str, Any]], programme: str) -> str:
    """Return the finding on branches of one programme, in a sentence."""
    place, text = labels.programme(programme), labels.text
    mine = with_values(row for row in rows if row["programme_id"] == programme)
    own = {row["measure"]: row for row in reversed(mine)}
    if not own:
        return text("finding.branches_none", place=place)
    gone, new = own.get("branches_dissolved"), own.get("branches_established")
    if gone and new and new["low"] == new["high"]:
        key = "finding.branches_at_most" if gone["low"] < gone["high"] else "finding.branches"
        dissolved = text.quantity(gone["high"], gone["unit"])
        return text(key, place=place, gone=dissolved, new=text.number(new["value"]))
    if rectified := own.get("organisations_rectified"):
        key = "finding.rectify" if rectified["status"] == "planned" else "finding.rectified"
        return text(key, place=place, number=text.number(rectified["value"]))
    first = next(own[measure] for measure in BRANCH_MEASURES if measure in own)
    measure = labels.with_detail(labels.measure(first["measure"]), [labels.term("object", first["object"])])
    return text("finding.branches_other", place=place, measure=measure, value=phrase(labels, first))
