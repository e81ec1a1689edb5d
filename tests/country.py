"""A dataset of many invented programmes beside the real ones: estimates without figures of their own."""

from dataclasses import replace

import pandas as pd
from invented.synthetic import synthetic

from analysis.estimates.measures import Estimate, to_frame
from analysis.evidence.dataset import Dataset

VENUE = {"object": "village_venue", "works": "new", "funder": "total", "place": "village"}


def country(data: Dataset, number: int, seed: int = 1) -> Dataset:
    """Return the dataset with so many synthetic programmes added, a third of which lack each measure."""
    places = synthetic(number, seed)
    rows = [estimate for place in places.to_dict("records") for estimate in _estimates(place)]
    added = {
        "programmes": _like(data.programmes, _programmes(places)),
        "sources": _like(data.sources, _sources(places)),
        "estimates": to_frame(rows),
    }
    tables = {
        name: pd.concat([frame, added[name]], ignore_index=True) if name in added else frame
        for name, frame in data.tables.items()
    }
    return replace(data, tables=tables)


def _estimates(place: dict) -> list[Estimate]:
    owner, number = place["programme_id"], int(place["programme_id"][-4:])
    common = {"year": str(place["year"]), "year_basis": "stated", "status": "achieved"}

    def one(measure: str, theme: str, value: float, unit: str, **dimensions: str) -> Estimate:
        return Estimate(
            owner, theme, measure, value=value, lower=value, upper=value, unit=unit, **common, **dimensions,
        )  # fmt: skip

    pay, post = place["yearly_pay"], {"post": "head_split", "place": "village"}
    found = [
        one("cost_per_venue", "investment", place["cost_per_venue"], "CNY/venue", **VENUE),
        one("branches_dissolved", "branches", float(place["branches_dissolved"]), "branch", object="branch"),
        one("yearly_pay", "stipends", pay, "CNY/person/year", stage="after", **post),
        one("yearly_pay", "stipends", pay / 2, "CNY/person/year", stage="before", **post),
        one("pay_rise", "stipends", 2.0 + number % 7 / 10, "ratio", **post),
    ]
    lacking = ("investment", "branches", "stipends")[number % 3]
    return [estimate for estimate in found if estimate.theme != lacking]


def _programmes(places: pd.DataFrame) -> pd.DataFrame:
    return places[["programme_id", "label", "label_zh", "admin_level"]].assign(
        programme_name=places["label"], programme_name_zh=places["label_zh"]
    )


def _sources(places: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source_id": places["programme_id"],
            "programme_id": places["programme_id"],
            "title": places["label_zh"],
            "title_en": places["label"],
            "published": places["year"].astype(str),
            "date_basis": "stated",
        }
    )


def _like(frame: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    return added.reindex(columns=frame.columns, fill_value="").astype("str")
