"""Who may stand beside whom: like with like, what is left out and why, on the real figures."""

from __future__ import annotations

import re

import pytest

from analysis.estimates.comparable import compare, comparisons, coverage
from analysis.estimates.comparison import Comparison
from analysis.evidence.dataset import Dataset

VENUE = {"object": "village_venue", "funder": "total", "place": "village"}


@pytest.fixture(scope="module")
def venues(data: Dataset) -> Comparison:
    return compare(data, "cost_per_venue", across=["works"], **VENUE)


class TestLikeWithLike:
    def test_new_venues_do_not_stand_beside_new_and_upgraded_ones(self, data: Dataset) -> None:
        comparison = compare(data, "cost_per_venue", works="new", **VENUE)
        assert comparison.programmes == ["minjia"]
        row = comparison.left_out.set_index("programme_id").loc["ludian"]
        assert (row["absence"], row["reason"]) == (
            "not_comparable",
            "other_reported",
        )
        assert row["other"] == "village_venue mixed total village; group_venue new total village"

    def test_across_works_both_stand_and_the_difference_is_said(self, venues: Comparison) -> None:
        assert venues.programmes == ["ludian", "minjia"]
        assert venues.caveats == {"works": {"mixed": ["ludian"], "new": ["minjia"]}}

    def test_a_subsidy_is_never_beside_a_total_cost(self, data: Dataset, venues: Comparison) -> None:
        assert set(venues.estimates["funder"]) == {"total"}
        subsidies = compare(data, "cost_per_venue", across=["works"], **{**VENUE, "funder": "county_subsidy"})
        assert subsidies.programmes == ["minjia"]
        # Among subsidies the amount counts, not the cost that it bounds.
        assert (subsidies.estimates["upper"] == subsidies.estimates["value"]).all()

    def test_a_township_facility_is_left_out_with_its_reason(self, venues: Comparison) -> None:
        row = venues.left_out.set_index("programme_id").loc["shangzhou"]
        assert (row["absence"], row["other"]) == ("not_comparable", "township_facility total township")

    def test_what_is_not_reported_keeps_the_reason_of_its_coding(self, venues: Comparison) -> None:
        row = venues.left_out.set_index("programme_id").loc["wushan"]
        assert row["absence"] == "not_reported"
        assert row["reason"].startswith("coding:wushan.")

    def test_mixed_administrative_levels_are_said(self, venues: Comparison) -> None:
        assert venues.levels == ["county", "township"]

    def test_differences_of_level_status_and_year_are_said(self, data: Dataset, venues: Comparison) -> None:
        assert venues.differences == ["works", "level", "status", "year"]
        constant = compare(data, "cost_per_venue", works="mixed", price_year=2024, **VENUE)
        assert constant.differences == []

    def test_every_programme_is_compared_or_left_out_with_a_reason(self, data: Dataset) -> None:
        for theme in ("investment", "stipends", "branches"):
            for comparison in comparisons(data, theme):
                everyone = {*comparison.programmes, *comparison.left_out["programme_id"]}
                assert everyone == set(data.programme_ids)
                assert (comparison.left_out["reason"] != "").all()


class TestOrder:
    def test_minjia_is_above_ludian_in_every_reading(self, venues: Comparison) -> None:
        pair = venues.robustness.pair("minjia", "ludian")
        assert (pair.higher, pair.total) == (3, 3)
        # The thinnest margin: 3,800,000 ÷ 4 against 59,560,000 ÷ 79.
        assert pair.margin == pytest.approx(950_000 - 59_560_000 / 79)

    def test_the_analysts_definitions_are_no_readings(self, data: Dataset) -> None:
        heads = compare(data, "yearly_pay", across=["place"], post="head_split", stage="after")
        assert set(heads.estimates["reading"]) == {""}
        assert heads.ranking()["item"].to_list() == ["ludian", "shangzhou:community", "shangzhou:village"]

    def test_a_settled_choice_narrows_the_comparison(self, venues: Comparison) -> None:
        settled = venues.given(**{"minjia.investment-scope": "new-venues-replaces"})
        pair = settled.robustness.pair("minjia", "ludian")
        assert (pair.higher, pair.total) == (1, 1)

    def test_infeasible_readings_never_enter(self, venues: Comparison) -> None:
        assert not venues.estimates["reading"].str.contains("everything|tops-up$").all()
        assert not venues.estimates["reading"].str.contains("everything").any()
        assert len(venues.estimates[venues.estimates["programme_id"] == "minjia"]) == 3


def test_a_cited_table_names_numerals_and_documents(venues: Comparison) -> None:
    table = venues.cited().set_index("item")
    assert table.loc["ludian", "printed"] == "5956万元; 79个"
    assert table.loc["ludian", "figure_ids"] == "ludian.village-venues.amount ludian.village-venues.count"
    assert table.loc["minjia", ["published", "unit", "price_basis"]].to_list() == [
        "2013-04-24",
        "CNY/venue",
        "nominal",
    ]


class TestPrices:
    def test_without_a_year_there_is_no_constant_price(self, data: Dataset) -> None:
        comparison = compare(data, "cost_per_venue", across=["works"], price_year=2024, **VENUE)
        assert comparison.programmes == ["ludian"]
        row = comparison.left_out.set_index("programme_id").loc["minjia"]
        assert (row["absence"], row["reason"]) == ("not_comparable", "money_without_year")

    def test_a_range_of_years_is_a_reading(self, data: Dataset) -> None:
        comparison = compare(data, "cost_per_venue", works="mixed", price_year=2024, **VENUE)
        assert set(comparison.estimates["reading"]) == {
            "ludian.price-year=first-year",
            "ludian.price-year=last-year",
        }


def test_coverage_has_a_state_for_every_measure_and_programme(data: Dataset) -> None:
    matrix = coverage(data)
    assert list(matrix.columns) == data.programme_ids
    assert matrix.isin(["value", "not_reported", "not_applicable", "not_comparable"]).all(axis=None)
    assert matrix.loc["yearly_pay"].to_dict() == {
        "shangzhou": "value", "ludian": "value", "wushan": "not_reported", "weinan": "not_reported",
        "minjia": "not_reported",
    }  # fmt: skip
    assert matrix.loc["turnover_rate", "ludian"] == "not_comparable"


class TestWrongCalls:
    def test_unknown_measure(self, data: Dataset) -> None:
        with pytest.raises(
            ValueError, match=r"^unknown measure 'pay'; allowed are cost_per_venue, cost_per_m2"
        ):
            compare(data, "pay")

    def test_unknown_dimension(self, data: Dataset) -> None:
        message = "unknown dimension 'asset'; allowed are object, works, funder, place, post, stage"
        with pytest.raises(ValueError, match=re.escape(message)):
            compare(data, "cost_per_venue", asset="village_venue")

    def test_unknown_code(self, data: Dataset) -> None:
        with pytest.raises(ValueError, match="unknown works 'old'; allowed are new, upgraded, mixed"):
            compare(data, "cost_per_venue", works="old")

    def test_only_works_and_place_may_differ(self, data: Dataset) -> None:
        with pytest.raises(
            ValueError, match="cannot compare across 'funder'; only works and place may differ"
        ):
            compare(data, "cost_per_venue", across=["funder"])

    def test_unknown_theme(self, data: Dataset) -> None:
        with pytest.raises(
            ValueError, match="unknown theme 'pay'; allowed are investment, stipends, branches"
        ):
            comparisons(data, "pay")

    def test_a_choice_that_touches_nothing(self, venues: Comparison) -> None:
        with pytest.raises(
            ValueError, match=r"touches no estimate of this comparison; those that do are minjia\.inv"
        ):
            venues.given(**{"ludian.price-year": "first-year"})

    def test_an_unknown_reading(self, venues: Comparison) -> None:
        with pytest.raises(
            ValueError, match=r"'minjia\.investment-scope' has no reading 'half'; it has every"
        ):
            venues.given(**{"minjia.investment-scope": "half"})
