"""Collective economy: support per village and project, weak villages, income of villages."""

from analysis.evidence.theme import Measure, Question, Theme

THEME = Theme(
    code="collective_economy",
    rank=4,
    measures=(
        Measure("weak_village_share", ("ratio",)),
        Measure("collective_support", ("CNY/",)),
        Measure("income_share", ("share",)),
        Measure("collective_income", ("CNY/village/year",)),
    ),
    questions=(Question("collective_support", measures=("collective_support",)),),
)
