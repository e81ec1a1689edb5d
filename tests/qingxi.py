"""A small valid data set about an invented county, and what tests need to spoil it."""

from __future__ import annotations

import copy
import csv
import io
from pathlib import Path

from analysis.evidence.checks import Problem, check_tables
from analysis.evidence.raw import parse_csv
from analysis.evidence.schema import TABLES

Rows = dict[str, list[dict[str, str]]]


def bilingual(**texts: str) -> dict[str, str]:
    """Return ``label="county"`` as the columns ``label`` and ``label_zh``; both say the same here."""
    return texts | {f"{name}_zh": text for name, text in texts.items()}


def figure(
    name: str, paragraph: int, start: int, printed: str, value: str, unit: str, **rest: str
) -> dict[str, str]:
    common = {
        "qualifier": "exact", "period": "none", "basis": "total", "status": "achieved",
        "year": "2021", "year_basis": "stated", "theme": "investment", "source_id": "qingxi",
    }  # fmt: skip
    place = {"paragraph": str(paragraph), "start": str(start), "end": str(start + len(printed))}
    own = {"figure_id": f"qingxi.{name}", "printed": printed, "value": value, "unit": unit}
    return common | place | own | bilingual(subject=name) | rest


def term(field: str, code: str) -> dict[str, str]:
    return {"field": field, "code": code, "rank": "1"} | bilingual(label=code)


def reading(choice: str, name: str, *, default: bool = False, requires: str = "") -> dict[str, str]:
    own = {"choice_id": choice, "reading": name, "rank": "1", "is_default": str(default).lower()}
    return own | {"requires": requires} | bilingual(label=name)


def coding(name: str, measure: str, numerator: str, denominator: str = "", **rest: str) -> dict[str, str]:
    own = {"coding_id": f"qingxi.{name}", "programme_id": "qingxi", "measure": measure}
    return own | {"numerator": numerator, "denominator": denominator} | rest


def series(name: str, unit: str, **values: str) -> list[dict[str, str]]:
    common = {"series": name, "unit": unit, "source": "yearbook"}
    return [common | {"year": year.removeprefix("y"), "value": value} for year, value in values.items()]


PAY = {"period": "month", "basis": "per_unit", "status": "standard", "theme": "stipends"}
SCOPE, YEAR = "qingxi.scope", "qingxi.year-2019-2021"
ALL, NEW = f"{SCOPE}=all", f"{SCOPE}=new"
VALID: Rows = {
    "terms": [
        term("admin_level", "county"), term("theme", "investment"), term("theme", "stipends"),
        term("object", "village_venue"), term("funder", "county_subsidy"), term("place", "village"),
        term("post", "head_split"), term("post", "deputy"), term("stage", "before"), term("stage", "after"),
    ],
    "programmes": [
        {"programme_id": "qingxi", "admin_level": "county"} | bilingual(label="青溪县", programme_name="强"),
    ],
    "sources": [
        {
            "source_id": "qingxi", "programme_id": "qingxi", "title": "强基", "title_en": "Strong base",
            "published": "2021-05-01", "date_basis": "stated", "script": "simplified", "file": "qingxi.txt",
            "encoding": "utf-8", "sha256": "0" * 64, "paragraphs": "3",
        },
    ],
    "figures": [
        figure("venues.amount", 1, 20, "近160万元", "1600000", "CNY", qualifier="nearly", year="2019/2021"),
        figure("venues.new", 1, 30, "3个", "3", "venue"),
        figure("venues.all", 1, 40, "8个", "8", "venue"),
        figure("pay.head", 2, 50, "4200元", "4200", "CNY/person/month", **PAY),
        figure("pay.deputy", 2, 60, "3000元", "3000", "CNY/person/month", **PAY),
        figure("finished", 3, 70, "98%以上", "0.98", "share", qualifier="at_least", basis="share"),
        figure("weeks", 3, 80, "1~2个月", "1", "month", value_to="2", year="", year_basis="unknown"),
    ],
    "exclusions": [
        {
            "source_id": "qingxi", "paragraph": "3", "start": "90", "end": "94", "printed": "三会一课",
            "reason": "name",
        },
    ],
    "choices": [
        {"choice_id": "annualisation", "kind": "definitional"} | bilingual(question="Yearly?"),
        {"choice_id": SCOPE, "programme_id": "qingxi", "kind": "uncertain"} | bilingual(question="Of which?"),
        {"choice_id": YEAR, "programme_id": "qingxi", "kind": "uncertain"}
        | bilingual(question="Which year?"),
    ],
    "readings": [
        reading("annualisation", "twelve", default=True),
        reading("annualisation", "as-printed"),
        reading(SCOPE, "all", default=True),
        reading(SCOPE, "new", requires="qingxi.venues.new <= qingxi.venues.all"),
        reading(YEAR, "2019"),
        reading(YEAR, "2020"),
        reading(YEAR, "2021", default=True),
    ],
    "codings": [
        coding("cost-all", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.all", when=ALL),
        coding("cost-new", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.new", when=NEW),
        coding("pay-head", "yearly_pay", "qingxi.pay.head", post="head_split", stage="after"),
        coding("pay-deputy", "yearly_pay", "qingxi.pay.deputy", post="deputy", stage="after"),
        coding("pay-before", "yearly_pay", "", post="deputy", stage="before", absence="not_reported"),
    ],
    "identities": [
        {
            "identity_id": "qingxi.new-venues", "source_id": "qingxi", "left": "qingxi.venues.new + 5 venue",
            "relation": "=", "right": "qingxi.venues.all", "expected": "holds",
        }
        | bilingual(note="3 new ones and 5 others make 8."),
    ],
    "reference_series": [
        *series("cpi_annual_change_nbs", "percent", y2019="2.9", y2020="2.5", y2021="0.9"),
        *series("rural_disposable_income_pc", "yuan", y2021="18931"),
    ],
    "regional_series": [],
}  # fmt: skip


def as_csv(name: str, rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, TABLES[name].columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(root: Path, tables: Rows = VALID) -> Path:
    """Write the tables below ``root`` and return it."""
    for name, table in TABLES.items():
        path = root / "data/raw" / table.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_csv(name, tables[name]), encoding="utf-8", newline="\n")
    return root


def problems(tables: Rows) -> list[Problem]:
    return check_tables({name: parse_csv(TABLES[name], as_csv(name, rows)) for name, rows in tables.items()})


def with_cells(table: str, line: int, **cells: str) -> Rows:
    """Return the valid tables with some cells of one line changed; the header is line 1."""
    changed = copy.deepcopy(VALID)
    changed[table][line - 2] |= cells
    return changed


def with_twin(name: str = "baishui") -> Rows:
    """Return the valid tables with a second county of which the same is reported."""
    shared = ("terms", "reference_series", "regional_series")
    both: Rows = {table: copy.deepcopy(rows) for table, rows in VALID.items()}
    for table, rows in VALID.items():
        own = [row for row in rows if table not in shared and "qingxi" in " ".join(row.values())]
        both[table] += [{key: cell.replace("qingxi", name) for key, cell in row.items()} for row in own]
    both["programmes"][1] |= bilingual(label="白水县")
    return both


def messages(tables: Rows) -> list[str]:
    return [str(problem).removeprefix("data/raw/") for problem in problems(tables)]


def without(table: str, line: int) -> Rows:
    """Return the valid tables without one line."""
    return VALID | {table: [row for place, row in enumerate(VALID[table]) if place != line - 2]}
