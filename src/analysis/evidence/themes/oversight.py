"""Supervision and personnel: problems found, people per village, training, honours by level.

Honours and people trained are counts, which are shown and never ranked.
"""

from analysis.evidence.theme import Measure, Question, Theme

THEME = Theme(
    code="oversight",
    rank=5,
    measures=(
        Measure("problems_per_village", ("problem/",)),
        Measure("measures_per_problem", ("measure/problem",)),
        Measure("people_per_village", ("person/",)),
        Measure("people_trained", ("person",)),
        Measure("trainees_per_course", ("person-time/course",)),
        Measure("honours", ("person", "organisation")),
    ),
    questions=(Question("problems_per_village", measures=("problems_per_village",)),),
    tells=("personnel", "training", "supervision", "honours"),
)
