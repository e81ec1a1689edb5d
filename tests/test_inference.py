"""What may be asked of how many programmes: every threshold, every refusal, and models that tell the truth.

The simulations run with fixed seeds, so that they pass or fail for good.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from invented.synthetic import NO_EFFECT, Effects, synthetic

import analysis
from analysis.estimates.inference import (
    RULES,
    Dropped,
    Refusal,
    Result,
    allowed_at,
    check,
    describe,
    rank_correlation,
)
from analysis.estimates.models import (
    fit,
    mixed,
    negative_binomial,
    ols_clustered,
    ols_log,
    poisson_robust,
)
from analysis.words.catalogues import catalogue
from analysis.words.language import Text
from analysis.words.statistics import method_name, refusal_phrase

Answer = Result | Refusal


def places(n: int, **columns: object) -> pd.DataFrame:
    """Invented programmes with wavy money, counts, a trend, levels of equal size and ``n`` provinces."""
    row = np.arange(n)
    return pd.DataFrame(
        {
            "programme_id": [f"place-{i:03d}" for i in row],
            "cost": 1000.0 * np.exp(np.sin(row * 1.7) + 0.3 * np.cos(row**2)),
            "year": 2010 + row % 7,
            "size": 50.0 + (row * 37) % 61,
            "level": np.where(row % 2, "county", "district"),
            "province": row % max(n // 3, 1),
            "dissolved": ((row * 7919) % 23).astype(float),
            "branches": 100.0 + row % 13,
        }
    ).assign(**columns)


def result(answer: Answer) -> Result:
    assert isinstance(answer, Result), answer
    return answer


def refused(answer: Answer | None) -> Refusal:
    assert isinstance(answer, Refusal), answer
    return answer


def said(answer: Answer | None, language: str = "en") -> str:
    return refusal_phrase(Text.of(language), refused(answer))


def counted(answer: Answer) -> tuple[str, int, int | None, int | None, str]:
    refusal = refused(answer)
    return refusal.code, refusal.n, refusal.needed, refusal.missing, refusal.unit


# Thresholds: at n - 1 refused with what is missing, at n allowed

ONE_X: dict[str, Callable[[pd.DataFrame], Answer]] = {
    "rank_correlation": lambda frame: rank_correlation(frame, "year", "cost"),
    "ols_log": lambda frame: ols_log(frame, "cost", ["year"]),
    "ols_clustered": lambda frame: ols_clustered(frame, "cost", ["year"], "province"),
    "mixed": lambda frame: mixed(frame, "cost", ["year"], "province"),
    "negative_binomial": lambda frame: negative_binomial(frame, "dissolved", ["year"], "branches"),
    "poisson_robust": lambda frame: poisson_robust(frame, "dissolved", ["year"], "branches"),
}


@pytest.mark.parametrize(
    ("method", "least"),
    [
        ("rank_correlation", 10),
        ("ols_log", 30),
        ("ols_clustered", 30),
        ("mixed", 30),
        ("negative_binomial", 50),
        ("poisson_robust", 200),
    ],
)
def test_one_programme_too_few_is_refused(method: str, least: int) -> None:
    answer = ONE_X[method](places(least - 1))
    assert answer == Refusal(method, "too_few", least - 1, least)
    name, name_zh = (catalogue(language)[f"inference.method_{method}"] for language in ("en", "zh-Hans"))
    assert said(answer) == f"{name} needs {least} programmes with a value; it has {least - 1} and lacks 1."
    assert said(answer, "zh-Hans") == f"{name_zh}需要{least}个地区有数值；现有{least - 1}个，还差1个。"


@pytest.mark.parametrize(
    ("method", "least"),
    [("rank_correlation", 10), ("ols_log", 30), ("negative_binomial", 50), ("poisson_robust", 200)],
)
def test_just_enough_programmes_are_answered(method: str, least: int) -> None:
    answer = result(ONE_X[method](places(least)))
    assert (answer.n, answer.synthetic, answer.dropped) == (least, False, ())


def test_a_median_needs_ten_programmes() -> None:
    nine, ten = result(describe(places(9), "cost")), result(describe(places(10), "cost"))
    assert nine.frame["term"].to_list() == ["smallest", "largest"]
    assert [(each.method, each.needed, each.missing) for each in nine.withheld] == [("quantiles", 10, 1)]
    assert ten.frame["term"].to_list() == [
        "smallest",
        "lower_quartile",
        "median",
        "upper_quartile",
        "largest",
    ]
    assert ten.withheld == ()
    assert said(describe(places(0), "cost")) == "No programme has a value."


def test_description_and_rank_correlation_have_no_p() -> None:
    for answer in (
        result(describe(places(60), "cost")),
        result(rank_correlation(places(60), "year", "cost")),
    ):
        assert list(answer.frame.columns) == ["term", "estimate", "synthetic"]


@pytest.mark.parametrize(
    ("x", "parameters"), [(["year", "size"], 3), (["year", "size", "level"], 4), (["level", "size"], 3)]
)
def test_ols_needs_ten_programmes_for_each_parameter(x: list[str], parameters: int) -> None:
    least = 10 * parameters
    answer = ols_log(places(least), "cost", x)
    assert (result(answer).parameters, result(answer).df) == (parameters, least - parameters)
    if parameters == 4:
        fewer = ols_log(places(least - 1), "cost", x)
        assert counted(fewer) == ("too_few_per_parameter", 39, 40, 1, "programmes")
        assert said(fewer) == (
            "OLS on log money with 4 parameters needs 40 programmes with a value, 10 for each parameter; "
            "it has 39 and lacks 1."
        )


def test_the_dispersion_and_the_group_variance_are_parameters() -> None:
    frame = places(59)
    x = ["year", "size", "level", "more"]
    frame["more"] = (frame.index * 11) % 17
    assert counted(negative_binomial(frame, "dissolved", x, "branches"))[:3] == (
        "too_few_per_parameter", 59, 60
    )  # fmt: skip
    assert counted(mixed(frame, "cost", x, "province"))[:3] == ("too_few_per_parameter", 59, 60)


def test_clustered_errors_need_fifty_clusters() -> None:
    fewer = ols_clustered(places(150, province=np.arange(150) % 49), "cost", ["year"], "province")
    assert counted(fewer) == ("too_few_groups", 49, 50, 1, "clusters")
    assert said(fewer) == ("OLS on log money with clustered errors needs 50 clusters; it has 49 and lacks 1.")
    assert said(fewer, "zh-Hans") == "聚类稳健的对数金额回归需要50个聚类；现有49个，还差1个。"
    enough = result(ols_clustered(places(150, province=np.arange(150) % 50), "cost", ["year"], "province"))
    assert (enough.groups, enough.df, enough.n) == (50, 49, 150)


def test_a_mixed_model_needs_twenty_groups_of_two_or_more() -> None:
    bump = np.repeat(np.arange(20.0), 3)
    frame = places(60, province=np.repeat(np.arange(20), 3))
    frame["cost"] *= np.exp(bump / 5)
    fewer = frame.assign(province=frame["province"].replace(19, 18))
    assert counted(mixed(fewer, "cost", ["year"], "province")) == (
        "too_few_groups", 19, 20, 1, "groups"
    )  # fmt: skip
    # A group of one does not count.
    lone = frame.assign(province=[*frame["province"][:58], 97, 98])
    assert counted(mixed(lone, "cost", ["year"], "province"))[1] == 19
    assert result(mixed(frame, "cost", ["year"], "province")).groups == 20


@pytest.mark.parametrize(
    ("small", "answer"),
    [
        ("level", lambda f: ols_log(f, "cost", ["level"])),
        ("level", lambda f: poisson_robust(f, "dissolved", ["level"], "branches")),
        ("flag", lambda f: ols_log(f, "cost", ["flag"])),
    ],
)
def test_a_level_needs_ten_programmes(small: str, answer: Callable[[pd.DataFrame], Answer]) -> None:
    few, enough = (
        places(200, level=np.where(np.arange(200) < k, "zone", "county"), flag=(np.arange(200) < k) * 1)
        for k in (9, 10)
    )
    assert counted(answer(few)) == ("too_few_in_level", 9, 10, 1, "programmes")
    assert isinstance(answer(enough), Result)
    if small == "flag":
        assert said(answer(few)) == (
            "OLS on log money needs 10 programmes in each level of flag; flag ≠ 0 has 9 and lacks 1."
        )


def test_a_level_of_clusters_needs_ten_clusters() -> None:
    province = np.arange(150) % 50
    few = places(150, province=province, level=np.where(province < 9, "zone", "county"))
    assert counted(ols_clustered(few, "cost", ["level"], "province")) == (
        "too_few_in_level", 9, 10, 1, "clusters"
    )  # fmt: skip


# The five programmes of the data


def test_the_five_programmes_can_be_described_and_no_more() -> None:
    estimates = analysis.load().tables["estimates"]
    cells = (estimates["measure"] == "cost_per_venue") & (estimates["object"] == "village_venue")
    rows = estimates[cells & estimates["is_default"] & (estimates["funder"] != "county_subsidy")]
    rows = rows.drop_duplicates("programme_id")
    answer = result(describe(rows, "value"))
    assert (answer.n, answer.synthetic) == (2, False)
    assert answer.dropped == (Dropped("value", "not_reported", ("wushan", "weinan")),)
    assert [each.missing for each in answer.withheld] == [8]

    five = analysis.load().tables["programmes"].assign(year=range(5), cost=[3.0, 1, 4, 1.5, 5], people=9)
    assert result(describe(five, "cost")).n == 5
    missing = {
        "rank_correlation": rank_correlation(five, "year", "cost"),
        "ols_log": ols_log(five, "cost", ["year"]),
        "ols_clustered": ols_clustered(five, "cost", ["year"], "province"),
        "mixed": mixed(five, "cost", ["year"], "province"),
        "negative_binomial": negative_binomial(five, "people", ["year"], "cost"),
        "poisson_robust": poisson_robust(five, "people", ["year"], "cost"),
    }
    known = {"ols_clustered": 4, "mixed": 4}  # the province of one programme is not stated
    least = {"rank_correlation": 10, "negative_binomial": 50, "poisson_robust": 200}
    for method, answer in missing.items():
        n = known.get(method, 5)
        needed = least.get(method, 30)
        assert counted(answer) == ("too_few", n, needed, needed - n, "programmes"), method


def test_what_five_programmes_may_be_asked_is_a_table() -> None:
    answers = allowed_at(5)
    assert [method for method, refusal in answers.items() if not refusal] == ["describe"]
    assert {method: refusal.missing for method, refusal in answers.items() if refusal} == {
        "quantiles": 5, "rank_correlation": 5, "composite_index": 5, "ols_log": 25,
        "ols_clustered": 25, "mixed": 25, "negative_binomial": 45, "poisson_robust": 195,
    }  # fmt: skip
    assert said(answers["ols_log"]) == (
        "OLS on log money needs 30 programmes with a value; it has 5 and lacks 25."
    )


# Refusals that size does not explain


def spoilt(n: int, column: str, row: int, value: float) -> pd.DataFrame:
    frame = places(n)
    frame[column] = frame[column].astype(float)
    frame.loc[row, column] = value
    return frame


TWO = "place-001, place-002"
LEVELS = np.where(np.arange(200) < 100, "county", "district")


@pytest.mark.parametrize(
    ("answer", "code", "text"),
    [
        (
            ols_log(spoilt(40, "cost", 3, 0.0), "cost", ["year"]),
            "not_positive",
            "OLS on log money needs cost above zero; it is not for place-003.",
        ),
        (
            ols_log(spoilt(40, "cost", 4, -5.0), "cost", ["year"]),
            "not_positive",
            "OLS on log money needs cost above zero; it is not for place-004.",
        ),
        (
            ols_log(places(40, year=2015), "cost", ["year"]),
            "constant",
            "year is the same for all 40 programmes: there is nothing to compare.",
        ),
        (
            ols_log(places(40, level="county"), "cost", ["year", "level"]),
            "constant",
            "level is the same for all 40 programmes: there is nothing to compare.",
        ),
        (
            ols_log(places(40, cost=5.0), "cost", ["year"]),
            "constant",
            "cost is the same for all 40 programmes: there is nothing to compare.",
        ),
        (
            rank_correlation(places(40, year=2015), "cost", "year"),
            "constant",
            "year is the same for all 40 programmes: there is nothing to compare.",
        ),
        (
            ols_log(places(40).assign(later=lambda f: f["year"] * 2 - 3), "cost", ["year", "later"]),
            "collinear",
            "The predictors year, later cannot be told apart: one of them follows from the others.",
        ),
        (
            ols_log(
                places(60, level=np.resize(["a", "b"], 60), other=[*np.resize(["a", "b"], 59), "a"]),
                "cost",
                ["level", "other"],
            ),
            "single_case",
            "A coefficient rests on place-059 alone: its standard error is not known.",
        ),
        (
            ols_log(places(40).assign(cost=lambda f: np.exp(f["year"] - 2010)), "cost", ["year"]),
            "perfect_fit",
            "The predictors reproduce cost exactly: there is no error to estimate.",
        ),
        (
            negative_binomial(spoilt(60, "dissolved", 2, 1.5), "dissolved", ["year"], "branches"),
            "not_a_count",
            "dissolved must be a whole number that is not negative; it is not for place-002.",
        ),
        (
            poisson_robust(spoilt(200, "dissolved", 7, -1.0), "dissolved", ["year"], "branches"),
            "not_a_count",
            "dissolved must be a whole number that is not negative; it is not for place-007.",
        ),
        (
            poisson_robust(spoilt(200, "branches", 8, 0.0), "dissolved", ["year"], "branches"),
            "not_positive",
            "Robust Poisson regression needs branches above zero; it is not for place-008.",
        ),
        (
            poisson_robust(
                places(200, level=LEVELS).assign(
                    dissolved=lambda f: f["dissolved"].where(f["level"] == "county", 0)
                ),
                "dissolved",
                ["level"],
                "branches",
            ),
            "separated",
            "A coefficient rests only on programmes with a count of zero: it has no finite estimate.",
        ),
        (
            negative_binomial(
                places(60).assign(dissolved=np.resize([9, 10, 11], 60)), "dissolved", ["year"], "branches"
            ),
            "no_dispersion",
            "The counts vary no more than a Poisson model says: there is no dispersion to estimate.",
        ),
        (
            mixed(places(60, province=np.repeat(np.arange(20), 3), cost=np.resize([1.0, 2, 3.5], 60)),
                  "cost", ["year"], "province"),
            "no_group_variance",
            "The groups differ no more than programmes within them do: there is no group effect to estimate.",
        ),
        (
            ols_log(pd.concat([places(40), places(40)[1:3]]), "cost", ["year"]),
            "repeated_programmes",
            f"OLS on log money takes one row for each programme; {TWO} have more. Select one.",
        ),
        (
            ols_clustered(
                pd.concat([places(150), places(150).head(1)]).assign(province=[*np.arange(150) % 50, 7]),
                "cost",
                ["year"],
                "province",
            ),
            "split_programmes",
            "OLS on log money with clustered errors takes each programme in one cluster; "
            "place-000 are in several.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)  # fmt: skip
def test_data_that_a_method_cannot_use(answer: Answer, code: str, text: str) -> None:
    refusal = refused(answer)
    assert (refusal.code, said(refusal)) == (code, text)
    assert (refusal.needed, refusal.missing) == (None, None)


def test_a_fit_that_does_not_converge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from statsmodels.discrete.discrete_model import NegativeBinomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.regression.mixed_linear_model import MixedLM

    def unconverged(kind: type, mark: Callable[[object], None]) -> None:
        fit = kind.fit  # type: ignore[attr-defined]

        def stopped(self: object, *args: object, **kwargs: object) -> object:
            found = fit(self, *args, **kwargs)
            mark(found)
            return found

        monkeypatch.setattr(kind, "fit", stopped)

    frame = synthetic(200, 1)
    models: dict[str, tuple[Callable[[], Answer], type, Callable[[object], None]]] = {
        "mixed": (
            lambda: mixed(frame, "cost_per_venue", ["year"], "province"),
            MixedLM,
            lambda found: setattr(found._results, "converged", False),  # type: ignore[attr-defined]
        ),
        "negative_binomial": (
            lambda: negative_binomial(frame, "branches_dissolved", ["year"], "branches"),
            NegativeBinomial,
            lambda found: found.mle_retvals.update(converged=False),  # type: ignore[attr-defined]
        ),
        "poisson_robust": (
            lambda: poisson_robust(frame, "branches_dissolved", ["year"], "branches"),
            GLM,
            lambda found: setattr(found._results, "converged", False),  # type: ignore[attr-defined]
        ),
    }
    for method, (ask, kind, mark) in models.items():
        assert isinstance(ask(), Result), method
        unconverged(kind, mark)
        assert refused(ask()).code == "unconverged", method


def test_algebra_that_breaks_down_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    def singular(*_: object, **__: object) -> None:
        raise np.linalg.LinAlgError("singular matrix")

    monkeypatch.setattr(MixedLM, "fit", singular)
    answer = mixed(synthetic(200, 1), "cost_per_venue", ["year"], "province")
    assert said(answer) == "Synthetic data: The estimate of A mixed model of log money did not converge."


# Which rows count


def test_the_readings_of_a_programme_are_no_further_programmes() -> None:
    readings = pd.concat([places(5)] * 10)
    assert counted(ols_log(readings, "cost", ["year"])) == ("too_few", 5, 30, 25, "programmes")
    assert counted(rank_correlation(readings, "year", "cost"))[1] == 5
    assert refused(describe(readings, "cost")).code == "repeated_programmes"
    # Where the programmes are the clusters or the groups, their rows may be many.
    yearly = pd.concat([places(50).assign(year=2010 + i) for i in range(4)]).reset_index(drop=True)
    yearly["cost"] *= np.exp(0.1 * np.sin(np.arange(200)))
    for answer in (
        result(ols_clustered(yearly, "cost", ["year"], "programme_id")),
        result(mixed(yearly, "cost", ["year"], "programme_id")),
    ):
        assert (answer.n, answer.groups) == (50, 50)


def test_absence_is_dropped_by_type_and_listed() -> None:
    frame = places(34).rename(columns={"cost": "value"})
    frame["absence"], frame["feasible"] = "", True
    frame["year"] = frame["year"].astype(float)
    frame.loc[[0, 1], ["value", "absence"]] = [math.nan, "not_reported"]
    frame.loc[2, ["value", "absence"]] = [math.nan, "not_comparable"]
    frame.loc[3, "year"] = math.nan
    frame.loc[4, "feasible"] = False
    dropped = (
        Dropped("feasible", "infeasible", ("place-004",)),
        Dropped("value", "not_reported", ("place-000", "place-001")),
        Dropped("value", "not_comparable", ("place-002",)),
        Dropped("year", "missing", ("place-003",)),
    )
    answer = refused(ols_log(frame, "value", ["year"]))
    assert (counted(answer)[:4], answer.dropped) == (("too_few", 29, 30, 1), dropped)
    more = pd.concat([frame, places(35).tail(1).rename(columns={"cost": "value"}).assign(absence="")])
    found = result(ols_log(more.assign(feasible=more["feasible"].fillna(True)), "value", ["year"]))
    assert (found.n, found.dropped) == (30, dropped)


def test_what_comes_from_synthetic_rows_is_marked() -> None:
    frame = synthetic(60, 1)
    for rows in (frame, frame.drop(columns="synthetic")):
        answer = result(ols_log(rows, "cost_per_venue", ["year"]))
        assert answer.synthetic and answer.frame["synthetic"].all()
        assert method_name(Text.of("en"), answer) == "OLS on log money (synthetic data)"
        assert method_name(Text.of("zh-Hans"), answer) == "对数金额的最小二乘回归（合成数据）"
        refusal = refused(poisson_robust(rows, "branches_dissolved", ["year"], "branches"))
        assert refusal.synthetic
        assert said(refusal).startswith("Synthetic data: Robust Poisson regression needs 200 programmes")
        assert said(refusal, "zh-Hans").startswith("合成数据：稳健泊松回归需要200个地区")
    assert method_name(Text.of("en"), ols_log(places(30), "cost", ["year"])) == "OLS on log money"


# Wrong calls


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: describe(places(3)[["cost", "year"]], "cost"),
            "the frame has no column 'programme_id'; it has cost, year",
        ),
        (
            lambda: ols_log(places(3)[["programme_id", "cost"]], "cost", ["yaer", "size"]),
            "the frame has no column 'yaer', 'size'; it has programme_id, cost",
        ),
        (lambda: describe(places(3), "level"), "column 'level' holds str; expected numbers"),
        (
            lambda: ols_log(places(3), "cost", "year"),
            "predictors 'year'; expected a list of distinct columns other than 'cost'",
        ),
        (
            lambda: ols_log(places(3), "cost", []),
            "predictors []; expected a list of distinct columns other than 'cost'",
        ),
        (
            lambda: ols_log(places(3), "cost", ["year", "cost"]),
            "predictors ['year', 'cost']; expected a list of distinct columns other than 'cost'",
        ),
        (
            lambda: describe(spoilt(3, "cost", 1, math.inf), "cost"),
            "column 'cost' is infinite for place-001; use values, not open bounds",
        ),
        (
            lambda: ols_log(spoilt(40, "year", 2, math.inf), "cost", ["year"]),
            "column 'year' is infinite for place-002; use values, not open bounds",
        ),
        (
            lambda: ols_log(pd.concat([synthetic(2, 1), places(3)]), "cost", ["year"]),
            "the frame mixes 2 synthetic and 3 real rows; select one kind",
        ),
        (
            lambda: fit("mixed", places(5), "cost", ["year"]),
            "mixed needs a column: groups=…",
        ),
        (
            lambda: fit("probit", places(5), "cost", ["year"]),
            "no model 'probit'; models are ols_log, ols_clustered, mixed, negative_binomial, poisson_robust",
        ),
        (lambda: check("anova", 5), f"no method 'anova'; methods are {', '.join(RULES)}"),
    ],
)
def test_wrong_calls(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message


# The table of rules


def test_the_rules_are_those_of_the_method_note() -> None:
    assert {method: rule.programmes for method, rule in RULES.items()} == {
        "describe": 1, "quantiles": 10, "rank_correlation": 10, "composite_index": 10, "ols_log": 30,
        "ols_clustered": 30, "mixed": 30, "negative_binomial": 50, "poisson_robust": 200,
    }  # fmt: skip
    assert {m: rule.groups for m, rule in RULES.items() if rule.groups} == {"ols_clustered": 50, "mixed": 20}
    models = ("ols_log", "ols_clustered", "mixed", "negative_binomial", "poisson_robust")
    assert {m for m, rule in RULES.items() if rule.per_parameter == 10} == set(models)


def test_one_function_reaches_every_model() -> None:
    for method, ask in ONE_X.items():
        if method == "rank_correlation":
            continue
        outcome = "dissolved" if RULES[method].programmes > 30 else "cost"
        options = {"exposure": "branches"} if outcome == "dissolved" else {"groups": "province"}
        assert fit(method, places(20), outcome, ["year"], **options) == ask(places(20))


# Known effects are found again

TRUE = Effects()
FRAME = synthetic(600, 20, TRUE, provinces=60)


@pytest.mark.parametrize(
    ("answer", "district", "year"),
    [
        (lambda: ols_log(FRAME, "yearly_pay", ["admin_level", "year"]), TRUE.pay_district, TRUE.pay_year),
        (
            lambda: ols_clustered(FRAME, "cost_per_venue", ["admin_level", "year"], "province"),
            TRUE.cost_district,
            TRUE.cost_year,
        ),
        (
            lambda: mixed(FRAME, "cost_per_venue", ["admin_level", "year"], "province"),
            TRUE.cost_district,
            TRUE.cost_year,
        ),
        (
            lambda: negative_binomial(FRAME, "branches_dissolved", ["admin_level", "year"], "branches"),
            TRUE.dissolved_district,
            TRUE.dissolved_year,
        ),
        (
            lambda: poisson_robust(FRAME, "branches_dissolved", ["admin_level", "year"], "branches"),
            TRUE.dissolved_district,
            TRUE.dissolved_year,
        ),
    ],
    ids=["ols_log", "ols_clustered", "mixed", "negative_binomial", "poisson_robust"],
)
def test_known_effects_are_found_again(answer: Callable[[], Answer], district: float, year: float) -> None:
    table = result(answer()).frame.set_index("term")
    truth = pd.Series({"admin_level=district": district, "admin_level=development_zone": 0.0, "year": year})
    off = (table["estimate"] - truth)[truth.index] / table["standard_error"][truth.index]
    assert off.abs().max() < 3
    # Precise enough for that to mean something.
    assert (table["standard_error"][["admin_level=district", "year"]] < [0.1, 0.015]).all()


def test_the_spread_of_groups_and_counts_is_found_again() -> None:
    groups = result(mixed(FRAME, "cost_per_venue", ["year"], "province")).diagnostics
    assert groups["group_variance"] == pytest.approx(TRUE.cost_province_sd**2, rel=0.4)
    assert groups["residual_variance"] == pytest.approx(TRUE.cost_sd**2, rel=0.2)
    counts = result(negative_binomial(FRAME, "branches_dissolved", ["year"], "branches")).diagnostics
    assert counts["alpha"] == pytest.approx(TRUE.dissolved_dispersion, rel=0.2)
    poisson = result(poisson_robust(FRAME, "branches_dissolved", ["year"], "branches")).diagnostics
    assert poisson["dispersion"] > 10


def test_a_coefficient_is_read_as_a_factor_of_money() -> None:
    answer = result(ols_log(FRAME, "cost_per_venue", ["admin_level", "year"]))
    assert list(answer.frame.columns) == [
        "term", "estimate", "standard_error", "statistic", "df", "p", "low", "high", "effect", "effect_low",
        "effect_high", "column", "level", "against", "synthetic",
    ]  # fmt: skip
    table = answer.frame.set_index("term")
    assert [tuple(row) for row in table[["column", "level", "against"]].to_numpy()] == [
        ("", "", ""),
        ("admin_level", "development_zone", "county"),
        ("admin_level", "district", "county"),
        ("year", "", ""),
    ]
    np.testing.assert_allclose(table["effect"], np.exp(table["estimate"]))
    counties = FRAME[FRAME["admin_level"] == "county"]["cost_per_venue"]
    assert table.loc["intercept", "effect"] == pytest.approx(np.exp(np.log(counties).mean()), rel=0.05)
    assert set(answer.diagnostics) == {"r_squared", "condition_number", "max_leverage", "breusch_pagan_p"}
    assert answer.diagnostics["condition_number"] < 10


def test_errors_agree_with_formulas_worked_out_here() -> None:
    frame = places(200)
    x = np.column_stack([np.ones(200), frame["year"] - frame["year"].mean()])
    inverse = np.linalg.inv(x.T @ x)
    y = np.log(frame["cost"].to_numpy())
    residuals = y - x @ inverse @ x.T @ y
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    hc3 = inverse @ (x.T * (residuals / (1 - leverage)) ** 2) @ x @ inverse
    table = result(ols_log(frame, "cost", ["year"])).frame
    np.testing.assert_allclose(table["standard_error"], np.sqrt(np.diag(hc3)))

    # Rows that are clusters of one give HC3 up to the factor (G − 1)/G of the jackknife.
    single = result(ols_clustered(frame.assign(own=range(200)), "cost", ["year"], "own")).frame
    np.testing.assert_allclose(single["standard_error"], np.sqrt(np.diag(hc3) * 199 / 200))

    base, counts = frame["branches"].to_numpy(), frame["dissolved"].to_numpy()
    answer = result(poisson_robust(frame, "dissolved", ["year"], "branches"))
    mean = base * np.exp(x @ answer.frame["estimate"])
    bread = np.linalg.inv((x.T * mean) @ x)
    np.testing.assert_allclose(x.T @ (counts - mean), 0, atol=1e-4)
    hat = mean * np.einsum("ij,jk,ik->i", x, bread, x)
    robust = bread @ (x.T * ((counts - mean) / (1 - hat)) ** 2) @ x @ bread
    np.testing.assert_allclose(answer.frame["standard_error"], np.sqrt(np.diag(robust)), rtol=1e-5)


def test_degrees_of_freedom_between_and_within_groups() -> None:
    frame = synthetic(100, 4, provinces=25)
    frame["coast"] = (frame["province"].str[-2:].astype(int) % 2).astype(str)
    table = result(mixed(frame, "cost_per_venue", ["coast", "year"], "province")).frame.set_index("term")
    assert table["df"].to_dict() == {"intercept": 23, "coast=1": 23, "year": 74}


# With no effect, one test in twenty finds one


def band(trials: int, rate: float = 0.05, outside: float = 0.002) -> tuple[int, int]:
    """Return the numbers of false positives between which a test of that rate stays, but for ``outside``."""
    chance = [math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(trials + 1)]
    total = np.cumsum(chance)
    return int(np.argmax(total >= outside / 2)), int(np.argmax(total >= 1 - outside / 2))


def test_the_band_is_that_of_the_binomial_distribution() -> None:
    assert band(300) == (5, 28)


def null(n: int, seed: int, provinces: int = 31) -> pd.DataFrame:
    """Synthetic programmes without effects, with two predictors that no outcome depends on."""
    frame = synthetic(n, seed, NO_EFFECT, provinces=provinces)
    coin = np.where(np.arange(n) % 3, "heads", "tails")
    return frame.assign(coin=coin, coast=frame["province"].str[-2:].astype(int) % 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trials", "terms", "ask"),
    [
        (200, ["year", "coin=tails"], lambda seed: ols_log(null(30, seed), "yearly_pay", ["year", "coin"])),
        (
            150, ["coast", "year"],
            lambda seed: ols_clustered(null(150, seed, 50), "cost_per_venue", ["coast", "year"], "province"),
        ),
        (
            40, ["coast", "year"],
            lambda seed: mixed(null(80, seed, 20), "cost_per_venue", ["coast", "year"], "province"),
        ),
        (
            80, ["year", "coin=tails", "villages"],
            lambda seed: negative_binomial(
                null(50, seed), "branches_dissolved", ["year", "coin", "villages"], "branches"
            ),
        ),
        (
            200, ["year", "coin=tails", "villages"],
            lambda seed: poisson_robust(
                null(200, seed), "branches_dissolved", ["year", "coin", "villages"], "branches"
            ),
        ),
    ],
    ids=["ols_log", "ols_clustered", "mixed", "negative_binomial", "poisson_robust"],
)  # fmt: skip
def test_at_the_threshold_false_positives_are_near_nominal(
    trials: int, terms: list[str], ask: Callable[[int], Answer]
) -> None:
    answers = [answer for answer in map(ask, range(trials)) if isinstance(answer, Result)]
    assert len(answers) > 0.8 * trials
    low, high = band(len(answers))
    for term in terms:
        found = sum(answer.frame.set_index("term").loc[term, "p"] < 0.05 for answer in answers)
        print(f"{term}: {found} of {len(answers)}, {found / len(answers):.3f}")
        assert low <= found <= high, term
