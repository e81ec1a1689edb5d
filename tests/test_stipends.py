"""Stipends: yearly pay, the ladder of posts, the rise, and pay against rural income."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from qingxi import SCOPE, VALID, YEAR, coding, figure, series, term, write

from analysis.estimates.themes import theme_estimates
from analysis.evidence import checks
from analysis.evidence.register import MEASURES

MONTHLY = {"period": "month", "basis": "per_unit", "status": "standard", "theme": "stipends"}
UNKNOWN = {"year": "", "year_basis": "unknown"}
FIGURES = [
    figure("head.before", 1, 20, "2000元", "2000", "CNY/person/month", **MONTHLY, **UNKNOWN),
    figure("head.after", 1, 30, "4200元", "4200", "CNY/person/month", **MONTHLY),
    figure("deputy.before", 1, 40, "1800元", "1800", "CNY/person/month", **MONTHLY, **UNKNOWN),
    figure("deputy.after", 1, 50, "3200元", "3200", "CNY/person/month", **MONTHLY),
    figure("people", 1, 60, "20名", "20", "person"),
    figure("insurance", 1, 70, "3万元", "30000", "CNY/year", period="year"),
]
POSTS = [
    coding(f"{name}-{stage}", "yearly_pay", f"qingxi.{name}.{stage}", post=post, stage=stage, place="village")
    for post, name in (("head_split", "head"), ("deputy", "deputy"))
    for stage in ("before", "after")
]
ANNUALISATION_ONLY = {
    name: [row for row in VALID[name] if row["choice_id"] == "annualisation"]
    for name in ("choices", "readings")
}
TABLES = VALID | ANNUALISATION_ONLY | {"figures": FIGURES, "codings": POSTS, "identities": []}
COMMUNITY = {"terms": [*VALID["terms"], term("place", "community")]}


def found(root: Path, **tables: list[dict[str, str]]) -> pd.DataFrame:
    return theme_estimates(checks.load(write(root, TABLES | tables)), "stipends")


def rows(frame: pd.DataFrame, measure: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return the rows of a measure, without those that leave monthly pay as printed."""
    kept = frame[(frame["measure"] == measure) & ~frame["reading"].str.contains("as-printed")]
    return list(kept[list(columns)].itertuples(index=False, name=None))


def test_pay_is_per_person_and_year(tmp_path: Path) -> None:
    assert rows(found(tmp_path), "yearly_pay", "post", "stage", "value", "unit", "reading") == [
        ("head_split", "before", 24_000, "CNY/person/year", "annualisation=twelve"),
        ("head_split", "after", 50_400, "CNY/person/year", "annualisation=twelve"),
        ("deputy", "before", 21_600, "CNY/person/year", "annualisation=twelve"),
        ("deputy", "after", 38_400, "CNY/person/year", "annualisation=twelve"),
    ]


def test_the_ladder_is_pay_against_a_head_with_one_post_at_the_same_stage(tmp_path: Path) -> None:
    assert rows(found(tmp_path), "pay_to_head", "post", "stage", "value", "unit", "figure_ids") == [
        ("deputy", "before", 1800 / 2000, "ratio", "qingxi.deputy.before qingxi.head.before"),
        ("deputy", "after", 3200 / 4200, "ratio", "qingxi.deputy.after qingxi.head.after"),
    ]


def test_the_ladder_does_not_lean_on_another_place(tmp_path: Path) -> None:
    head, _, *deputies = POSTS
    frame = found(tmp_path, codings=[head | {"place": "community"}, *deputies], **COMMUNITY)
    assert rows(frame, "pay_to_head", "post", "absence") == [("", "not_reported")]


def test_pay_of_no_post_is_on_no_ladder(tmp_path: Path) -> None:
    _, head, _, deputy = POSTS
    frame = found(tmp_path, codings=[head, deputy | {"post": ""}])
    assert rows(frame, "pay_to_head", "post", "absence") == [("", "not_reported")]


def test_the_rise_is_pay_after_against_pay_before(tmp_path: Path) -> None:
    assert rows(found(tmp_path), "pay_rise", "post", "stage", "value", "year", "is_default") == [
        ("head_split", "", 4200 / 2000, "2021", True),
        ("deputy", "", 3200 / 1800, "2021", True),
    ]


def test_without_earlier_pay_there_is_no_rise(tmp_path: Path) -> None:
    frame = found(tmp_path, codings=[POSTS[1]])
    assert rows(frame, "pay_rise", "post", "absence", "reason", "unit") == [
        ("head_split", "not_reported", "no_earlier_pay", "ratio")
    ]
    assert frame.loc[frame["measure"] == "pay_rise", ["value", "lower", "upper"]].isna().all(axis=None)


def test_a_ratio_needs_both_pays_under_the_same_reading(tmp_path: Path) -> None:
    """Monthly pay that is left as printed gives no yearly pay, and so no ratio of yearly pays."""
    frame = found(tmp_path)
    printed = frame[frame["reading"] == "annualisation=as-printed"]
    assert set(printed["measure"]) == {
        "yearly_pay", "pay_to_head", "pay_rise", "pay_to_rural_income", "pay_to_regional_income",
    }  # fmt: skip
    assert set(printed["absence"]) == {"not_comparable"}
    assert not printed["is_default"].any()
    assert set(printed.loc[printed["measure"] != "yearly_pay", "unit"]) == {"ratio"}


def test_pay_is_divided_by_the_rural_income_of_its_own_year(tmp_path: Path) -> None:
    incomes = series("rural_disposable_income_pc", "yuan", y2020="17131", y2021="18931")
    frame = found(tmp_path, reference_series=[*VALID["reference_series"][:3], *incomes])
    columns = ("post", "stage", "value", "absence", "reason")
    (head_before, head_after, _, deputy_after) = rows(frame, "pay_to_rural_income", *columns)
    assert head_after == ("head_split", "after", pytest.approx(4200 * 12 / 18_931), "", "")
    assert deputy_after == ("deputy", "after", pytest.approx(3200 * 12 / 18_931), "", "")
    assert head_before[3:] == ("not_comparable", "value_without_year")


def test_every_year_of_a_range_has_a_ratio_of_its_own(tmp_path: Path) -> None:
    frame = found(
        tmp_path,
        figures=[FIGURES[1] | {"year": "2019/2021"}],
        codings=[POSTS[1]],
        **{
            name: [row for row in VALID[name] if row["choice_id"] != SCOPE]
            for name in ("choices", "readings")
        },
        reference_series=[
            *VALID["reference_series"][:3],
            *series("rural_disposable_income_pc", "yuan", y2020="17131", y2021="18931"),
        ],
    )
    outside, *inside = rows(frame, "pay_to_rural_income", "reading", "reason", "value")
    assert outside[:2] == (f"annualisation=twelve; {YEAR}=2019", "year_outside_series")
    assert inside == [
        (f"annualisation=twelve; {YEAR}=2020", "", pytest.approx(50_400 / 17_131)),
        (f"annualisation=twelve; {YEAR}=2021", "", pytest.approx(50_400 / 18_931)),
    ]


@pytest.mark.parametrize(("year", "reason"), [("2012", "year_outside_series"), ("", "value_without_year")])
def test_pay_without_an_income_of_the_same_year_is_not_compared(
    tmp_path: Path, year: str, reason: str
) -> None:
    head = FIGURES[1] | {"year": year, "year_basis": "stated" if year else "unknown"}
    frame = found(tmp_path, figures=[head], codings=[POSTS[1]])
    assert rows(frame, "pay_to_rural_income", "absence", "reason", "unit") == [
        ("not_comparable", reason, "ratio")
    ]


def test_bounds_are_divided_too(tmp_path: Path) -> None:
    more = FIGURES[1] | {"printed": "4200多元", "end": "36", "qualifier": "at_least"}
    frame = found(tmp_path, figures=[more], codings=[POSTS[1]])
    assert rows(frame, "pay_to_rural_income", "value", "lower", "upper") == [
        (pytest.approx(50_400 / 18_931), pytest.approx(50_400 / 18_931), math.inf)
    ]


def test_insurance_is_money_per_person_and_year(tmp_path: Path) -> None:
    insurance = coding("insurance", "pension_subsidy", "qingxi.insurance", "qingxi.people")
    frame = found(tmp_path, codings=[*POSTS, insurance])
    assert rows(frame, "pension_subsidy", "value", "unit") == [(1500, "CNY/person/year")]


@pytest.mark.parametrize("codings", [POSTS, POSTS[2:], POSTS[:1], []])
def test_every_measure_of_the_theme_has_a_value_or_an_absence(
    tmp_path: Path, codings: list[dict[str, str]]
) -> None:
    frame = found(tmp_path, codings=codings)
    assert set(frame["measure"]) == {code for code, m in MEASURES.items() if m.theme == "stipends"}
    assert (frame["value"].notna() == (frame["absence"] == "")).all()
