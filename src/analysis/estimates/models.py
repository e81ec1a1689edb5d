"""Regressions of programmes, each behind its rule of ``inference.RULES``: a tidy result or a refusal.

Predictors are columns, not a formula: text that a parameter file may hold is never evaluated. A numeric
column enters centred on its mean, any other by its levels against the first in order. Wordings are of
differences between programmes; nothing here says what caused what.

Choices that the defaults of statsmodels would not make, each for the rate of false positives at the
threshold of its rule: t instead of normal quantiles throughout; HC3, and for clusters its counterpart CRV3;
in mixed models the degrees of freedom between and within groups; HC3 in Poisson models too, where the
``HC3`` of statsmodels is HC0. A level of a category counts as a parameter does: it takes 10 programmes, or
as many clusters, since robust errors of a smaller one are far too small.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.stats.contrast import ContrastResults
from statsmodels.stats.diagnostic import het_breuschpagan

from analysis.estimates.inference import RULES, Refusal, Result, Sample, names, sample

Array = NDArray[np.float64]

_NOTHING = 1e-8
_CONDITION_LIMIT = 1e8
_LEAST_GROUP_VARIANCE = 1e-6
_LEAST_DISPERSION = 0.01


class Term(NamedTuple):
    """A coefficient: its name, its column (none for the intercept), its level and the one it is against."""

    term: str
    column: str = ""
    level: str = ""
    against: str = ""


@dataclass(frozen=True, eq=False)
class _Design:
    """The design matrix of a sample: its terms and their values."""

    sample: Sample
    y: str
    x: tuple[str, ...]
    terms: tuple[Term, ...]
    matrix: Array

    @property
    def outcome(self) -> Array:
        return self.sample.frame[self.y].to_numpy(dtype=float)

    def refuse(self, code: str, **values: object) -> Refusal:
        return self.sample.refuse(code, **values)

    def scaled(self) -> tuple[Array, Array]:
        """Return the matrix with columns of like size, and what takes its coefficients back to those of X."""
        scale = np.linalg.norm(self.matrix, axis=0) / np.sqrt(len(self.matrix))
        return self.matrix / scale, np.diag(1 / scale)

    def leverage(self, groups: pd.Series) -> pd.Series:
        """Return how far each group of rows decides a coefficient alone: 1 where it does entirely."""
        basis = np.linalg.qr(self.scaled()[0])[0]
        codes, labels = pd.factorize(groups)
        products = np.zeros((len(labels), basis.shape[1], basis.shape[1]))
        np.add.at(products, codes, basis[:, :, None] * basis[:, None, :])
        return pd.Series(np.linalg.eigvalsh(products)[:, -1], index=labels)


def fit(
    method: str, frame: pd.DataFrame, y: str, x: Sequence[str], *, groups: str = "", exposure: str = ""
) -> Result | Refusal:
    """Return the model ``method`` of ``y`` on the columns ``x``, or why it is refused.

    ``ols_log`` takes neither ``groups`` nor ``exposure``; ``ols_clustered`` and ``mixed`` the column of the
    ``groups``; ``negative_binomial`` and ``poisson_robust`` that of the ``exposure``. Raises ``ValueError``
    for a method that is none, or a column that it needs and does not have.
    """
    if method == "ols_log":
        return ols_log(frame, y, x)
    grouped = {"ols_clustered": ols_clustered, "mixed": mixed}
    models = grouped | {"negative_binomial": negative_binomial, "poisson_robust": poisson_robust}
    if method not in models:
        raise ValueError(f"no model {method!r}; models are ols_log, {', '.join(models)}")
    column = groups if method in grouped else exposure
    if not column:
        raise ValueError(f"{method} needs a column: {'groups' if method in grouped else 'exposure'}=…")
    return models[method](frame, y, x, column)


def ols_log(frame: pd.DataFrame, y: str, x: Sequence[str]) -> Result | Refusal:
    """Return the regression of log ``y`` on the columns ``x`` by least squares, errors HC3 with t.

    ``effect`` is the coefficient as a factor of ``y``. One row for each programme.
    """
    design = _design(frame, "ols_log", y, x)
    refused = _check_design(design) or design.sample.check_rows() or _check_money(design)
    if refused:
        return refused
    fit = sm.OLS(np.log(design.outcome), design.matrix).fit(cov_type="HC3", use_t=True)
    return _linear(design, fit, fit.df_resid, {})


def ols_clustered(frame: pd.DataFrame, y: str, x: Sequence[str], clusters: str) -> Result | Refusal:
    """Return ``ols_log`` with errors that may be alike within ``clusters`` (CRV3, t of clusters − 1)."""
    design = _design(frame, "ols_clustered", y, x, clusters)
    groups = design.sample.frame[clusters]
    refused = _check_design(design, groups) or _check_split(design, clusters) or _check_money(design)
    if refused:
        return refused
    codes, labels = pd.factorize(groups)
    fit = sm.OLS(np.log(design.outcome), design.matrix).fit(
        cov_type="cluster-crv3", cov_kwds={"groups": codes}, use_t=True
    )
    diagnostics = {"largest_cluster_share": float(np.bincount(codes).max() / len(codes))}
    return _linear(design, fit, len(labels) - 1, diagnostics, groups=len(labels))


def mixed(frame: pd.DataFrame, y: str, x: Sequence[str], groups: str) -> Result | Refusal:
    """Return the mixed model of log ``y`` on ``x`` with a random intercept by ``groups`` (REML).

    A term that is constant within groups is tested with the degrees of freedom between groups, any other
    with those within. One row for each programme, unless the programmes are the groups. A group variance at
    zero is refused: statsmodels may then return coefficients of zero (its issue 10239).
    """
    design = _design(frame, "mixed", y, x, groups)
    labels = design.sample.frame[groups]
    sizes = labels.value_counts()
    refused = (
        _check_design(design, labels, extra=1, n_groups=int((sizes > 1).sum()))
        or (None if groups == "programme_id" else design.sample.check_rows())
        or _check_money(design)
    )
    if refused:
        return refused
    scaled, back = design.scaled()
    model = sm.MixedLM(np.log(design.outcome), scaled, groups=labels.to_numpy())
    # One variance ratio is all there is to search; the default methods stop short of its optimum near zero.
    fit = _fitted(lambda: model.fit(method="powell"))
    if fit is None:
        return design.refuse("unconverged")
    ratio, residual = float(fit.cov_re_unscaled[0, 0]), float(fit.scale)
    if ratio < _LEAST_GROUP_VARIANCE:
        return design.refuse("no_group_variance")
    k = len(design.terms)
    covariance = back @ fit.cov_params()[:k, :k] @ back.T
    if not fit.converged or not _is_proper(covariance):
        return design.refuse("unconverged")
    df = _between_within(design.matrix, labels)
    variance = {"group_variance": ratio * residual, "residual_variance": residual}
    diagnostics = variance | {"intraclass_correlation": ratio / (1 + ratio), "converged": True}
    table = _coefficients(design, back @ fit.fe_params, covariance, df)
    return _result(design, table, float(df.max()), 1, diagnostics, groups=len(sizes))


def negative_binomial(frame: pd.DataFrame, y: str, x: Sequence[str], exposure: str) -> Result | Refusal:
    """Return the negative binomial regression (NB2) of the counts ``y`` per ``exposure``, with t.

    ``effect`` is the coefficient as a factor of the rate. One row for each programme.
    """
    design = _design(frame, "negative_binomial", y, x, exposure=exposure)
    refused = _check_design(design, extra=1) or design.sample.check_rows() or _check_counts(design, exposure)
    if refused:
        return refused
    scaled, back = design.scaled()
    base = design.sample.frame[exposure].to_numpy(dtype=float)
    model = sm.NegativeBinomial(design.outcome, scaled, exposure=base)
    fit = _fitted(lambda: model.fit(disp=0, maxiter=500))
    if fit is None:
        return design.refuse("unconverged")
    alpha = float(fit.params[-1])
    # Near zero the likelihood no longer knows alpha, and an optimiser may stop anywhere.
    if alpha * float(np.mean(fit.predict())) < _LEAST_DISPERSION:
        return design.refuse("no_dispersion")
    k = len(design.terms)
    covariance = back @ fit.cov_params()[:k, :k] @ back.T
    if not fit.mle_retvals["converged"] or not _is_proper(covariance):
        return design.refuse("unconverged")
    df = float(len(scaled) - k - 1)
    table = _coefficients(design, back @ fit.params[:k], covariance, np.full(k, df))
    return _result(design, table, df, 1, {"alpha": alpha, "converged": True})


def poisson_robust(frame: pd.DataFrame, y: str, x: Sequence[str], exposure: str) -> Result | Refusal:
    """Return the Poisson regression of the counts ``y`` per ``exposure``, errors HC3 with t.

    Its errors hold whatever the variance of the counts is. ``dispersion`` is Pearson's chi² per degree of
    freedom: 1 for counts that vary as a Poisson model says. One row for each programme.
    """
    design = _design(frame, "poisson_robust", y, x, exposure=exposure)
    refused = _check_design(design) or design.sample.check_rows() or _check_counts(design, exposure)
    if refused:
        return refused
    scaled, back = design.scaled()
    n, k = scaled.shape
    base = design.sample.frame[exposure].to_numpy(dtype=float)
    model = sm.GLM(design.outcome, scaled, family=sm.families.Poisson(), exposure=base)
    fit = _fitted(model.fit)
    if fit is None or not fit.converged:
        return design.refuse("unconverged")
    residuals = fit.resid_response / (1 - fit.get_hat_matrix_diag())
    bread = back @ fit.normalized_cov_params @ scaled.T
    table = _coefficients(
        design, back @ fit.params, (bread * residuals**2) @ bread.T, np.full(k, float(n - k))
    )
    diagnostics = {"dispersion": float(fit.pearson_chi2 / (n - k)), "converged": True}
    return _result(design, table, float(n - k), 0, diagnostics)


def _design(
    frame: pd.DataFrame, method: str, y: str, x: Sequence[str], groups: str = "", exposure: str = ""
) -> _Design:
    """Return the design of the complete rows; raises ``ValueError`` for predictors that cannot be."""
    if isinstance(x, str) or not x or len({y, exposure, *x} - {""}) < len(x) + 1 + bool(exposure):
        raise ValueError(f"predictors {x!r}; expected a list of distinct columns other than {y!r}")
    numeric = [name for name in (y, exposure) if name]
    found = sample(frame, method, list(dict.fromkeys(filter(None, (y, *x, groups, exposure)))), numeric)
    columns = [(Term("intercept"), np.ones(len(found.frame)))]
    for name in x:
        columns += _columns(found.frame[name])
    terms, values = zip(*columns, strict=True)
    return _Design(found, y, tuple(x), terms, np.column_stack(values))


def _columns(values: pd.Series) -> list[tuple[Term, Array]]:
    """Return the terms of a predictor with their values: centred, or 0 and 1 for each further level."""
    name = str(values.name)
    if _is_number(values):
        numbers = values.to_numpy(dtype=float)
        return [(Term(name, name), numbers - (numbers.mean() if len(numbers) else 0))]
    levels = values.astype(str)
    first, *others = sorted(levels.unique()) or [""]
    return [
        (Term(f"{name}={level}", name, level, first), (levels == level).to_numpy(dtype=float))
        for level in others
    ]


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _check_design(
    design: _Design, groups: pd.Series | None = None, extra: int = 0, n_groups: int | None = None
) -> Refusal | None:
    """Return why the sample is too small or its predictors cannot be told apart, or ``None``."""
    found = design.sample
    if groups is not None and n_groups is None:
        n_groups = int(groups.nunique())
    refused = found.check(len(design.terms) + extra, n_groups)
    refused = refused or found.check_varies([*design.x, design.y])
    refused = refused or next(filter(None, (_check_level(design, name, groups) for name in design.x)), None)
    if refused:
        return refused
    singular = np.linalg.svd(design.scaled()[0], compute_uv=False)
    if singular[-1] * _CONDITION_LIMIT < singular[0]:
        return design.refuse("collinear", column=", ".join(term.term for term in design.terms[1:]))
    units = found.frame["programme_id"] if groups is None else groups
    alone = design.leverage(units)
    deciding = alone.index[alone > 1 - _NOTHING]
    return design.refuse("single_case", ids=names(deciding)) if len(deciding) else None


def _check_level(design: _Design, name: str, groups: pd.Series | None) -> Refusal | None:
    """Return the refusal of a level with fewer programmes or clusters than a parameter takes, or ``None``.

    Numbers that nearly all programmes share are no better: those that differ must be as many.
    """
    found = design.sample
    levels = found.frame[name]
    clustered = found.method == "ols_clustered" and groups is not None
    units = groups if clustered and groups is not None else found.frame["programme_id"]
    if _is_number(levels):
        usual = levels.mode()[0]
        others = levels != usual
        labels = np.where(others, f"{name} ≠ {usual}", f"{name} = {usual}")
        rare = np.full(len(levels), True) if levels.nunique() == 2 else others.to_numpy()
        sizes = units[rare].groupby(labels[rare]).nunique()
    else:
        sizes = units.groupby(levels.astype(str)).nunique()
    least, needed = int(sizes.min()), RULES[found.method].per_parameter
    if least >= needed:
        return None
    refused = found.refuse("too_few_in_level", column=name, level=sizes.idxmin())
    return replace(refused, n=least, needed=needed, unit="clusters" if clustered else "programmes")


def _check_split(design: _Design, clusters: str) -> Refusal | None:
    homes = design.sample.frame.groupby("programme_id")[clusters].nunique()
    split = names(homes.index[homes > 1])
    return design.refuse("split_programmes", ids=split) if split else None


def _check_money(design: _Design) -> Refusal | None:
    """Return the refusal of money that has no logarithm, or that the predictors reproduce exactly."""
    found = design.sample
    if refused := found.check_values(design.y, found.frame[design.y] > 0, "not_positive"):
        return refused
    logs = np.log(design.outcome)
    residuals = logs - design.matrix @ np.linalg.lstsq(design.matrix, logs)[0]
    exact = np.linalg.norm(residuals) < _NOTHING * np.linalg.norm(logs - logs.mean())
    return design.refuse("perfect_fit", column=design.y) if exact else None


def _check_counts(design: _Design, exposure: str) -> Refusal | None:
    """Return the refusal of counts that are none, of an exposure of zero, or of separated zeros."""
    found = design.sample
    counts = found.frame[design.y].astype(float)
    whole = (counts >= 0) & (counts == counts.round())
    refused = found.check_values(design.y, whole, "not_a_count")
    refused = refused or found.check_values(exposure, found.frame[exposure] > 0, "not_positive")
    if refused:
        return refused
    positive = design.scaled()[0][counts.to_numpy() > 0]
    separated = np.linalg.matrix_rank(positive) < len(design.terms)
    return design.refuse("separated") if separated else None


def _fitted(fit: Callable[[], Any]) -> Any:
    """Return the fit, or ``None`` where its algebra breaks down; the caller checks what it warns of."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return fit()
        except np.linalg.LinAlgError:
            return None


def _is_proper(covariance: Array) -> bool:
    """Return whether every variance is known and above zero; a failed Hessian gives others."""
    return bool((np.diag(covariance) > 0).all())


def _between_within(matrix: Array, groups: pd.Series) -> Array:
    """Return the degrees of freedom of each term: between groups where it is constant in each of them."""
    ranges = pd.DataFrame(matrix).groupby(groups.to_numpy()).agg(np.ptp)
    between = (ranges == 0).all().to_numpy()
    n_groups = len(ranges)
    inner = len(matrix) - n_groups - int((~between).sum())
    return np.where(between, n_groups - int(between.sum()), inner).astype(float)


def _linear(
    design: _Design, fit: Any, df: float, diagnostics: dict[str, float], groups: int | None = None
) -> Result:
    diagnostics |= {
        "r_squared": float(fit.rsquared),
        "condition_number": float(np.linalg.cond(design.scaled()[0])),
        "max_leverage": float(np.square(np.linalg.qr(design.matrix)[0]).sum(axis=1).max()),
        "breusch_pagan_p": float(het_breuschpagan(fit.resid, design.matrix)[1]),
    }
    table = _coefficients(design, fit.params, fit.cov_params(), np.full(len(design.terms), float(df)))
    return _result(design, table, float(df), 0, diagnostics, groups=groups)


def _coefficients(design: _Design, estimate: Array, covariance: Array, df: Array) -> pd.DataFrame:
    """Return the tidy coefficients with t tests and 95% intervals, on the log scale and as factors."""
    error = np.sqrt(np.diag(covariance))
    test = ContrastResults(effect=estimate, t=estimate / error, sd=error, df_denom=df)
    low, high = test.conf_int().T
    return pd.DataFrame(
        {
            "term": [term.term for term in design.terms],
            "estimate": estimate, "standard_error": error, "statistic": test.tvalue,
            "df": df, "p": test.pvalue, "low": low, "high": high,
            "effect": np.exp(estimate), "effect_low": np.exp(low), "effect_high": np.exp(high),
            **{name: [getattr(term, name) for term in design.terms] for name in Term._fields[1:]},
            "synthetic": design.sample.synthetic,
        }
    )  # fmt: skip


def _result(
    design: _Design, table: pd.DataFrame, df: float, extra: int, diagnostics: dict[str, float],
    groups: int | None = None,
) -> Result:  # fmt: skip
    found = design.sample
    return Result(
        found.method, table, found.n, parameters=len(design.terms) + extra, df=df, groups=groups,
        diagnostics=diagnostics, synthetic=found.synthetic, dropped=found.dropped,
    )  # fmt: skip
