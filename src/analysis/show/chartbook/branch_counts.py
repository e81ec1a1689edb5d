"""What became of Party branches and organisations?"""

from __future__ import annotations

import pandas as pd

from analysis.draw import Chart
from analysis.evidence.theme import Question
from analysis.show.chartbook.bars import bar_chart
from analysis.words.labels import Labels


def branch_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart | None:
    """Return what was restructured: bars for each measure that the programme reports."""
    return bar_chart(labels, spans, programme, question, unit="organisation", note="chart.note_branches")
