"""The charts that themes ask for, each kind by its name; ``bars`` draws any measures."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.draw import Chart
from analysis.evidence.theme import Question
from analysis.show.chartbook.bars import bar_chart
from analysis.show.chartbook.branch_counts import branch_chart
from analysis.show.chartbook.cost import cost_chart
from analysis.show.chartbook.pay import pay_chart, rise_chart
from analysis.words.labels import Labels

KINDS: dict[str, Callable[[Labels, pd.DataFrame, str, Question], Chart | None]] = {
    "bars": bar_chart,
    "branches": branch_chart,
    "cost": cost_chart,
    "pay": pay_chart,
    "rise": rise_chart,
}


def question_chart(question: Question, labels: Labels, spans: pd.DataFrame, programme: str) -> Chart | None:
    """Return the chart of a question on one programme, or None where there are no two values to draw.

    Raises ``ValueError`` for a kind that there is not, naming those that there are.
    """
    if question.kind not in KINDS:
        raise ValueError(
            f"chart {question.chart!r} is of the kind {question.kind!r}; there are {', '.join(KINDS)}; "
            "correct its theme in src/analysis/evidence/themes, or add the kind to "
            "src/analysis/show/chartbook/questions.py"
        )
    return KINDS[question.kind](labels, spans, programme, question)
