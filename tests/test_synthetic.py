"""Synthetic programmes: the same bytes for the same seed, marked in every row, with the effects asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from invented.synthetic import NO_EFFECT, Effects, synthetic

COLUMNS = [
    "programme_id", "label", "label_zh", "admin_level", "province", "province_zh", "year", "villages",
    "branches", "venues", "cost_per_venue", "branches_dissolved", "yearly_pay", "synthetic",
]  # fmt: skip


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, again, other = (synthetic(60, seed).to_csv().encode() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_every_row_says_that_it_is_synthetic() -> None:
    frame = synthetic(40, 1)
    assert list(frame.columns) == COLUMNS
    assert frame["synthetic"].all()
    assert frame["programme_id"].is_unique
    for column, mark in {
        "programme_id": "synthetic-", "label": "Synthetic", "label_zh": "合成",
        "province": "Synthetic", "province_zh": "合成",
    }.items():  # fmt: skip
        assert frame[column].str.startswith(mark).all(), column
    assert frame.loc[0, ["programme_id", "label", "label_zh", "province", "province_zh"]].to_list() == [
        "synthetic-0001", "Synthetic programme 0001", "合成项目0001", "Synthetic province 01", "合成省01",
    ]  # fmt: skip


def test_a_larger_set_begins_with_the_smaller() -> None:
    pd.testing.assert_frame_equal(synthetic(500, 7).head(50), synthetic(50, 7))


def test_an_effect_changes_its_own_column_only() -> None:
    plain, dearer = synthetic(50, 3, NO_EFFECT), synthetic(50, 3, Effects(cost_district=1.0))
    changed = {name for name in COLUMNS if not plain[name].equals(dearer[name])}
    assert changed == {"cost_per_venue", "branches_dissolved", "yearly_pay"}
    only_cost = synthetic(50, 3, Effects(cost=600_000.0))
    base = synthetic(50, 3)
    assert {name for name in COLUMNS if not base[name].equals(only_cost[name])} == {"cost_per_venue"}
    np.testing.assert_allclose(only_cost["cost_per_venue"], 2 * base["cost_per_venue"], rtol=1e-6)


def test_the_columns_have_their_ranges() -> None:
    frame = synthetic(2844, 1)
    assert frame["province"].nunique() == 31
    assert set(frame["admin_level"]) == {"county", "district", "development_zone"}
    assert (frame["year"].min(), frame["year"].max()) == (2013, 2024)
    assert (frame[["villages", "branches", "venues", "cost_per_venue", "yearly_pay"]] > 0).all().all()
    assert (frame["branches_dissolved"] >= 0).all()
    assert frame["branches_dissolved"].dtype.kind == "i"


def test_the_distributions_are_those_named() -> None:
    effects = Effects(cost_district=0.0, cost_year=0.0, cost_province_sd=0.0, dissolved_district=0.0)
    frame = synthetic(20_000, 5, effects)
    logs = np.log(frame["cost_per_venue"])
    assert logs.mean() == pytest.approx(np.log(300_000), abs=0.02)
    assert logs.std() == pytest.approx(0.5, abs=0.01)
    mean = 0.08 * frame["branches"]
    assert (frame["branches_dissolved"] / mean).mean() == pytest.approx(1.0, abs=0.02)
    beyond = ((frame["branches_dissolved"] - mean) ** 2 - mean) / mean**2
    assert beyond.mean() == pytest.approx(0.5, abs=0.05)


def test_the_first_programmes_are_of_different_provinces() -> None:
    assert synthetic(12, 1, provinces=12)["province"].nunique() == 12
    assert synthetic(5, 1, provinces=12)["province"].nunique() == 5
    assert synthetic(0, 1).empty


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": -1, "seed": 1}, "n is -1; expected at least 0"),
        ({"n": 5, "seed": -2}, "seed is -2; expected at least 0"),
        ({"n": 5, "seed": 1, "provinces": 0}, "provinces is 0; expected at least 1"),
    ],
)
def test_wrong_arguments(arguments: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        synthetic(**arguments)  # type: ignore[arg-type]
    assert str(caught.value) == message
