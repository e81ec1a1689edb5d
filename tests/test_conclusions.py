"""What the five documents allow to conclude, worked out by hand, and that every order and finding holds.

They are computed a second time from the rows of the estimates, by going through every combination of
readings, and every year that a value may be of.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from invented import write_country

from analysis.estimates import processed
from analysis.estimates.comparable import compare, comparisons
from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Finding, Place, findings
from analysis.estimates.findings.contrasts import top
from analysis.estimates.prices import PRINTED, series
from analysis.estimates.robustness import Pair
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import HOLDS_FOR, OPEN_YEAR, parse_when
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.themes import THEMES
from analysis.words.findings.clauses import clause
from analysis.words.findings.contrasts import contrast_title
from analysis.words.findings.opening import opening
from analysis.words.findings.pieces import Pieces
from analysis.words.findings.sentences import sentence
from analysis.words.labels import Labels
from analysis.words.language import Text

Compared = dict[str, list[Comparison]]
AFTER = {"stage": "after"}
VENUE = {"object": "village_venue", "funder": "total", "place": "village"}


def values(comparison: Comparison, programme: str) -> list[float]:
    """Return what a programme has under its readings, rounded as a reader would."""
    mine = comparison.estimates[comparison.estimates["programme_id"] == programme]
    return [round(value, 2) for value in mine["value"]]


def order(comparison: Comparison, first: str, second: str) -> tuple[int, int]:
    """Return in how many pairs of readings the first is above the second, and how many pairs there are."""
    pair = comparison.robustness.pair(first, second)
    return pair.higher, pair.total


class TestPayAgainstIncome:
    @pytest.mark.parametrize(
        ("place", "shangzhou"), [("village", [2.29, 2.10, 1.94]), ("community", [2.86, 2.63, 2.43])]
    )
    def test_heads_with_one_post(self, data: Dataset, place: str, shangzhou: list[float]) -> None:
        heads = compare(data, "pay_to_rural_income", place=place, post="head_split", **AFTER)
        assert values(heads, "shangzhou") == shangzhou
        assert values(heads, "ludian") == [2.94, 2.66]

    def test_against_a_community_head_ludian_is_above_in_five_of_six(self, data: Dataset) -> None:
        heads = compare(data, "pay_to_rural_income", place="community", post="head_split", **AFTER)
        assert order(heads, "ludian", "shangzhou") == (5, 6)
        assert [pair.first for pair in heads.robustness.turned] == ["ludian"]

    def test_for_combined_posts_shangzhou_is_above_in_five_of_six(self, data: Dataset) -> None:
        heads = compare(data, "pay_to_rural_income", place="community", post="head_combined", **AFTER)
        assert values(heads, "shangzhou") == [3.43, 3.15, 2.91]
        assert order(heads, "shangzhou", "ludian") == (5, 6)
        assert heads.silent == {"ludian": (1, 2)}, "only if combined posts get the new pay"


class TestOfficeMoney:
    @pytest.mark.parametrize(
        ("place", "definition", "shangzhou", "ludian"),
        [
            ("village", "office-only", 25_000, 50_000),
            ("village", "with-party-building", 33_000, 50_000),
            ("community", "office-only", 30_000, 100_000),
            ("community", "with-party-building", 40_000, 100_000),
            ("community", "with-service", 140_000, 100_000),
        ],
    )
    def test_each_definition(
        self, data: Dataset, place: str, definition: str, shangzhou: int, ludian: int
    ) -> None:
        chosen = {"office-money": definition}
        key = {"object": "office_funds", "place": place, **AFTER}
        money = compare(data, "office_money", definitions=chosen, price_year=PRINTED, **key)
        assert (values(money, "shangzhou"), values(money, "ludian")) == ([shangzhou], [ludian])

    def test_the_order_of_communities_turns_with_service_money(self, compared: Compared) -> None:
        found = [c for c in compared["stipends"] if c.measure == "office_money"]
        first = {(c.key["place"], c.definitions["office-money"]): c.ranked[0].item for c in found}
        assert first.pop(("community", "with-service")) == "shangzhou"
        assert set(first.values()) == {"ludian"}

    def test_places_of_different_kinds_are_never_compared_unasked(self, compared: Compared) -> None:
        for comparison in itertools.chain.from_iterable(compared.values()):
            kinds = set(comparison.estimates["place"]) - set(HOLDS_FOR)
            assert len(kinds) <= 1


class TestVenues:
    @pytest.fixture
    def venues(self, data: Dataset) -> Comparison:
        return compare(data, "cost_per_venue", across=["works"], price_year=PRINTED, **VENUE)

    def test_minjia_is_above_ludian_in_four_of_four_readings(self, venues: Comparison) -> None:
        assert order(venues, "minjia", "ludian") == (4, 4)
        margin = venues.robustness.pair("minjia", "ludian").margin
        assert round(margin) == 6_076
        assert round(margin / (59_560_000 / 79), 3) == 0.008

    def test_all_readings_of_minjia_stay_in_its_span(self, venues: Comparison) -> None:
        row = next(row for row in venues.ranked if row.item == "minjia")
        assert (row.low, row.high) == (760_000, 3_800_000)
        assert set(values(venues, "minjia")) == {3_800_000, 950_000, 760_000}

    def test_subsidies_are_exact(self, data: Dataset) -> None:
        rows = data.tables["estimates"]
        subsidies = rows[(rows["funder"] == "county_subsidy") & rows["feasible"] & (rows["absence"] == "")]
        assert (subsidies["lower"] == subsidies["upper"]).all()
        means = subsidies[subsidies["measure"] == "average_subsidy"]
        assert set(means["value"]) == {845_000, 1_085_000}

    def test_shares_of_places(self, data: Dataset) -> None:
        shares = compare(data, "venues_covered", object="village_venue", works="mixed", place="village")
        assert values(shares, "ludian") == [round(79 / 103, 2)]
        assert set(values(shares, "minjia")) == {round(5 / 16, 2)}
        assert set(values(shares, "weinan")) == {round(5 / 16, 2), 0.5}


def test_counts_have_no_ranks(compared: Compared) -> None:
    counts = [c for found in compared.values() for c in found if not c.is_rate]
    assert {c.measure for c in counts} == {"venues_upgraded", "organisations_rectified", "people_trained"}
    for comparison in counts:
        assert comparison.ranking()[["rank", "higher_than_next"]].isna().all(axis=None)


def test_the_net_change_of_branches(all_spans: pd.DataFrame) -> None:
    (net,) = all_spans[(all_spans["measure"] == "net_branches") & (all_spans["absence"] == "")].itertuples()
    assert (net.value, net.low, net.high, net.n_readings, net.n_values) == (-83, -83, 94, 2, 2)


@pytest.mark.parametrize(
    ("coding", "value"),
    [
        ("weinan.problems-per-village", 15.1),
        ("ludian.problems-per-village", 1.46),
        ("weinan.measures-per-problem", 1.1),
        ("ludian.party-money-spread", 29_126),
        ("ludian.first-secretaries-per-village", 1.09),
        ("ludian.officials-per-village", 7.6),
        ("ludian.weak-village-share", 0.466),  # 48 of 103
        ("ludian.weak-village", 300_000),
        ("ludian.collective-2019", 500_000),
        ("ludian.collective-2021", 500_000),
        ("wushan.income-share.target", 0.8),
        ("wushan.income-threshold.target", 100_000),
        ("ludian.rise.head-split", 2_200),
        ("ludian.rise.head-combined", 2_000),
        ("ludian.rise.deputy", 1_400),
        ("ludian.rise.member", 2_000),
        ("ludian.office-cost.after", 5_750_000),
        ("ludian.office-cost.before.all-103", 4_640_000),
        ("ludian.office-cost.before.others-only", 4_040_000),
    ],
)
def test_what_else_the_documents_support(data: Dataset, coding: str, value: float) -> None:
    rows = data.tables["estimates"]
    (found,) = rows.loc[rows["coding_id"] == coding, "value"]
    digits = len(f"{value}".partition(".")[2]) if isinstance(value, float) else 0
    assert round(found, digits) == value


@pytest.mark.parametrize("coding", ["ludian.problems-per-village", "wushan.income-share.target"])
def test_what_is_at_least_so_much(data: Dataset, coding: str) -> None:
    rows = data.tables["estimates"].set_index("coding_id")
    assert rows.loc[coding, "lower"] == rows.loc[coding, "value"] < rows.loc[coding, "upper"]


def test_pay_before_the_rise_meets_pay_after_another(data: Dataset) -> None:
    """Ludian's 2,000 yuan a month are Shangzhou's 24,000 a year, once the stages are allowed to differ."""
    key = {"place": "village", "post": "head_split", "price_year": PRINTED}
    heads = compare(data, "yearly_pay", across=["stage"], **key)
    rows = {row.item: row.value for row in heads.ranked}
    assert rows == {"ludian:after": 50_400, "ludian:before": 24_000, "shangzhou": 24_000}
    assert heads.caveats["stage"] == {"after": ["shangzhou", "ludian"], "before": ["ludian"]}


# Every published order.


def worlds(data: Dataset, choices: set[str]) -> Iterator[dict[str, str]]:
    """Yield every combination of feasible readings of the choices."""
    register = data.readings[data.readings["feasible"]]
    answers = {
        choice: register.loc[register["choice_id"] == choice, "reading"].to_list()
        for choice in sorted(choices)
    }
    for combination in itertools.product(*answers.values()):
        yield dict(zip(answers, combination, strict=True))


def price(data: Dataset, row: dict[str, Any], year: int, to: int) -> dict[str, Any]:
    """Return a row with its bounds in the prices of another year."""
    changes = series(data, "cpi_annual_change_nbs")
    factor = math.prod(1 + changes[step] / 100 for step in range(year + 1, to + 1))
    return row | {"lower": row["lower"] * factor, "upper": row["upper"] * factor}


def candidates(data: Dataset, comparison: Comparison, item: str) -> list[dict[str, Any]]:
    """Return the rows of an item with their bounds at the prices of the comparison, under all readings."""
    programme, _, code = item.partition(":")
    frame = data.tables["estimates"]
    frame = frame[(frame["measure"] == comparison.measure) & (frame["programme_id"] == programme)]
    frame = frame[frame["feasible"] & (frame["absence"] == "")]
    for name in DIMENSIONS:
        if name in comparison.key:
            wanted = comparison.key[name]
            holding = [kind for kind, places in HOLDS_FOR.items() if wanted in places and name == "place"]
            frame = frame[frame[name].isin([wanted, *holding])]
        elif code:
            frame = frame[frame[name] == code]
    found = []
    for row in frame.to_dict("records"):
        answers = parse_when(row["reading"])
        if comparison.price_basis == "nominal" or not row["unit"].startswith("CNY"):
            found.append(row | {"answers": answers})
            continue
        to = int(comparison.price_basis.removeprefix("constant-"))
        ends = [int(end) for end in row["year"].split("/") if end]
        choice = OPEN_YEAR.id_for(programme, row["year"])
        if not ends:
            published = data.sources.set_index("programme_id").loc[programme, "published"]
            undated = price(data, row, int(published[:4]), to) | {"upper": math.inf}
            found.append(undated | {"answers": answers})
        for year in range(ends[0], ends[-1] + 1) if ends else ():
            opened = {choice: str(year)} if len(ends) > 1 else {}
            found.append(price(data, row, year, to) | {"answers": answers | opened})
    return found


def signs(data: Dataset, comparison: Comparison, pair: Pair) -> dict[tuple[tuple[str, str], ...], int]:
    """Return whether the first is above the second (1), below (-1) or neither, in every combination."""
    definitions = {"annualisation": "twelve", "price-index": "national", "office-money": "office-only"}
    definitions |= comparison.definitions
    sides = [candidates(data, comparison, item) for item in (pair.first, pair.second)]
    touched = {choice for side in sides for row in side for choice in row["answers"]} - set(definitions)
    found = {}
    for world in worlds(data, touched):
        known = world | definitions
        standing = [[row for row in side if row["answers"].items() <= known.items()] for side in sides]
        if not all(standing):
            continue  # one of them has no value under these readings
        ((first,), (second,)) = standing
        above, below = first["lower"] > second["upper"], first["upper"] < second["lower"]
        found[tuple(sorted(world.items()))] = int(above) - int(below)
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_every_published_order_survives_every_combination_of_readings(
    data: Dataset, compared: Compared, theme: str
) -> None:
    for comparison in compared[theme]:
        for pair in comparison.robustness.neighbours:
            found = signs(data, comparison, pair)
            assert found, comparison
            if pair.holds:
                assert set(found.values()) == {1 if pair.higher else -1}, (comparison, pair)
            elif set(found.values()) != {0}:
                assert len(set(found.values())) > 1, (comparison, pair)
                assert pair.deciding or pair in comparison.robustness.turned, (comparison, pair)
            for choice in pair.deciding:
                by_reading: dict[str, set[int]] = {}
                for world, sign in found.items():
                    by_reading.setdefault(dict(world)[choice], set()).add(sign)
                assert all(len(one) == 1 for one in by_reading.values()), (comparison, choice)


def test_what_the_ranking_says_holds_is_what_holds(compared: Compared) -> None:
    """The columns of the ranking and the pairs behind it say the same."""
    for comparison in (c for found in compared.values() for c in found if c.is_rate):
        rows = [row for row in comparison.ranked if not row.is_last]
        said = [row.higher_than_next == row.of_readings for row in rows]
        assert said == [pair.holds and pair.higher > 0 for pair in comparison.robustness.neighbours]


@pytest.mark.parametrize("source", ["data", "invented"])
def test_an_order_that_something_turns_is_said_with_the_share_in_which_it_holds(
    source: str, request: pytest.FixtureRequest
) -> None:
    data = request.getfixturevalue(source)
    labels = Labels(data, Text.of("en"))
    for comparison in (c for theme in THEMES for c in comparisons(data, theme) if c.is_rate):
        pair, said = top(comparison), contrast_title(labels, [comparison])
        most = max(pair.higher, pair.lower)
        share = f"in {labels.text.count(most)} of {labels.text.count(pair.total)} combinations"
        counted = share in said
        assert counted == (not pair.holds and pair.tied < pair.total), said
        assert ("cannot be said" in said) == (pair.tied == pair.total), said
        assert (" if " in said) == bool(comparison.silent.keys() & comparison_owners(pair)), said


def comparison_owners(pair: Pair) -> set[str]:
    return {item.split(":")[0] for item in (pair.first, pair.second)}


# Every published finding on one place.

HEDGES = {"en": "the text does not say", "zh-Hans": "原文未说明"}
OPEN = {"en": (" or ", "planned"), "zh-Hans": ("或", "还是")}
NEUTRAL = ("venues_covered",)  # It says how many things of two kinds there are, not that something is done.


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Dataset:
    """Return the first dozen of invented places, which hold every awkward case."""
    folder = tmp_path_factory.mktemp("invented")
    write_country(folder, 12, 1, root=project_root)
    return processed.checked(folder)


@pytest.fixture(
    scope="module",
    params=[(country, language) for country in ("data", "invented") for language in HEDGES],
    ids="-".join,
)
def told(request: pytest.FixtureRequest) -> Labels:
    """The words for the real and for the invented places, in each language that has its own."""
    country, language = request.param
    return Labels(request.getfixturevalue(country), Text.of(language))


_ROWS: dict[tuple[str, str], list[dict[str, Any]]] = {}


def rows_on(data: Dataset, programme: str) -> list[dict[str, Any]]:
    """Return the feasible estimates of a programme with their readings, read once for all findings."""
    key = (data.data_hash, programme)
    if key not in _ROWS:
        frame = data.tables["estimates"]
        frame = frame[(frame["programme_id"] == programme) & frame["feasible"]]
        _ROWS[key] = [row | {"answers": parse_when(row["reading"])} for row in frame.to_dict("records")]
    return _ROWS[key]


def outcomes(data: Dataset, finding: Finding) -> dict[tuple[str, ...], list[list[dict[str, Any]]]]:
    """Return for each thing that a finding is of the rows that stand in each combination of readings.

    What a cost is of may be of other works in another reading, as the thing is the same.
    """
    definitional = set(data.choices.loc[data.choices["kind"] == "definitional", "choice_id"])
    register = data.readings[data.readings["is_default"] & data.readings["choice_id"].isin(definitional)]
    decided = dict(zip(register["choice_id"], register["reading"], strict=True))
    names = [name for name in ("measure", *DIMENSIONS) if name != "works" or finding.kind != "unit_cost"]
    things = {tuple(getattr(row, name) for name in names) for row in finding.estimates}
    found = {}
    for thing in things:
        feasible = rows_on(data, finding.programme_id)
        rows = [row for row in feasible if tuple(row[name] for name in names) == thing]
        touched = {choice for row in rows for choice in row["answers"]} - definitional
        found[thing] = [
            [
                row
                for row in rows
                if row["answers"].items() <= (world | decided).items() and not row["absence"]
            ]
            for world in worlds(data, touched)
        ]
    return found


def faults(labels: Labels, place: Place, finding: Finding) -> list[str]:
    """Return what a sentence says flatly that a combination of readings makes false or gives no value."""
    said, language = sentence(Pieces(labels, place), finding), labels.text.language
    found = []
    for thing, each in outcomes(labels.data, finding).items():
        if any(not rows for rows in each):
            found.append(f"{thing} has no value in some reading: {said}")
        values = {(row["value"], row["lower"], row["upper"]) for rows in each for row in rows}
        low, high = finding.ends
        if not all(low <= value <= high for value, *_ in values if math.isfinite(value)):
            found.append(f"{thing} is outside of {finding.ends}: {said}")
        varies = (
            len({frozenset((row["value"], row["lower"], row["upper"]) for row in rows) for rows in each}) > 1
        )
        share = labels.text.span(round(low, 2), round(high, 2), "share")
        if varies and HEDGES[language] not in said and share not in said:
            found.append(f"{thing} varies, and nothing is said of it: {said}")
        statuses = {row["status"] for rows in each for row in rows}
        is_open = any(word in said for word in OPEN[language]) or finding.topic in NEUTRAL
        if len(statuses) > 1 and not is_open:
            found.append(f"{thing} may be {statuses}: {said}")
    return found


def programmes_of(data: Dataset) -> list[tuple[Place, list[Finding]]]:
    return [(Place(data, programme), findings(data, programme)) for programme in data.programme_ids]


def test_every_finding_on_a_place_survives_every_combination_of_readings(told: Labels) -> None:
    for place, found in programmes_of(told.data):
        assert found, place.programme
        assert [fault for finding in found for fault in faults(told, place, finding)] == []


@pytest.mark.parametrize("language", HEDGES)
def test_a_finding_that_hides_what_it_hangs_on_is_found_out(data: Dataset, language: str) -> None:
    labels = Labels(data, Text.of(language))
    hanging = [
        (place, replace(finding, choices=()))
        for place, found in programmes_of(data)
        for finding in found
        if finding.choices and finding.varies and finding.topic != "venues_covered"
    ]
    assert len(hanging) >= 4
    assert all(faults(labels, place, finding) for place, finding in hanging)


def test_a_plan_that_may_be_a_result_is_no_flat_result(data: Dataset) -> None:
    labels, place = Labels(data, Text.of("en")), Place(data, "wushan")
    [venues] = [each for each in findings(data, "wushan") if each.topic == "venues_upgraded"]
    assert faults(labels, place, venues) == []
    flat = replace(venues, status="achieved", choices=())
    assert faults(labels, place, flat)[0].startswith("('venues_upgraded', ")


def test_a_headline_says_nothing_that_a_reading_makes_false(told: Labels) -> None:
    """A clause has no room for what it hangs on: it says what no reading changes, or that it is open."""
    for place, found in programmes_of(told.data):
        for finding in found:
            said = clause(Pieces(told, place), finding)
            for thing, each in outcomes(told.data, finding).items() if said else ():
                values = {row["value"] for rows in each for row in rows}
                flat = [told.text.number(value) for value in values if math.isfinite(value)]
                shown = [number for number in flat if number in said]
                assert len(values) < 2 or len(shown) != 1 or finding.topic == "branches_dissolved", said
                statuses = {row["status"] for rows in each for row in rows}
                hedged = any(word in said for word in OPEN[told.text.language])
                assert len(statuses) < 2 or hedged, (thing, said)


def test_an_opening_is_short_and_says_what_its_messages_hang_on(told: Labels) -> None:
    for programme in told.data.programme_ids:
        opened = opening(told, programme)
        words = told.sentences([opened.headline, *(message.words for message in opened.messages)])
        assert told.text.rules.length(words) <= told.text.rules.opening, words
        assert 1 <= len(opened.messages) <= 4, words
        pieces = Pieces(told, Place(told.data, programme))
        choices = {c for m in opened.messages for finding in m.findings for c in finding.choices}
        assert [choice for choice in choices if pieces.matter([choice]) not in words] == []
