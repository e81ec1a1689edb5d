"""The order of programmes over their readings, against enumeration by hand and by brute force."""

from __future__ import annotations

import itertools
import math
from unittest import mock

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimates.robustness import Robustness

Rows = list[tuple[str, str, float, float, float, bool]]


def frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item", "reading", "value", "lower", "upper", "is_default"])


def exact(
    item: str, reading: str, value: float, default: bool = True
) -> tuple[str, str, float, float, float, bool]:
    return (item, reading, value, value, value, default)


# Two choices of a and one of b: three of the four pairs put a above b.
FLIPPING = frame(
    [
        exact("a", "a.scope=each", 380.0),
        exact("a", "a.scope=all", 95.0, False),
        exact("b", "b.years=first", 75.0),
        exact("b", "b.years=last", 100.0, False),
    ]
)


def test_a_pair_counts_the_readings_of_both_sides() -> None:
    pair = Robustness.of(FLIPPING).pair("a", "b")
    assert (pair.higher, pair.lower, pair.tied, pair.total) == (3, 1, 0, 4)
    assert pair.margin == 95.0 - 100.0
    assert not pair.holds


def test_no_single_choice_decides_where_both_are_needed() -> None:
    assert Robustness.of(FLIPPING).pair("a", "b").deciding == ()


def test_the_choice_that_settles_the_order_is_named() -> None:
    rows = frame([exact("a", "a.scope=each", 380), exact("a", "a.scope=all", 50, False), exact("b", "", 75)])
    assert Robustness.of(rows).pair("a", "b").deciding == ("a.scope",)


def test_an_order_that_holds_names_no_deciding_choice() -> None:
    rows = frame([exact("a", "a.scope=each", 380), exact("a", "a.scope=all", 95, False), exact("b", "", 75)])
    pair = Robustness.of(rows).pair("a", "b")
    assert (pair.higher, pair.total, pair.holds, pair.margin, pair.deciding) == (2, 2, True, 20.0, ())


def test_overlapping_bounds_are_a_tie_not_an_order() -> None:
    rows = frame([("a", "", 150.0, 150.0, math.inf, True), exact("b", "", 160.0)])
    pair = Robustness.of(rows).pair("a", "b")
    assert (pair.higher, pair.lower, pair.tied) == (0, 0, 1)


def test_only_an_order_can_be_turned_and_a_tie_is_none() -> None:
    flipping, settled = Robustness.of(FLIPPING), frame([exact("a", "", 3.0), exact("b", "", 2.0)])
    assert [(pair.first, pair.second) for pair in flipping.turned] == [("a", "b")]
    tie = frame([exact("a", "", 2.0), exact("b", "", 2.0)])
    assert Robustness.of(settled).turned == Robustness.of(tie).turned == ()


def test_an_open_bound_still_gives_an_order_where_it_can() -> None:
    rows = frame([("a", "", 150.0, 150.0, math.inf, True), exact("b", "", 149.0)])
    assert Robustness.of(rows).pair("a", "b").higher == 1


def test_a_shared_choice_is_answered_alike_on_both_sides() -> None:
    rows = frame(
        [
            exact("a", "deflator=x", 10), exact("a", "deflator=y", 20, False),
            exact("b", "deflator=x", 9), exact("b", "deflator=y", 19, False),
        ]
    )  # fmt: skip
    apart, together = Robustness.of(rows).pair("a", "b"), Robustness.of(rows, {"deflator"}).pair("a", "b")
    assert (apart.higher, apart.total) == (3, 4)
    assert (together.higher, together.total) == (2, 2)


def test_an_item_that_a_shared_choice_does_not_touch_stands_under_each_answer() -> None:
    rows = frame([exact("a", "deflator=x", 10), exact("a", "deflator=y", 20, False), exact("b", "", 15)])
    pair = Robustness.of(rows, {"deflator"}).pair("a", "b")
    assert (pair.higher, pair.lower, pair.total) == (1, 1, 2)
    assert pair.deciding == ("deflator",)


def test_ranking_says_how_far_each_rank_can_move() -> None:
    rows = frame([*FLIPPING.itertuples(index=False, name=None), exact("c", "", 10.0)])
    ranking = Robustness.of(rows).ranking()
    assert ranking["item"].to_list() == ["a", "b", "c"]
    assert ranking["rank"].to_list() == [1, 2, 3]
    assert ranking["best_rank"].to_list() == [1, 1, 3]
    assert ranking["worst_rank"].to_list() == [2, 2, 3]
    assert ranking["higher_than_next"].to_list()[:2] == [3, 2]
    assert ranking["of_readings"].to_list()[:2] == [4, 2]
    assert pd.isna(ranking["margin"].iloc[2])


def test_equal_defaults_share_the_better_rank() -> None:
    ranking = Robustness.of(frame([exact("a", "", 5), exact("b", "", 5), exact("c", "", 1)])).ranking()
    assert ranking["rank"].to_list() == [1, 1, 3]
    assert ranking["best_rank"].to_list() == [1, 1, 3]


def test_one_programme_has_a_rank_and_no_next() -> None:
    ranking = Robustness.of(frame([exact("a", "", 5)])).ranking()
    assert ranking[["rank", "best_rank", "worst_rank"]].to_numpy().tolist() == [[1, 1, 1]]
    assert ranking["of_readings"].isna().all()


def test_an_unknown_programme_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="'z' has no value in this comparison; those that have: a, b"):
        Robustness.of(FLIPPING).pair("a", "z")


values = st.lists(st.integers(1, 8), min_size=1, max_size=4)


@given(st.lists(values, min_size=2, max_size=5))
def test_counts_agree_with_enumeration_of_every_pair(items: list[list[int]]) -> None:
    rows = [
        exact(f"p{number}", f"p{number}.c=r{place}", float(value), place == 0)
        for number, readings in enumerate(items)
        for place, value in enumerate(readings)
    ]
    robustness = Robustness.of(frame(rows))
    for first, second in itertools.permutations(range(len(items)), 2):
        pairs = list(itertools.product(items[first], items[second]))
        pair = robustness.pair_at(first, second)
        assert pair.total == len(pairs)
        assert (pair.higher, pair.lower) == (sum(a > b for a, b in pairs), sum(a < b for a, b in pairs))
        assert pair.margin == min(a - b for a, b in pairs)


answers = st.lists(st.tuples(st.sampled_from(["", "s=x", "s=y"]), st.integers(1, 6)), min_size=1, max_size=3)


@given(st.lists(answers, min_size=2, max_size=5), st.sampled_from([1, 2, 256]))
def test_ranks_over_readings_agree_with_the_counts_of_pairs(
    items: list[list[tuple[str, int]]], block: int
) -> None:
    rows = [
        exact(f"p{number}", shared, float(value), place == 0)
        for number, readings in enumerate(items)
        for place, (shared, value) in enumerate(readings)
    ]
    robustness = Robustness.of(frame(rows), {"s"})
    with mock.patch("analysis.estimates.robustness.BLOCK", block):
        ranking = robustness.ranking().set_index("item").loc[list(robustness.items)]
    for place in range(len(items)):
        above = [robustness.pair_at(other, place) for other in range(len(items)) if other != place]
        assert ranking["best_rank"].iloc[place] == 1 + sum(0 < pair.total == pair.higher for pair in above)
        assert ranking["worst_rank"].iloc[place] == 1 + sum(pair.higher > 0 for pair in above)


@given(st.lists(values, min_size=2, max_size=4))
def test_rank_bounds_are_those_of_the_joint_multiverse(items: list[list[int]]) -> None:
    rows = [
        exact(f"p{number}", f"p{number}.c=r{place}", float(value), place == 0)
        for number, readings in enumerate(items)
        for place, value in enumerate(readings)
    ]
    ranking = Robustness.of(frame(rows)).ranking().set_index("item")
    worlds = list(itertools.product(*items))
    for number in range(len(items)):
        ranks = [1 + sum(value > world[number] for value in world) for world in worlds]
        assert ranking.loc[f"p{number}", "best_rank"] == min(ranks)
        assert ranking.loc[f"p{number}", "worst_rank"] == max(ranks)
