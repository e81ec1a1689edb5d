"""What may be asked of how many programmes, and the refusals; description and rank correlation.

``RULES`` is the one table of thresholds: every function here and in ``models`` asks it first, and
``allowed_at`` shows it to readers. What the rules forbid comes back as a ``Refusal``, a
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


@dataclass(frozen=True)
class Rule:
    """The least a method needs.

    ``programmes`` with a value, ``per_parameter`` for each parameter and in each level of a category,
    ``groups`` of the kind ``group_unit``. Its name is in the catalogues.
    """

    method: str
    programmes: int
    per_parameter: int = 0
    groups: int = 0
    group_unit: str = ""

    def needed(self, parameters: int = 0) -> int:
        """Return the least number of programmes for a model of so many parameters."""
        return max(self.programmes, self.per_parameter * parameters)


RULES: Mapping[str, Rule] = {
    rule.method: rule
    for rule in (
        Rule("describe", 1),
        Rule("quantiles", 10),
        Rule("rank_correlation", 10),
        Rule("composite_index", 10),
        Rule("ols_log", 30, per_parameter=10),
        Rule("ols_clustered", 30, per_parameter=10, groups=50, group_unit="clusters"),
        Rule("mixed", 30, per_parameter=10, groups=20, group_unit="groups"),
        Rule("negative_binomial", 50, per_parameter=10),
        Rule("poisson_robust", 200, per_parameter=10),
    )
}


@dataclass(frozen=True)
class Dropped:
    """Rows left out because ``column`` has no value, with the type of absence and whose rows they are."""

    column: str
    absence: str
    programme_ids: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """What is not computed: why (``code``, with what its message says in ``values``), and what is missing.

    ``n``, ``needed`` and ``missing`` count ``unit``; the latter two are ``None`` where more of it would
    not help. ``words/statistics.py`` says it in a sentence.
    """

    method: str
    code: str
    n: int
    needed: int | None = None
    unit: str = "programmes"
    values: Mapping[str, object] = field(default_factory=dict)
    synthetic: bool = False
    dropped: tuple[Dropped, ...] = ()

    @property
    def missing(self) -> int | None:
        """How many more it takes."""
        return None if self.needed is None else self.needed - self.n


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


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows a method may use: complete, with the number of programmes and what was dropped."""

    method: str
    frame: pd.DataFrame
    n: int
    synthetic: bool
    dropped: tuple[Dropped, ...]

    def refuse(self, code: str, **values: object) -> Refusal:
        """Return the refusal of this sample for a reason, whose message ``values`` fill."""
        return Refusal(
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
        if self.n == len(ids):
            return None
        return self.refuse("repeated_programmes", ids=names(ids[ids.duplicated()]))

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
    if method not in RULES:
        raise ValueError(f"no method {method!r}; methods are {', '.join(RULES)}")
    rule = RULES[method]
    needed, unit, code = rule.needed(parameters), "programmes", "too_few_per_parameter"
    if n < rule.programmes:
        code = "too_few" if n else "no_value"
    elif n >= needed:
        if groups is None or groups >= rule.groups:
            return None
        n, needed, unit, code = groups, rule.groups, rule.group_unit, "too_few_groups"
    values = {"parameters": parameters} if code == "too_few_per_parameter" else {}
    return Refusal(method, code, n, needed, unit, values, synthetic, dropped)


def allowed_at(n: int) -> dict[str, Refusal | None]:
    """Return for each method why it is refused to ``n`` programmes, or ``None`` where it is allowed.

    A method with parameters is judged with one predictor.
    """
    return {
        rule.method: check(rule.method, n, parameters=2 if rule.per_parameter else 0)
        for rule in RULES.values()
    }


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
