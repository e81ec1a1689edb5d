"""Branches: dissolved, established, net, turnover; weak organisations; model branches; new structures.

Branches and organisations are never added or divided by each other, and rates exist only where the source
prints a denominator of the same thing.
"""

from analysis.evidence.theme import Combined, Measure, Question, Theme

DISSOLVED, ESTABLISHED = "branches_dissolved", "branches_established"
# Branches of villages are not balanced against those of communities.
SAME = ("object", "place", "stage")

THEME = Theme(
    code="branches",
    rank=3,
    measures=(
        Measure(DISSOLVED, ("branch",)),
        Measure(ESTABLISHED, ("branch",)),
        Measure("net_branches", ("branch",), Combined("-", ESTABLISHED, DISSOLVED, SAME)),
        Measure("branch_turnover", ("branch",), Combined("+", ESTABLISHED, DISSOLVED, SAME)),
        Measure("turnover_rate", ("ratio",)),
        Measure("organisations_rectified", ("organisation",)),
        Measure("rectified_share", ("ratio",)),
        Measure("model_branches", ("branch",)),
        Measure("standard_branches", ("branch",)),
        Measure("new_structures", ("organisation", "branch")),
    ),
    questions=(
        Question(
            "branches",
            kind="branches",
            measures=(
                DISSOLVED,
                ESTABLISHED,
                "net_branches",
                "organisations_rectified",
                "model_branches",
                "new_structures",
            ),
        ),
    ),
)
