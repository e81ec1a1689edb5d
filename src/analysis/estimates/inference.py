"""What may be asked of how many programmes, and the refusals; description and rank correlation.

``RULES`` is the one table of thresholds: every function here and in ``models`` asks it first, and
``rules_table`` and ``allowed_at`` show it to readers. What the rules forbid comes back as a ``Refusal``, a
value that charts and reports print; exceptions are for wrong calls only.

A frame has a column ``programme_id``. The size of a sample is its number of *programmes*, never of rows:
the readings or assets of one programme are not further programmes. Rows without a value are dropped and
listed, never filled in. Rows that are marked synthetic mark everything that is computed from them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

SYNTHETIC_PREFIX = "synthetic-"
QUANTILES = {"smallest": 0, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "largest": 1}
_UNITS = {
    "programmes": "项目",
    "groups with two or more programmes": "含两个及以上项目的组",
    "clusters": "聚类",
    "cases": "个案",
}


@dataclass(frozen=True)
class Rule:
    """The least a method needs.

    ``programmes`` with a value, ``per_parameter`` for each parameter and in each level of a category,
    ``groups`` of the kind ``group_unit``; ``converges`` where an estimate that did not is refused.
    """

    method: str
    label: str
    label_zh: str
    programmes: int
    gives: str
    gives_zh: str
    per_parameter: int = 0
    groups: int = 0
    group_unit: str = ""
    converges: bool = False
    unit: str = "programmes"

    def needed(self, parameters: int = 0) -> int:
        """Return the least number of programmes for a model of so many parameters."""
        return max(self.programmes, self.per_parameter * parameters)


_INTERVALS = ("coefficients, 95% intervals, p", "系数、95%置信区间、p值")
RULES: Mapping[str, Rule] = {
    rule.method: rule
    for rule in (
        Rule("describe", "Description", "描述", 1, "number, smallest, largest", "个数、最小值、最大值"),
        Rule("quantiles", "A median or quartile", "中位数和四分位数", 10, "median, quartiles",
             "中位数、四分位数"),
        Rule("rank_correlation", "Rank correlation", "等级相关", 10, "Spearman’s rho, without p",
             "斯皮尔曼相关系数，不给p值"),
        Rule("composite_index", "A composite index", "综合指数", 10, "ranks", "位次"),
        Rule("ols_log", "OLS on log money", "对数金额的最小二乘回归", 30, *_INTERVALS, per_parameter=10),
        Rule("ols_clustered", "OLS on log money with clustered errors", "聚类稳健的对数金额回归", 30,
             *_INTERVALS, per_parameter=10, groups=50, group_unit="clusters"),
        Rule("mixed", "A mixed model of log money", "对数金额的混合模型", 30, *_INTERVALS, per_parameter=10,
             groups=20, group_unit="groups with two or more programmes", converges=True),
        Rule("negative_binomial", "Negative binomial regression", "负二项回归", 50, *_INTERVALS,
             per_parameter=10, converges=True),
        Rule("poisson_robust", "Robust Poisson regression", "稳健泊松回归", 200, *_INTERVALS,
             per_parameter=10, converges=True),
        Rule("proportion", "An interval for a share", "比例的置信区间", 30, "95% interval (Wilson)",
             "95%置信区间（威尔逊法）", unit="cases"),
    )
}  # fmt: skip

REASONS: Mapping[str, tuple[str, str]] = {
    "no_value": ("No programme has a value.", "没有项目有数值。"),
    "too_few": ("{label} needs {needed} {unit} with a value; it has {n} and lacks {missing}.",
                "{label_zh}需要{needed}个{unit_zh}有数值；现有{n}个，还差{missing}个。"),
    "too_few_per_parameter": (
        "{label} with {parameters} parameters needs {needed} {unit} with a value, {each} for each parameter; "
        "it has {n} and lacks {missing}.",
        "{label_zh}有{parameters}个参数，每个参数需{each}个，共需要{needed}个{unit_zh}有数值；"
        "现有{n}个，还差{missing}个。"),
    "too_few_groups": ("{label} needs {needed} {unit}; it has {n} and lacks {missing}.",
                       "{label_zh}需要{needed}个{unit_zh}；现有{n}个，还差{missing}个。"),
    "too_few_in_level": (
        "{label} needs {needed} {unit} in each level of {column}; {level} has {n} and lacks {missing}.",
        "{label_zh}要求{column}的每个水平有{needed}个{unit_zh}；{level}有{n}个，还差{missing}个。"),
    "repeated_programmes": ("{label} takes one row for each programme; {ids} have more. Select one.",
                            "{label_zh}要求每个项目一行；{ids}有多行。请为每个项目选取一行。"),
    "split_programmes": ("{label} takes each programme in one cluster; {ids} are in several.",
                         "{label_zh}要求每个项目只属于一个聚类；{ids}属于多个。"),
    "not_positive": ("{label} needs {column} above zero; it is not for {ids}.",
                     "{label_zh}要求{column}大于零；{ids}不符合。"),
    "not_a_count": ("{column} must be a whole number that is not negative; it is not for {ids}.",
                    "{column}须为非负整数；{ids}不符合。"),
    "constant": ("{column} is the same for all {n} programmes: there is nothing to compare.",
                 "{column}在全部{n}个项目中相同，无从比较。"),
    "collinear": ("The predictors {column} cannot be told apart: one of them follows from the others.",
                  "自变量{column}无法区分：其中一个可由其他推出。"),
    "single_case": ("A coefficient rests on {ids} alone: its standard error is not known.",
                    "有一个系数仅由{ids}决定，其标准误无从得知。"),
    "separated": ("A coefficient rests only on programmes with a count of zero: it has no finite estimate.",
                  "有一个系数仅由计数为零的项目决定，没有有限的估计值。"),
    "perfect_fit": ("The predictors reproduce {column} exactly: there is no error to estimate.",
                    "自变量完全决定{column}，没有误差可供估计。"),
    "no_group_variance": (
        "The groups differ no more than programmes within them do: there is no group effect to estimate.",
        "组间差异不大于组内差异，没有可估计的组效应。"),
    "no_dispersion": (
        "The counts vary no more than a Poisson model says: there is no dispersion to estimate.",
        "计数的变异不超过泊松模型，没有可估计的离散参数。"),
    "unconverged": ("The estimate of {label} did not converge.", "{label_zh}的估计未收敛。"),
    "full_count": ("{count} of {n} is a full count: the share is exact, no sample has an error to estimate.",
                   "{n}个中的{count}个是全数统计：比例是确切的，没有抽样误差可供估计。"),
}  # fmt: skip


@dataclass(frozen=True)
class Dropped:
    """Rows left out because ``column`` has no value, with the type of absence and whose rows they are."""

    column: str
    absence: str
    programme_ids: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """What is not computed: by which rule (``code`` of ``REASONS``), at which size, and what is missing.

    ``n``, ``needed`` and ``missing`` count ``unit``; the latter two are ``None`` where more of it would
    not help. ``text`` and ``text_zh`` say it in words.
    """

    method: str
    code: str
    n: int
    needed: int | None
    missing: int | None
    unit: str
    text: str
    text_zh: str
    synthetic: bool = False
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, eq=False)
class Result:
    """What a method found: a tidy frame with a ``synthetic`` column, its size, and what to check.

    ``df`` are the residual degrees of freedom (those of each term stand in the frame), ``diagnostics`` what
    tells whether the model fits, ``withheld`` what the size of the sample did not allow.
    """

    method: str
    frame: pd.DataFrame
    n: int
    parameters: int = 0
    df: float = math.nan
    groups: int | None = None
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    synthetic: bool = False
    dropped: tuple[Dropped, ...] = ()
    withheld: tuple[Refusal, ...] = ()

    @property
    def label(self) -> str:
        """The method in English; one on synthetic data says so."""
        return RULES[self.method].label + (" (synthetic data)" if self.synthetic else "")

    @property
    def label_zh(self) -> str:
        """The method in Chinese; one on synthetic data says so."""
        return RULES[self.method].label_zh + ("（合成数据）" if self.synthetic else "")


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows a method may use: complete, with the number of programmes and what was dropped."""

    method: str
    frame: pd.DataFrame
    n: int
    synthetic: bool
    dropped: tuple[Dropped, ...]

    def refuse(self, code: str, **values: object) -> Refusal:
        """Return the refusal of this sample for a reason of ``REASONS``, whose message ``values`` fill."""
        return refusal(
            self.method, code, self.n, values=values, synthetic=self.synthetic, dropped=self.dropped
        )

    def check(self, parameters: int = 0, groups: int | None = None) -> Refusal | None:
        """Return why the sample is too small for its method, or ``None``."""
        return check(
            self.method, self.n, parameters=parameters, groups=groups, synthetic=self.synthetic,
            dropped=self.dropped,
        )  # fmt: skip

    def check_rows(self) -> Refusal | None:
        """Return the refusal of programmes with more than one row, or ``None``."""
        ids = self.frame["programme_id"]
        return (
            self.refuse("repeated_programmes", ids=names(ids[ids.duplicated()]))
            if self.n < len(ids)
            else None
        )

    def check_values(self, column: str, valid: pd.Series, code: str) -> Refusal | None:
        """Return the refusal of the values that are not ``valid``, naming their programmes, or ``None``."""
        ids = names(self.frame.loc[~valid, "programme_id"])
        return self.refuse(code, column=column, ids=ids) if ids else None

    def check_varies(self, columns: Iterable[str]) -> Refusal | None:
        """Return the refusal of the first column that is the same in all rows, or ``None``."""
        same = [column for column in columns if self.frame[column].nunique() < 2]
        return self.refuse("constant", column=same[0]) if same else None


def check(
    method: str, n: int, *, parameters: int = 0, groups: int | None = None, synthetic: bool = False,
    dropped: tuple[Dropped, ...] = (),
) -> Refusal | None:  # fmt: skip
    """Return why ``method`` is refused to ``n`` programmes, or ``None`` where its rule allows it.

    ``parameters`` are all that the model estimates besides the error variance, the intercept included.
    ``groups`` are compared with the rule where they are given.
    """
    rule = _rule(method)
    needed, unit, code = rule.needed(parameters), rule.unit, "too_few_per_parameter"
    if n < rule.programmes:
        code = "too_few" if n else "no_value"
    elif n >= needed:
        if groups is None or groups >= rule.groups:
            return None
        n, needed, unit, code = groups, rule.groups, rule.group_unit, "too_few_groups"
    values = {"parameters": parameters}
    return refusal(
        method, code, n, needed=needed, unit=unit, values=values, synthetic=synthetic, dropped=dropped
    )


def refusal(
    method: str, code: str, n: int, *, needed: int | None = None, unit: str = "programmes",
    values: Mapping[str, object] | None = None, synthetic: bool = False, dropped: tuple[Dropped, ...] = (),
) -> Refusal:  # fmt: skip
    """Return a refusal with its text in both languages; ``values`` fill the message of ``code``."""
    rule = _rule(method)
    missing = None if needed is None else needed - n
    words: dict[str, object] = {"label": rule.label, "label_zh": rule.label_zh, "each": rule.per_parameter}
    words |= {"n": n, "needed": needed, "missing": missing, "unit": unit, "unit_zh": _UNITS[unit]}
    en, zh = (message.format_map(words | dict(values or {})) for message in REASONS[code])
    if synthetic:
        en, zh = f"Synthetic data: {en}", f"合成数据：{zh}"
    return Refusal(method, code, n, needed, missing, unit, en, zh, synthetic, dropped)


def rules_table() -> pd.DataFrame:
    """Return ``RULES`` as a table for a report, one row for each method."""
    return pd.DataFrame(
        {
            "method": rule.method, "label": rule.label, "label_zh": rule.label_zh, "needs": rule.programmes,
            "unit": rule.unit, "per_parameter": rule.per_parameter, "groups": rule.groups,
            "group_unit": rule.group_unit, "converges": rule.converges, "gives": rule.gives,
            "gives_zh": rule.gives_zh,
        }
        for rule in RULES.values()
    )  # fmt: skip


def allowed_at(n: int) -> pd.DataFrame:
    """Return what ``n`` programmes may be asked: method, whether allowed, how many are missing, and why.

    A method with parameters is judged with one predictor; ``proportion`` counts cases, not programmes, and
    is left out.
    """
    rows = []
    for rule in RULES.values():
        if rule.unit != "programmes":
            continue
        refused = check(rule.method, n, parameters=2 if rule.per_parameter else 0)
        missing, texts = (refused.missing, (refused.text, refused.text_zh)) if refused else (0, ("", ""))
        rows.append((rule.method, rule.label, rule.label_zh, refused is None, missing, *texts))
    columns = ["method", "label", "label_zh", "allowed", "missing", "text", "text_zh"]
    return pd.DataFrame(rows, columns=columns)


def sample(frame: pd.DataFrame, method: str, columns: Sequence[str], numeric: Sequence[str]) -> Sample:
    """Return the complete rows of ``columns``; the others are dropped, listed by column and absence.

    Rows of an infeasible reading are dropped too. Raises ``ValueError`` for a column that is not there or
    not numeric, for infinite numbers, and for a frame that mixes real and synthetic programmes.
    """
    _require_columns(frame, ["programme_id", *columns], numeric)
    synthetic = is_synthetic(frame)
    used = dict.fromkeys(["programme_id", *columns, *({"absence", "feasible"} & set(frame.columns))])
    kept, dropped = frame[list(used)], []
    if "feasible" in frame and not frame["feasible"].all():
        infeasible = ~kept["feasible"].astype(bool)
        dropped += _dropped(kept[infeasible], "feasible", "infeasible")
        kept = kept[~infeasible]
    for column in columns:
        empty = kept[column].isna() | (kept[column] == "")
        if empty.any():
            dropped += _dropped(kept[empty], column)
            kept = kept[~empty]
    for column in columns:
        open_ids = names(kept.loc[kept[column].isin([math.inf, -math.inf]), "programme_id"])
        if open_ids:
            raise ValueError(f"column {column!r} is infinite for {open_ids}; use values, not open bounds")
    return Sample(method, kept, int(kept["programme_id"].nunique()), synthetic, tuple(dropped))


def is_synthetic(frame: pd.DataFrame) -> bool:
    """Return whether the programmes are synthetic, by the column ``synthetic`` or by their ids.

    Raises ``ValueError`` for a frame with both kinds.
    """
    marked = frame["programme_id"].astype(str).str.startswith(SYNTHETIC_PREFIX)
    if "synthetic" in frame:
        marked |= frame["synthetic"].eq(True)
    if marked.any() and not marked.all():
        raise ValueError(
            f"the frame mixes {int(marked.sum())} synthetic and {int((~marked).sum())} real rows; "
            "select one kind"
        )
    return bool(marked.any())


def names(programme_ids: Iterable[str], most: int = 5) -> str:
    """Return the first few distinct ids as text, and how many more there are."""
    ids = list(dict.fromkeys(str(each) for each in programme_ids))
    more = f" (+{len(ids) - most})" if len(ids) > most else ""
    return ", ".join(ids[:most]) + more


def describe(frame: pd.DataFrame, value: str) -> Result | Refusal:
    """Return the number, the smallest and the largest value; from 10 programmes the median and quartiles."""
    found = sample(frame, "describe", [value], [value])
    refused = found.check() or found.check_rows()
    if refused:
        return refused
    withheld = check("quantiles", found.n, synthetic=found.synthetic, dropped=found.dropped)
    points = {name: at for name, at in QUANTILES.items() if withheld is None or at in (0, 1)}
    table = pd.DataFrame(
        {"term": list(points), "estimate": found.frame[value].quantile([*points.values()]).to_list()}
    )
    return Result(
        "describe", table.assign(synthetic=found.synthetic), found.n, synthetic=found.synthetic,
        dropped=found.dropped, withheld=(withheld,) if withheld else (),
    )  # fmt: skip


def rank_correlation(frame: pd.DataFrame, x: str, y: str) -> Result | Refusal:
    """Return Spearman's rank correlation of two columns, never with a p; refused below 10 programmes."""
    found = sample(frame, "rank_correlation", [x, y], [x, y])
    refused = found.check() or found.check_rows() or found.check_varies([x, y])
    if refused:
        return refused
    # Pearson's correlation of the ranks; ties share their mean rank.
    rho = found.frame[x].rank().corr(found.frame[y].rank())
    table = pd.DataFrame({"term": [f"{x}, {y}"], "estimate": [rho], "synthetic": [found.synthetic]})
    return Result("rank_correlation", table, found.n, synthetic=found.synthetic, dropped=found.dropped)


def _rule(method: str) -> Rule:
    if method not in RULES:
        raise ValueError(f"no method {method!r}; methods are {', '.join(RULES)}")
    return RULES[method]


def _require_columns(frame: pd.DataFrame, columns: Sequence[str], numeric: Sequence[str]) -> None:
    unknown = [column for column in columns if column not in frame]
    if unknown:
        have = ", ".join(map(str, frame.columns))
        raise ValueError(f"the frame has no column {', '.join(map(repr, unknown))}; it has {have}")
    words = [column for column in numeric if not pd.api.types.is_numeric_dtype(frame[column])]
    if words:
        raise ValueError(f"column {words[0]!r} holds {frame[words[0]].dtype}; expected numbers")


def _dropped(rows: pd.DataFrame, column: str, absence: str = "") -> list[Dropped]:
    """Return the rows by type of absence, which an estimates frame says of its ``value``."""
    typed = rows["absence"] if not absence and column == "value" and "absence" in rows else None
    kinds = typed.where(typed != "", "missing") if typed is not None else [absence or "missing"] * len(rows)
    groups: dict[str, list[str]] = {}
    for kind, programme_id in zip(kinds, rows["programme_id"], strict=True):
        groups.setdefault(str(kind), []).append(str(programme_id))
    return [Dropped(column, kind, tuple(ids)) for kind, ids in groups.items()]
