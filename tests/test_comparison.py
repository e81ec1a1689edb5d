"""Who may stand beside whom: like with like, what is left out and why, on the real figures."""

from __future__ import annotations

import math
import re

import pytest

from analysis.estimates.comparable import compare, comparisons, coverage
from analysis.estimates.comparison import Comparison
from analysis.estimates.prices import PRINTED
from analysis.evidence.dataset import Dataset
from analysis.evidence.themes import THEMES

VENUE = {"object": "village_venue", "funder": "total", "place": "village"}


@pytest.fixture(scope="module")
def venues(data: Dataset) -> Comparison:
    """What a village venue costs, as the documents print it."""
    return compare(data, "cost_per_venue", across=["works"], price_year=PRINTED, **VENUE)


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
        assert venues.caveats == {"works": {"mixed": ["ludian", "minjia"], "new": ["minjia"]}}

    def test_a_subsidy_is_never_beside_a_total_cost(self, data: Dataset, venues: Comparison) -> None:
        assert set(venues.estimates["funder"]) == {"total"}
        funded = VENUE | {"funder": "county_subsidy"}
        subsidies = compare(data, "cost_per_venue", across=["works"], price_year=PRINTED, **funded)
        assert subsidies.programmes == ["minjia"]
        assert subsidies.estimates["value"].to_list() == [960_000, 100_000]
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
        assert constant.differences == ["level", "status"]

    def test_every_programme_is_compared_or_left_out_with_a_reason(self, data: Dataset) -> None:
        for theme in THEMES:
            for comparison in comparisons(data, theme):
                everyone = {*comparison.programmes, *comparison.left_out["programme_id"]}
                assert everyone == set(data.programme_ids)
                assert (comparison.left_out["reason"] != "").all()


class TestOrder:
    def test_minjia_is_above_ludian_in_every_reading(self, venues: Comparison) -> None:
        pair = venues.robustness.pair("minjia", "ludian")
        assert (pair.higher, pair.total) == (4, 4)
        # The thinnest margin: 3,800,000 ÷ 5 against 59,560,000 ÷ 79.
        assert pair.margin == pytest.approx(760_000 - 59_560_000 / 79)

    def test_the_analysts_definitions_are_no_readings(self, data: Dataset) -> None:
        pay = {"post": "head_split", "stage": "after"}
        heads = compare(data, "yearly_pay", across=["place"], price_year=PRINTED, **pay)
        assert set(heads.estimates["reading"]) == {""}
        assert heads.ranking()["item"].to_list() == ["ludian", "shangzhou:community", "shangzhou:village"]

    def test_a_settled_choice_narrows_the_comparison(self, venues: Comparison) -> None:
        settled = venues.given(**{"minjia.investment-scope": "new-venues-replaces"})
        pair = settled.robustness.pair("minjia", "ludian")
        assert (pair.higher, pair.total) == (1, 1)

    def test_infeasible_readings_never_enter(self, venues: Comparison) -> None:
        assert not venues.estimates["reading"].str.contains("everything|tops-up$").all()
        assert not venues.estimates["reading"].str.contains("everything").any()
        assert len(venues.estimates[venues.estimates["programme_id"] == "minjia"]) == 4


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
    def test_money_is_compared_in_the_prices_of_the_latest_year_unless_asked_otherwise(
        self, data: Dataset
    ) -> None:
        pay = {"place": "village", "post": "head_split", "stage": "after"}
        for year, basis in ((None, "constant-2021"), (2015, "constant-2015"), (PRINTED, "nominal")):
            assert compare(data, "yearly_pay", price_year=year, **pay).price_basis == basis

    def test_undated_money_is_a_lower_bound(self, data: Dataset) -> None:
        comparison = compare(data, "cost_per_venue", across=["works"], price_year=2024, **VENUE)
        assert comparison.programmes == ["ludian", "minjia"]
        undated = comparison.estimates[comparison.estimates["programme_id"] == "minjia"]
        assert (undated["upper"] == math.inf).all() and (undated["lower"] == undated["value"]).all()

    def test_every_year_of_a_range_is_a_reading(self, data: Dataset) -> None:
        comparison = compare(data, "cost_per_venue", across=["works"], price_year=2024, **VENUE)
        ludian = comparison.estimates[comparison.estimates["programme_id"] == "ludian"]
        years = range(2018, 2022)
        assert ludian["reading"].to_list() == [f"ludian.year-2018-2021={year}" for year in years]


class TestDefinitions:
    def test_each_definition_of_office_money_is_a_comparison(self, data: Dataset) -> None:
        found = [c for c in comparisons(data, "stipends") if c.measure == "office_money"]
        assert [(c.definitions["office-money"], c.key["place"]) for c in found] == [
            (definition, place)
            for definition in ("office-only", "with-party-building", "with-service")
            for place in ("village", "community")
        ]

    def test_a_definition_may_be_asked_for(self, data: Dataset) -> None:
        key = {"object": "office_funds", "place": "community", "stage": "after", "price_year": PRINTED}
        narrow, wide = (
            compare(data, "office_money", definitions=chosen, **key)
            for chosen in ({}, {"office-money": "with-service"})
        )
        assert [c.ranking()["item"].to_list() for c in (narrow, wide)] == [
            ["ludian", "shangzhou"],
            ["shangzhou", "ludian"],
        ]


class TestCounts:
    def test_counts_stand_in_the_order_of_the_data_and_have_no_rank(self, data: Dataset) -> None:
        ranking = compare(data, "organisations_rectified", object="weak_organisation").ranking()
        assert ranking["item"].to_list() == ["ludian", "wushan"]
        assert ranking[["rank", "best_rank", "worst_rank", "higher_than_next"]].isna().all(axis=None)

    def test_ranks_count_places(self, data: Dataset) -> None:
        key = {"post": "head_split", "stage": "after", "price_year": PRINTED}
        ranking = compare(data, "yearly_pay", across=["place"], **key).ranking()
        assert ranking["item"].to_list() == ["ludian", "shangzhou:community", "shangzhou:village"]
        assert ranking["rank"].to_list() == [1, 2, 2]


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
            ValueError, match="cannot compare across 'funder'; only works, place, stage may differ"
        ):
            compare(data, "cost_per_venue", across=["funder"])

    def test_what_nobody_reports_is_refused_with_what_there_is(self, data: Dataset) -> None:
        with pytest.raises(ValueError) as caught:
            compare(data, "problems_per_village")
        assert str(caught.value) == (
            "nobody reports problems_per_village with no dimension; name one of: object='problem_found', "
            "place='village_or_community' (ludian); object='problem_found', place='village' (weinan)"
        )

    def test_unknown_theme(self, data: Dataset) -> None:
        with pytest.raises(
            ValueError, match="unknown theme 'pay'; allowed are investment, stipends, branches, coll"
        ):
            comparisons(data, "pay")

    def test_a_choice_that_touches_nothing(self, venues: Comparison) -> None:
        with pytest.raises(
            ValueError, match=r"touches no estimate of this comparison; those that do are minjia\.inv"
        ):
            venues.given(**{"ludian.year-2018-2021": "2018"})

    def test_an_unknown_reading(self, venues: Comparison) -> None:
        with pytest.raises(
            ValueError, match=r"'minjia\.investment-scope' has no reading 'half'; it has every"
        ):
            venues.given(**{"minjia.investment-scope": "half"})
