"""Invented programmes with known effects, to prove models and to measure the suite at size.

Every row says that it is synthetic: in the column ``synthetic``, in its ids (``synthetic-0001``) and in its
labels in both languages. Provinces are invented too, so that no real place gets a figure it never reported.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimates.inference import SYNTHETIC_PREFIX

YEARS = range(2013, 2025)
LEVELS = {"county": 0.6, "district": 0.3, "development_zone": 0.1}
PROVINCES = 31


@dataclass(frozen=True)
class Effects:
    """What is true of synthetic programmes; differences are of logarithms, against a county.

    ``cost_*`` is the cost per venue (log-normal), ``dissolved_*`` the branches dissolved per branch
    (negative binomial with variance ``mean + dispersion · mean²``), ``pay_*`` the yearly pay (log-normal).
    The ``*_province_sd`` are random effects that programmes of one province share.
    """

    cost: float = 300_000.0
    cost_district: float = 0.30
    cost_year: float = 0.06
    cost_province_sd: float = 0.30
    cost_sd: float = 0.50
    dissolved: float = 0.08
    dissolved_district: float = 0.40
    dissolved_year: float = 0.0
    dissolved_dispersion: float = 0.50
    pay: float = 30_000.0
    pay_district: float = 0.10
    pay_year: float = 0.07
    pay_province_sd: float = 0.10
    pay_sd: float = 0.20


NO_EFFECT = Effects(
    cost_district=0.0, cost_year=0.0, dissolved_district=0.0, dissolved_year=0.0,
    pay_district=0.0, pay_year=0.0,
)  # fmt: skip


def synthetic(
    n: int, seed: int, effects: Effects | None = None, *, provinces: int = PROVINCES
) -> pd.DataFrame:
    """Return ``n`` synthetic programmes, one row each; the same arguments give the same rows.

    Columns: ``programme_id``, ``label``, ``label_zh``, ``admin_level``, ``province``, ``province_zh``,
    ``year``, ``villages``, ``branches`` (the exposure of ``branches_dissolved``), ``venues``,
    ``cost_per_venue`` (yuan), ``branches_dissolved``, ``yearly_pay`` (yuan), ``synthetic``. Each column has a
    random stream of its own, so that a further column changes no other, and the first rows of a larger set
    are those of a smaller one. The first ``2 · provinces`` programmes are two of each province.
    """
    for name, value, least in (("n", n, 0), ("seed", seed, 0), ("provinces", provinces, 1)):
        if value < least:
            raise ValueError(f"{name} is {value}; expected at least {least}")
    frame = _places(n, seed, provinces)
    return _outcomes(frame, seed, effects or Effects(), provinces).assign(synthetic=True)


def _places(n: int, seed: int, provinces: int) -> pd.DataFrame:
    numbers = [f"{number:04d}" for number in range(1, n + 1)]
    levels = _stream(seed, "admin_level").choice(list(LEVELS), size=n, p=list(LEVELS.values()))
    homes = _stream(seed, "province").integers(provinces, size=n)
    homes[: 2 * provinces] = np.arange(2 * provinces)[:n] % provinces
    villages = np.exp(_stream(seed, "villages").normal(math.log(150), 0.5, n)).round()
    branches = (villages * _stream(seed, "branches").uniform(2, 5, n)).round()
    venues = (villages * _stream(seed, "venues").uniform(0.2, 1, n)).round()
    return pd.DataFrame(
        {
            "programme_id": [f"{SYNTHETIC_PREFIX}{number}" for number in numbers],
            "label": [f"Synthetic programme {number}" for number in numbers],
            "label_zh": [f"合成项目{number}" for number in numbers],
            "admin_level": levels,
            "province": [f"Synthetic province {home + 1:02d}" for home in homes],
            "province_zh": [f"合成省{home + 1:02d}" for home in homes],
            "year": _stream(seed, "year").integers(YEARS.start, YEARS.stop, n),
            "villages": np.maximum(villages, 1).astype(int),
            "branches": np.maximum(branches, 1).astype(int),
            "venues": np.maximum(venues, 1).astype(int),
            "_home": homes,
        }
    )


def _outcomes(places: pd.DataFrame, seed: int, effects: Effects, provinces: int) -> pd.DataFrame:
    district = (places["admin_level"] == "district").to_numpy(dtype=float)
    year = places["year"].to_numpy(dtype=float) - YEARS.start

    def log_normal(
        name: str, base: float, level: float, trend: float, province_sd: float, sd: float
    ) -> NDArray[np.float64]:
        shared = _stream(seed, f"{name}.province").normal(0, 1, provinces)[places["_home"]]
        own = _stream(seed, name).normal(0, 1, len(places))
        logs = math.log(base) + level * district + trend * year + province_sd * shared + sd * own
        return np.exp(logs).round(2)

    e = effects
    rate = e.dissolved * np.exp(e.dissolved_district * district + e.dissolved_year * year)
    # A Poisson count whose rate varies as a gamma variable of mean 1 is negative binomial.
    shape = 1 / e.dissolved_dispersion
    varied = rate * _stream(seed, "dissolved.rate").gamma(shape, 1 / shape, len(places))
    return places.drop(columns="_home").assign(
        cost_per_venue=log_normal(
            "cost", e.cost, e.cost_district, e.cost_year, e.cost_province_sd, e.cost_sd
        ),
        branches_dissolved=_stream(seed, "dissolved").poisson(varied * places["branches"]),
        yearly_pay=log_normal("pay", e.pay, e.pay_district, e.pay_year, e.pay_province_sd, e.pay_sd),
    )


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])
