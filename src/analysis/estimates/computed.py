"""The one declaration of what is computed: the columns that a build adds, and the tables of the database.

The data dictionary, the database and its page in the documents are all made from it, as the raw tables are
from ``schema.TABLES``.
"""

from __future__ import annotations

from analysis.evidence.register import NATION
from analysis.evidence.schema import DIMENSIONS, TABLES, Field, Kind, Table

ADDED: dict[str, tuple[Field, ...]] = {
    "figures": (
        Field("programme_id", "programme of the source", refers_to="programmes.programme_id"),
        Field("lower", "smallest value that the qualifier allows", kind="number"),
        Field("upper", "largest value that the qualifier allows; `inf` is open", kind="number"),
    ),
    "readings": (
        Field("feasible", "whether the arithmetic that the reading requires holds", kind="boolean"),
    ),
}
"""What a build adds to raw tables, by table."""

_PROGRAMME = Field("programme_id", "programme", refers_to="programmes.programme_id")
_MEASURE = Field("measure", "measure; see the list of measures")
_DIMENSIONS = tuple(Field(name, TABLES["codings"].field(name).description) for name in DIMENSIONS)
_PRICE_BASIS = Field(
    "price_basis", "`nominal`: money as printed; `constant-2021`: in prices of that year"
)  # fmt: skip
_ABSENCE = Field("absence", "type of absence where there is no value: see `absence` of codings")

ESTIMATES = Table(
    "estimates",
    "estimates.csv",
    "One row for each programme, measure, dimensions and combination of the readings that touch it. A "
    "measure that a programme does not report has one row that says so.",
    (),
    (
        _PROGRAMME,
        Field("theme", "theme of the measure"),
        _MEASURE,
        *_DIMENSIONS,
        Field("value", "value in `unit`; empty where there is none", kind="number"),
        Field(
            "lower",
            "smallest value that the qualifiers of the figures allow; `-inf` is open",
            kind="number",
        ),
        Field(
            "upper", "largest value that the qualifiers of the figures allow; `inf` is open", kind="number"
        ),
        Field("unit", "unit with its denominator"),
        _PRICE_BASIS,
        Field("year", "year of the figures, or first/last year of their range; empty where unknown"),
        Field("year_basis", "how the year is known: stated, inferred (one figure at least) or unknown"),
        Field("status", "achieved, planned (one figure at least), standard or reported"),
        Field("reading", "`choice=reading`, several joined by `; `; empty where no choice touches the value"),
        Field("is_default", "whether every reading is the default of its choice", kind="boolean"),
        Field(
            "feasible",
            "whether the arithmetic of every reading holds; an infeasible one is never used",
            kind="boolean",
        ),
        Field("figure_ids", "ids of the figures that the value rests on, separated by spaces"),
        Field(
            "coding_id",
            "coding that the value comes from; empty for a derived measure",
            refers_to="codings.coding_id",
        ),
        _ABSENCE,
        Field(
            "reason",
            "why there is no value, or what rules the reading out: a code with its words in the catalogues "
            "(`reasons`), `coding:<coding_id>` for the note of a coding, `reading:<choice>=<reading>` for "
            "that of a reading",
        ),
        Field(
            "region",
            f"code of the region whose reference series the value uses, `{NATION}` for the whole country; "
            "empty where the series of the country is used for all places alike",
        ),
    ),
)


def _key(name: str, description: str, kind: Kind = "integer", refers_to: str | None = None) -> Field:
    return Field(name, description, kind, required=True, refers_to=refers_to)


_ESTIMATE_ID = _key("estimate_id", "estimate", refers_to="estimates.estimate_id")
_COMPARISON_ID = _key("comparison_id", "comparison", refers_to="comparisons.comparison_id")
_COUNT: Kind = "integer"

DATABASE: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "measures", "", "What is measured; some are computed from others.", ("measure",),
            (
                _key("measure", "measure", "string"),
                Field("theme", "theme of the measure"),
                Field("formula", "how it is computed, in words"),
                Field("units", "units that it can have, separated by `; `"),
                Field("derived", "whether it is computed from other measures", kind="boolean"),
            ),
        ),
        Table(
            "estimates", "", ESTIMATES.description, ("estimate_id",),
            (
                _key("estimate_id", "number of the row in `estimates.csv`, from 1"),
                Field("span_id", "what it is an estimate of; empty where no reading is feasible",
                      kind="integer", refers_to="spans.span_id"),
                *ESTIMATES.fields,
            ),
        ),
        Table(
            "spans", "",
            "One row for each programme, measure and dimensions: its default estimate, and how far the "
            "readings of the text take it. What the analyst defines otherwise than by default is left out.",
            ("span_id",),
            (
                _key("span_id", "number"),
                Field("estimate_id", "the estimate under the default readings, or under the first of them",
                      kind="integer", refers_to="estimates.estimate_id"),
                Field("low", "smallest value over the feasible readings", kind="number"),
                Field("high", "largest value over the feasible readings", kind="number"),
                Field("n_readings", "feasible readings of the text, whatever its year", kind=_COUNT),
                Field("n_values", "those of them that give a value", kind=_COUNT),
                Field("status", "as in estimates; `open` where readings differ in it"),
            ),
        ),
        Table(
            "estimate_figures", "", "The figures that each estimate rests on.", ("estimate_id", "position"),
            (
                _ESTIMATE_ID,
                _key("position", "order, from 1"),
                _key("figure_id", "figure", "string", "figures.figure_id"),
            ),
        ),
        Table(
            "estimate_readings", "", "The readings under which each estimate holds.",
            ("estimate_id", "choice_id"),
            (
                _ESTIMATE_ID,
                _key("choice_id", "choice", "string", "choices.choice_id"),
                _key("reading", "its answer", "string"),
            ),
        ),
        Table(
            "series", "", "What has several years: the columns of estimates, and of when a row is.", (),
            (*ESTIMATES.fields,
             Field("time", "the year or years; for undated figures that in which their document appeared")),
        ),
        Table(
            "comparisons", "",
            "Like with like: a measure that two programmes or more report of the same thing, money in the "
            "prices of the latest year compared.",
            ("comparison_id",),
            (
                _key("comparison_id", "number, in the order of the reports"),
                Field("theme", "theme of the measure"),
                _MEASURE,
                *_DIMENSIONS,
                Field("unit", "unit with its denominator"),
                _PRICE_BASIS,
                Field("is_rate", "whether the values are ranked: counts are shown and have no ranks",
                      kind="boolean"),
                Field("definitions", "definitions other than the defaults that it is made under"),
                Field("differences", "in what the programmes compared differ, separated by spaces: "
                      "dimensions, `level`, `status`, `region`, `year`"),
            ),
        ),
        Table(
            "comparison_items", "",
            "The places compared, from the highest default value down; counts in the order of the places.",
            ("comparison_id", "position"),
            (
                _COMPARISON_ID,
                _key("position", "order, from 1"),
                _PROGRAMME,
                Field("item", "the programme, or `programme:code` where it has several of one kind"),
                Field("value", "value under the default readings", kind="number"),
                Field("low", "smallest value over the readings", kind="number"),
                Field("high", "largest value over the readings", kind="number"),
                Field("rank", "rank under the default readings", kind=_COUNT),
                Field("best_rank", "best rank over all readings", kind=_COUNT),
                Field("worst_rank", "worst rank over all readings", kind=_COUNT),
                Field("higher_than_next", "pairs of readings in which it is above the next", kind=_COUNT),
                Field("of_readings", "of so many; a share of readings and no probability", kind=_COUNT),
                Field("margin", "smallest difference to the next in any pair; negative where the order "
                      "turns", kind="number"),
                Field("status", "of the default estimate, as in estimates"),
                Field("year", "of the default estimate, as in estimates"),
                Field("figure_ids", "ids of the figures that the default value rests on"),
            ),
        ),
        Table(
            "comparison_left_out", "", "The places that are not compared, and why.",
            ("comparison_id", "programme_id"),
            (
                _COMPARISON_ID,
                _key("programme_id", "programme", "string", "programmes.programme_id"),
                _ABSENCE,
                Field("other", "what it reports instead"),
                Field("reason", "why, as a code: see `reason` of estimates"),
            ),
        ),
        Table(
            "about", "", "What the file was made of.", ("name",),
            (_key("name", "what is said", "string"), Field("value", "what it is")),
        ),
        Table(
            "tables", "", "Every table and view of the file.", ("table_name",),
            (
                _key("table_name", "table or view", "string"),
                Field("kind", "`raw`: what people edit; `computed`; `view`; `about` the file"),
                Field("description", "what a row of it is"),
            ),
        ),
        Table(
            "columns", "", "Every column of every table and view.", ("table_name", "column_name"),
            (
                _key("table_name", "table or view", "string", "tables.table_name"),
                _key("position", "order, from 1"),
                _key("column_name", "column", "string"),
                Field("type", "string, integer, number or boolean (1 or 0)"),
                Field("is_key", "whether it belongs to the primary key", kind="boolean"),
                Field("refers_to", "`table.column` that it refers to"),
                Field("description", "what it holds"),
            ),
        ),
        Table(
            "codes", "", "What the codes of closed lists mean; those of other columns are in `terms`.",
            ("table_name", "column_name", "code"),
            (
                _key("table_name", "table", "string", "tables.table_name"),
                _key("column_name", "column", "string"),
                _key("code", "code", "string"),
                Field("meaning", "what it means"),
            ),
        ),
    )
}  # fmt: skip
"""The tables that the database has beside the raw ones."""

VIEW_COLUMNS = {
    "programme": Field("programme", "name of the place in English"),
    "programme_zh": Field("programme_zh", "name of the place in Simplified Chinese"),
    "choices": Field("choices", "open questions that touch it, separated by spaces"),
    "printed": Field("printed", "numerals as printed that it rests on, separated by `; `"),
    "published": Field("published", "date, year or range of years in which the document appeared"),
    "question": Field("question", "the question"),
    "answer": Field("answer", "the answer under which the value holds"),
    "n_estimates": Field("n_estimates", "estimates that rest on it, under all readings", kind="integer"),
    "in_reading": Field("in_reading", "value under that answer", kind="number"),
}
"""The columns of views that no table has, or that hold something else there."""


def tables() -> dict[str, tuple[str, Table]]:
    """Return the tables of the database with their kind: the raw ones as built, then the rest."""
    about = ("about", "tables", "columns", "codes")
    built = {
        table.name: Table(
            table.name, table.path, table.description, table.key,
            (*table.fields, *ADDED.get(table.name, ())),
        )
        for table in TABLES.values()
    }  # fmt: skip
    computed = {name: ("about" if name in about else "computed", table) for name, table in DATABASE.items()}
    return {name: ("raw", table) for name, table in built.items()} | computed
