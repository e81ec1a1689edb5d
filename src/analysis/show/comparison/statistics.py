"""What enough programmes allow beyond description: quantiles, a rank correlation, a model of money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.inference import (
    QUANTILES,
    RULES,
    SYNTHETIC_PREFIX,
    Refusal,
    Result,
    describe,
    rank_correlation,
)
from analysis.evidence.dataset import records
from analysis.show.comparison.columns import column
from analysis.words.comparisons import common_unit
from analysis.words.labels import Labels
from analysis.words.statistics import method_name, refusal_phrase

PREDICTORS = ("admin_level", "province", "year")


@dataclass(frozen=True)
class Statistics:
    """One comparison of many programmes, each with its value under the default readings."""

    labels: Labels
    comparison: Comparison

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Each programme with its value, level, province and year; a range of years is none.

        Invented programmes are no sample together with real ones: they are left out beside them.
        """
        rows = self.comparison.evidence.values()
        values = pd.DataFrame([(r["programme_id"], r["value"], r["year"]) for r in rows],
                              columns=["programme_id", "value", "year"])  # fmt: skip
        values["year"] = pd.to_numeric(values["year"], errors="coerce")
        places = self.comparison.data.programmes[["programme_id", "admin_level", "province"]]
        invented = values["programme_id"].str.startswith(SYNTHETIC_PREFIX)
        chosen = values if invented.all() else values[~invented]
        return chosen.merge(places, on="programme_id")

    def tables(self) -> list[Table]:
        """Return what the number of programmes allows; below the rule for quantiles nothing."""
        described = describe(self.frame, "value")
        if isinstance(described, Refusal) or described.withheld:
            return []
        # Before its rule there is nothing to say of a model: the table of methods says how many are missing.
        large = described.n >= RULES["ols_log"].programmes and common_unit(self.comparison) == "CNY"
        answer, without = self._model() if large else (None, [])
        model = [self._model_table(answer, without)] if answer else []
        return [self._quantiles(described, [] if model else without), *model]

    def _quantiles(self, described: Result, notes: list[str]) -> Table:
        found = zip(described.frame["term"], described.frame["estimate"], strict=True)
        cells = {term: self._amount(value) for term, value in found}
        ranked = rank_correlation(self.frame, "year", "value")
        # A count says how large a place is: only money and rates are ranked.
        if isinstance(ranked, Result) and common_unit(self.comparison) in ("CNY", "share", "ratio"):
            rho = self.labels.text.ratio(ranked.frame["estimate"][0])
            notes = [self.labels.text("inference.note_rank", rho=rho, n=ranked.n), *notes]
        columns = tuple(column(self.labels.text, key, right=True) for key in QUANTILES)
        return Table("quantiles", self._caption("quantiles"), columns, (cells,), notes=tuple(notes))

    def _model(self) -> tuple[Result | None, list[str]]:
        """Return the model with as many predictors as its rule allows, and why the others are left out."""
        # statsmodels takes a second to import, and most comparisons have too few programmes for a model.
        from analysis.estimates.models import fit

        predictors = list(PREDICTORS)
        without: list[str] = []
        while predictors:
            answer = fit("ols_log", self.frame, "value", predictors)
            if isinstance(answer, Result):
                return answer, without
            left_out = self._refused(predictors, answer)
            predictors.remove(left_out)
            named, why = self._column_name(left_out), refusal_phrase(self.labels.text, self._named(answer))
            without.append(self.labels.text("inference.note_without", columns=named, why=why))
        return None, without

    def _refused(self, predictors: list[str], refusal: Refusal) -> str:
        """Return the predictor on account of which a model is refused: the one named, else the widest."""
        if (named := refusal.values.get("column")) in predictors:
            return str(named)
        chosen = self.frame[predictors]
        empty = (chosen.isna() | (chosen == "")).sum()
        sizes = empty if refusal.code in ("too_few", "no_value") else chosen.nunique()
        return str(sizes.idxmax())

    def _model_table(self, answer: Result, without: list[str]) -> Table:
        text = self.labels.text
        note = text(
            "inference.note_model",
            method=method_name(text, answer), n=answer.n, parameters=answer.parameters, df=round(answer.df),
        )  # fmt: skip
        keys = ("term", "factor", "interval", "p")
        columns = tuple(Column(k, text(f"inference.{k}"), "left" if k == "term" else "right") for k in keys)
        cells = tuple(self._coefficient(row) for row in records(answer.frame))
        return Table("model", self._caption("model"), columns, cells, notes=(note, *without))

    def _coefficient(self, row: dict[str, Any]) -> dict[str, str]:
        text = self.labels.text
        low, high = row["effect_low"], row["effect_high"]
        if not row["column"]:
            return {"term": text("inference.term_intercept"), "factor": self._amount(row["effect"]),
                    "interval": text.span(low, high, common_unit(self.comparison)), "p": ""}  # fmt: skip
        name, p = row["column"], row["p"]
        level, against = (self._level(name, row[key]) for key in ("level", "against"))
        return {
            "term": text("inference.term_level", level=level, against=against)
            if level
            else text("inference.term_number", column=self._column_name(name)),
            "factor": text.ratio(row["effect"]),
            "interval": text.span(low, high, "ratio"),
            "p": text.number(p, 3) if p >= 0.001 else f"< {text.number(0.001, 3)}",
        }

    def _named(self, refusal: Refusal) -> Refusal:
        """Return a refusal with the names of its column and level in the place of their codes."""
        values = dict(refusal.values)
        if "column" in values:
            names = [name.partition("=")[0] for name in str(values["column"]).split(", ")]
            if "level" in values:
                values["level"] = self._level(names[0], str(values["level"]))
            values["column"] = self.labels.text.listing(map(self._column_name, dict.fromkeys(names)))
        return replace(refusal, values=values)

    def _column_name(self, name: str) -> str:
        return self.labels.text(f"inference.column_{name}")

    def _level(self, name: str, level: str) -> str:
        if name == "admin_level":
            return self.labels.term(name, level)
        return self._provinces.get(level, level) if name == "province" else level

    @cached_property
    def _provinces(self) -> dict[str, str]:
        frame = self.comparison.data.programmes
        pairs = zip(frame["province"], frame["province_zh"], strict=True)
        return {en: self.labels.text.pick(en, zh) for en, zh in pairs}

    def _caption(self, table: str) -> str:
        return self.labels.text(f"inference.caption_{table}", name=self.labels.comparison(self.comparison))

    def _amount(self, value: float) -> str:
        return self.labels.text.quantity(value, common_unit(self.comparison), short=True)
