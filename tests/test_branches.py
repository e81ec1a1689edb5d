"""Branches: dissolved, established, net and turnover; organisations are not branches."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from qingxi import VALID, bilingual, coding, figure, reading, term, write

from analysis.estimates.themes import theme_estimates
from analysis.evidence import checks
from analysis.evidence.arithmetic import ExpressionError, evaluate
from analysis.evidence.checks import DataError
from analysis.evidence.dataset import Dataset, amounts_of
from analysis.evidence.register import MEASURES

FIGURES = [
    figure("gone", 1, 20, "177个", "177", "branch", theme="branches"),
    figure("new", 1, 30, "90多个", "90", "branch", theme="branches", qualifier="at_least"),
    figure("weak", 1, 40, "7个", "7", "organisation", theme="branches"),
    figure("all", 1, 50, "70个", "70", "organisation", theme="branches"),
    figure("branches", 1, 60, "700个", "700", "branch", theme="branches"),
]
WORDING = "qingxi.wording"
GONE_ALL = coding("gone-all", "branches_dissolved", "qingxi.gone", when=f"{WORDING}=all")
GONE_SOME = coding("gone-some", "branches_dissolved", "qingxi.gone", when=f"{WORDING}=some", bound="upper")
NEW = coding("new", "branches_established", "qingxi.new")
SHARE = coding("share", "rectified_share", "qingxi.weak", "qingxi.all")
TABLES = VALID | {
    "terms": [*VALID["terms"], term("theme", "branches")],
    "figures": FIGURES,
    "choices": [
        VALID["choices"][0],
        {"choice_id": WORDING, "programme_id": "qingxi", "kind": "uncertain"} | bilingual(question="All?"),
    ],
    "readings": [*VALID["readings"][:2], reading(WORDING, "all", default=True), reading(WORDING, "some")],
    "codings": [GONE_ALL, GONE_SOME, NEW, SHARE],
    "identities": [],
}


def load(root: Path, **tables: list[dict[str, str]]) -> Dataset:
    return checks.load(write(root, TABLES | tables))


def rows(frame: pd.DataFrame, measure: str, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame.loc[frame["measure"] == measure, list(columns)].itertuples(index=False, name=None))


def test_branches_of_villages_are_not_balanced_against_those_of_communities(tmp_path: Path) -> None:
    codings = [
        coding(f"{word}-{place}", measure, f"qingxi.{figure}", place=place)
        for place, gone, new in (("village", "gone", "new"), ("community", "branches", "gone"))
        for word, measure, figure in (
            ("gone", "branches_dissolved", gone),
            ("new", "branches_established", new),
        )
    ]
    terms = [*TABLES["terms"], term("place", "community")]
    choices = {"choices": VALID["choices"][:1], "readings": VALID["readings"][:2]}
    frame = theme_estimates(load(tmp_path, codings=codings, terms=terms, **choices), "branches")
    assert rows(frame, "net_branches", "place", "value") == [("village", 90 - 177), ("community", 177 - 700)]
    assert rows(frame, "branch_turnover", "place", "value") == [("village", 267), ("community", 877)]


def test_net_and_turnover_under_each_reading(tmp_path: Path) -> None:
    """More than 90 new branches against 177, or against at most 177, that are gone."""
    frame = theme_estimates(load(tmp_path), "branches")
    columns = ("value", "lower", "upper", "reading", "is_default")
    assert rows(frame, "net_branches", *columns) == [
        (-87, -87, float("inf"), f"{WORDING}=all", True),
        (-87, -87, float("inf"), f"{WORDING}=some", False),
    ]
    assert rows(frame, "branch_turnover", *columns) == [
        (267, 267, float("inf"), f"{WORDING}=all", True),
        (267, 90, float("inf"), f"{WORDING}=some", False),
    ]
    assert (
        rows(frame, "net_branches", "unit", "figure_ids", "coding_id")
        == [("branch", "qingxi.new qingxi.gone", "")] * 2
    )


def test_where_one_side_is_not_printed_there_is_no_net(tmp_path: Path) -> None:
    frame = theme_estimates(load(tmp_path, codings=[GONE_ALL, GONE_SOME]), "branches")
    assert rows(frame, "net_branches", "absence", "reason", "reading") == [
        ("not_reported", "not_printed", f"{WORDING}=all"),
        ("not_reported", "not_printed", f"{WORDING}=some"),
    ]
    assert frame.loc[frame["absence"] != "", ["value", "lower", "upper"]].isna().all(axis=None)


def test_a_net_is_of_one_programme(tmp_path: Path) -> None:
    """One programme prints what is gone, another what is new: neither has a net."""
    tables = copy.deepcopy(TABLES)
    tables["programmes"].append(VALID["programmes"][0] | {"programme_id": "baishi"})
    tables["sources"].append(
        VALID["sources"][0] | {"source_id": "baishi", "programme_id": "baishi", "file": "baishi.txt"}
        | {"sha256": "1" * 64}
    )  # fmt: skip
    tables["figures"].append(FIGURES[1] | {"figure_id": "baishi.new", "source_id": "baishi"})
    tables["codings"] = [
        GONE_ALL,
        GONE_SOME,
        coding("new", "branches_established", "baishi.new") | {"coding_id": "baishi.new"}
        | {"programme_id": "baishi"},
    ]  # fmt: skip
    frame = theme_estimates(load(tmp_path, **tables), "branches")
    net = frame[frame["measure"] == "net_branches"]
    assert list(zip(net["programme_id"], net["absence"], strict=True)) == [
        ("qingxi", "not_reported"),
        ("qingxi", "not_reported"),
        ("baishi", "not_reported"),
    ]


def test_a_share_needs_a_denominator_of_the_same_thing(tmp_path: Path) -> None:
    assert rows(theme_estimates(load(tmp_path), "branches"), "rectified_share", "value", "unit") == [
        (0.1, "ratio")
    ]


def test_organisations_are_never_divided_by_branches(tmp_path: Path) -> None:
    wrong = SHARE | {"denominator": "qingxi.branches"}
    with pytest.raises(DataError) as caught:
        load(tmp_path, codings=[GONE_ALL, GONE_SOME, NEW, wrong])
    assert [str(problem) for problem in caught.value.problems] == [
        "data/raw/codings.csv:5: numerator: 'qingxi.weak' — expected a result in ratio, not in "
        "organisation/branch; use other figures or another measure [coding-unit]"
    ]


def test_organisations_are_never_added_to_branches(tmp_path: Path) -> None:
    amounts = amounts_of(load(tmp_path).figures)
    with pytest.raises(ExpressionError) as caught:
        evaluate("qingxi.weak + qingxi.new", amounts)
    assert str(caught.value) == "organisation and branch cannot be added; convert one of them first"


@pytest.mark.parametrize("codings", [[GONE_ALL, GONE_SOME, NEW], [GONE_ALL, GONE_SOME]])
def test_every_measure_of_the_theme_has_a_value_or_an_absence(
    tmp_path: Path, codings: list[dict[str, str]]
) -> None:
    frame = theme_estimates(load(tmp_path, codings=codings), "branches")
    assert set(frame["measure"]) == {code for code, m in MEASURES.items() if m.theme == "branches"}
    assert (frame["value"].notna() == (frame["absence"] == "")).all()
