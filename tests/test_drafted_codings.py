"""Codings and choices as drafted: what a figure is evidence for, and what may be read in two ways."""

from __future__ import annotations

import pytest

from analysis.curation.ambiguity import Choices, choices
from analysis.curation.candidates import candidates
from analysis.curation.coding import codings, likeness
from analysis.curation.glossary import Accepted, Coded, Glossary, declared
from analysis.curation.sums import identities
from analysis.curation.sureness import Guesses
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.sources import Document

PARTS = "x.office-branches + x.community-branches"
NOTHING = Glossary(declared(), {})


def drafted(text: str, published: str = "2021", glossary: Glossary = NOTHING) -> Choices:
    rows = candidates(Document.from_text(text, "x"), published, glossary)
    return choices(rows, codings(rows, "x", glossary), "x")


def said(coding: Guesses) -> str:
    """Return a coding in a line: its measure, what it is about, what it is computed from, when it holds."""
    cells = {column: guess.value for column, guess in coding.items() if guess.value}
    about = " ".join(cells[name] for name in DIMENSIONS if name in cells)
    over = f" / {cells['denominator']}" if "denominator" in cells else ""
    rest = " ".join(
        f"{name}={cells[name]}" for name in ("status", "bound", "absence", "when") if name in cells
    )
    return f"{cells['measure']}: {about}: {cells.get('numerator', '')}{over} {rest}".strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "全县投入96万元，新建村级活动场所8个。",
            [
                "cost_per_venue: village_venue new total village: x.village-venues.amount / "
                "x.village-venues.count",
                "total_spending: village_venue new total village: x.village-venues.amount",
                "venues_upgraded: village_venue new village: x.village-venues.count",
            ],
        ),
        ("社区书记每月补贴3000元。", ["yearly_pay: community head_split after: x.pay.community-secretary"]),
        (
            "副职补贴由每月1800元提高到2100元。",
            [
                "yearly_pay: village deputy before: x.pay.deputy.before",
                "yearly_pay: village deputy after: x.pay.deputy.after",
            ],
        ),
        (
            "副职、文书每月补贴1600元。",
            [
                "yearly_pay: village deputy after: x.pay.deputy-clerk",
                "yearly_pay: village clerk after: x.pay.deputy-clerk",
            ],
        ),
        (
            "撤销党支部8个，新成立党支部15个。",
            [
                "branches_dissolved: branch: x.branches-dissolved",
                "branches_established: branch: x.branches-established",
            ],
        ),
        ("整顿软弱涣散党组织3个。", ["organisations_rectified: weak_organisation: x.weak-organisations"]),
        (
            "每个新建活动场所补助30万元。",
            ["cost_per_venue: village_venue new county_subsidy village: x.subsidy.venue"],
        ),
        (
            "2名优秀党员获市委表彰。",
            ["honours: outstanding_member city: x.city-outstanding-members-commended"],
        ),
        ("评议得分88。", []),
        ("离任干部每月补贴200元。", []),
    ],
)
def test_a_figure_is_coded_by_its_unit_and_words(text: str, expected: list[str]) -> None:
    assert [said(coding) for coding in drafted(text).codings] == expected


def test_a_figure_without_a_pattern_is_coded_as_the_accepted_one_most_like_it() -> None:
    coded = Coded("培育农村致富带头人", "people_trained", ("trainee", "", "", "", "", ""))
    accepted = Accepted(coded.subject_zh, "Entrepreneurs", "entrepreneurs", "person", (coded,))
    glossary = Glossary(declared(), {accepted.subject_zh: accepted})
    (coding,) = drafted("新培育农村致富带头人12名，走访群众30名。", glossary=glossary).codings
    assert said(coding) == "people_trained: trainee: x.rural-entrepreneurs"
    assert (coding["measure"].why, coding["measure"].words) == ("accepted_alike", "培育农村致富带头人")
    assert likeness("培育农村致富带头人", "新培育农村致富带头人") == pytest.approx(8 / 9)


def test_a_cell_with_two_figures_is_coded_once_and_unsure() -> None:
    (coding,) = drafted("撤销党支部8个。去年撤销党支部3个。").codings
    assert (coding["numerator"].sure, coding["numerator"].words) == ("unsure", "x.branches-dissolved-2")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            "年内整顿软弱涣散党组织3个。",
            "within-year",
            ["status=planned when=x.within-year=target", "status=achieved when=x.within-year=result"],
        ),
        (
            "调整撤销党支部8个。",
            "some-only",
            ["when=x.some-only=all", "bound=upper when=x.some-only=some"],
        ),
        (
            "村级办公经费标准2万元。",
            "funds-period",
            ["when=x.funds-period=per-year", "absence=not_comparable when=x.funds-period=not-stated"],
        ),
        (
            "人均补贴：副职人均每月补贴1800元。",
            "mean-or-standard",
            ["when=x.mean-or-standard=standard", "absence=not_comparable when=x.mean-or-standard=mean"],
        ),
        (
            "副职兼网格员每月补贴600元。",
            "supplement",
            ["when=x.supplement=whole-pay", "absence=not_comparable when=x.supplement=supplement"],
        ),
        (
            "投入90万元建成指挥中心，同步推进6个村平台建设。",
            "more-than-one",
            ["when=x.more-than-one=first-only", "bound=upper when=x.more-than-one=all"],
        ),
    ],
)
def test_a_sentence_that_can_be_read_in_two_ways_is_asked_about(
    text: str, kind: str, expected: list[str]
) -> None:
    found = drafted(text)
    assert [choice["choice_id"].value for choice in found.choices] == [f"x.{kind}"]
    assert found.choices[0]["choice_id"].sure == "unsure"
    split = [said(coding).partition(": ")[2] for coding in found.codings if "when" in coding]
    assert [line.endswith(ending) for line, ending in zip(split, expected, strict=True)] == [True, True]
    assert [row["is_default"].value for row in found.readings] == ["true", "false"]


@pytest.mark.parametrize(
    "text",
    [
        "新建村级活动场所8个。",  # nothing to ask
        "年内报送信息30篇。",  # no measure hangs on it
        "办公经费每年每村2万元。",  # the period is printed
        "书记每月补贴3000元，副职每月补贴2100元。",
    ],
)
def test_what_changes_no_estimate_is_not_asked(text: str) -> None:
    assert drafted(text).choices == []


def test_of_an_increase_the_places_that_share_it_are_asked_and_arithmetic_is_given() -> None:
    text = (
        "将10个社区办公经费由原来的5万元/个提高到8万元/个，其余40个村办公经费统一按4万元/个执行，"
        "每年增加90万元。"
    )
    found = drafted(text)
    requires = {row["reading"].value: row["requires"].value for row in found.readings[2:]}
    funds = "x.office-funds.community"
    rise = f"x.communities * {funds}.after - x.communities * {funds}.before = x.office-funds"
    assert requires == {"all": "", "last": "", "first": rise}


def test_pay_before_a_rise_of_so_many_times_is_computed_in_both_readings() -> None:
    found = drafted("副职每月补贴提高1.5倍，达到3000元。")
    assert [said(coding) for coding in found.codings] == [
        "yearly_pay: village deputy after: x.pay.deputy",
        "yearly_pay: village deputy before: x.pay.deputy / 1 + x.pay.deputy.share when=x.by-or-to=by",
        "yearly_pay: village deputy before: x.pay.deputy / x.pay.deputy.share when=x.by-or-to=to",
    ]


def test_an_increase_to_a_multiple_is_not_asked_about() -> None:
    assert drafted("副职每月补贴提高到1.5倍，达到3000元。").choices == []


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("现有党支部38个，其中机关党支部15个、社区党支部6个。", f"{PARTS} <= x.branches: holds"),
        ("现有党支部20个，其中机关党支部15个、社区党支部6个。", f"{PARTS} <= x.branches: fails"),
        ("现有党支部21个，其中机关党支部15个、社区党支部6个。", f"{PARTS} = x.branches: holds"),
        (
            "按每个活动场所30万元，投入240万元新建活动场所8个。",
            "x.venues.count * x.venue.standard = x.venues.amount: holds",
        ),
        ("按每个活动场所30万元，投入250万元新建活动场所8个。", ""),
    ],
)
def test_what_adds_up_is_an_identity(text: str, identity: str) -> None:
    rows = candidates(Document.from_text(text, "x"), "2021", NOTHING)
    cells = [{name: guess.value for name, guess in row.items()} for row in identities(rows, "x")]
    lines = ["{left} {relation} {right}: {expected}".format(**row) for row in cells]
    assert lines == ([identity] if identity else [])


def test_money_of_several_years_asks_for_the_year() -> None:
    found = drafted("2019年以来，新建场所8个。近年来投入96万元，新建活动场所9个。", "2021")
    assert [choice["choice_id"].value for choice in found.choices] == ["x.year-2019-2021"]
    assert [row["reading"].value for row in found.readings] == ["2019", "2020", "2021"]
