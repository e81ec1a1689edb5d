"""Investment: cost per venue and per m², subsidies, venues per village, other money per unit.

As a cost per venue, a county subsidy (``funder`` is ``county_subsidy``) is a lower bound: its ``upper`` is
``inf``, and it is never compared with a total cost.
"""

from analysis.evidence.theme import Measure, Question, Theme

THEME = Theme(
    code="investment",
    rank=1,
    measures=(
        Measure("cost_per_venue", ("CNY/venue", "CNY/facility")),
        Measure("cost_per_m2", ("CNY/m2",)),
        Measure("average_subsidy", ("CNY/venue",)),
        Measure("venues_upgraded", ("venue", "facility")),
        Measure("venues_per_village", ("venue/",)),
        Measure("venues_covered", ("ratio",)),
        Measure("total_spending", ("CNY",)),
        Measure("spending_per_unit", ("CNY/",)),
    ),
    questions=(Question("cost_per_venue", kind="cost"),),
    unsaid=("place",),
)
