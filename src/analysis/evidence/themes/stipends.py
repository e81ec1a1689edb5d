"""Stipends: yearly pay by post, ladder, rise, pay against rural income; operating funds per place.

``yearly_pay`` is CNY per person per year; a monthly rate becomes one under the choice of annualisation.
"""

from analysis.evidence.theme import RURAL_INCOME, Measure, Question, RelativeToCode, RelativeToSeries, Theme

THEME = Theme(
    code="stipends",
    rank=2,
    measures=(
        Measure("yearly_pay", ("CNY/person/year", "CNY/person/month")),
        Measure("monthly_rise", ("CNY/person/month",)),
        Measure("pension_subsidy", ("CNY/person/year",)),
        Measure("pay_to_head", ("ratio",), RelativeToCode("yearly_pay", "post", "head_split")),
        Measure(
            "pay_rise",
            ("ratio",),
            RelativeToCode("yearly_pay", "stage", "before", emptied=True, lacking="no_earlier_pay"),
        ),
        Measure("pay_to_rural_income", ("ratio",), RelativeToSeries("yearly_pay", RURAL_INCOME)),
        Measure(
            "pay_to_regional_income",
            ("ratio",),
            RelativeToSeries("yearly_pay", RURAL_INCOME, national="pay_to_rural_income"),
        ),
        Measure("office_money", ("CNY/village/year", "CNY/community/year")),
        Measure("office_cost", ("CNY/year",)),
        Measure("operating_funds", ("CNY/",)),
        Measure("operating_funds_rise", ("CNY/",)),
    ),
    questions=(Question("yearly_pay", kind="pay"), Question("pay_rise", kind="rise")),
    tells=("operating_funds",),
)
