"""Writes docs/api.md from the docstrings of the package. ``make api`` runs it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import analysis
from analysis.draw import Picture
from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison
from analysis.show.cards import ChoiceCard, EstimateCard, FigureCard, SourceCard

PAGE = Path(__file__).resolve().parent / "api.md"
LANGUAGES = "`en`, `zh-Hans` or `zh-Hant`"
HEAD = f"""# The API

What `import analysis` offers, in notebooks and in programs. Tab after `analysis.` lists the verbs. Everything
that is returned displays itself in a notebook; `language` is {LANGUAGES} everywhere. A name
that does not exist is answered with those that do.

```python
import analysis

data = analysis.load()
data.figures  # plain frames of pandas, to compute with
data.show("figures", source_id="ludian")  # the same to read, with headings and units
data.figure("ludian.village-venues.amount")  # a card: the sentence, the place, what rests on it
analysis.compare(data, "organisations_rectified", object="weak_organisation")
analysis.Book(data, "zh-Hans").chart("cost_per_venue", programme="minjia")
```

The words are those of the [methodology](methodology.md), the columns those of the
[data dictionary](data-dictionary.md). This page is made by `make api` from the docstrings, and a test runs
their examples. A name that is not on this page may change without notice.
"""

VERBS = {
    "Load": ["load"],
    "Compare": ["compare", "comparisons", "coverage"],
    "Draw and export": ["Book", "workbook"],
    "Report": ["CountyReport", "ComparisonReport", "what_if"],
    "Explore": ["explore"],
    "Curate": ["desk"],
}
DATASET = [
    "programme", "programme_ids", "programmes", "sources", "figures", "figures_of", "codings", "choices",
    "readings", "amounts", "terms",
]  # fmt: skip
ASKED = ["figure", "source", "choice", "estimate", "show"]
CARDS: dict[type, list[str]] = {
    FigureCard: ["value", "row", "amount", "sentence", "source", "codings", "estimates", "choices"],
    SourceCard: ["row", "figures", "document"],
    ChoiceCard: ["row", "readings", "estimate_rows", "figures"],
    EstimateCard: ["row", "rows", "figures", "choices"],
}
OTHERS: dict[type, list[str]] = {
    Comparison: [
        "programmes", "ranking", "robustness", "evidence", "given", "differences", "caveats", "levels"
    ],
    Picture: ["svg", "png", "pdf", "at", "alt", "figure", "save"],
    Table: ["html", "frame"],
}  # fmt: skip
MEMBERS: dict[str, list[str]] = {
    "Book": ["chart", "programme", "theme", "spans", "comparisons"],
    "CountyReport": [
        "opening", "terms", "first_chart", "indicators", "questions", "themes", "evidence", "chart",
        "estimates", "missing", "readings", "arithmetic", "all_figures", "method",
    ],
    "ComparisonReport": [
        "said", "opening", "matrix", "questions", "evidence", "charts", "coverage", "rankings", "flips",
        "side_by_side", "not_compared", "sensitivity", "inference", "statistics", "sources", "method",
        "heading",
    ],
}  # fmt: skip


def page() -> str:
    """Return the page."""
    parts = [HEAD, "## Load\n", _described("analysis.load", analysis.load), _dataset()]
    for heading, names in list(VERBS.items())[1:]:
        parts.append(f"## {heading}\n")
        parts += [_verb(name) for name in names]
    parts.append("## What is returned\n")
    for kind, names in OTHERS.items():
        parts.append(_described(kind.__name__, kind, call=False) + _table(kind, names))
    return "\n".join(parts)


def _verb(name: str) -> str:
    described = getattr(analysis, name)
    return _described(f"analysis.{name}", described) + _table(described, MEMBERS.get(name, []))


def _dataset() -> str:
    """Return the section on the dataset, its tables and its cards."""
    kind = analysis.Dataset
    tables = "\n`data.tables` holds all tables by name; `data.data_hash` is the SHA-256 of the raw ones.\n"
    head = f"### Dataset\n\n{_prose(inspect.getdoc(kind) or '')}\n{tables}{_table(kind, DATASET)}"
    asked = [_described(f"data.{name}", getattr(analysis.Project, name)) for name in ASKED]
    cards = [
        f"### {card.__name__}\n\n{_prose(inspect.getdoc(card) or '')}\n{_table(card, names)}"
        for card, names in CARDS.items()
    ]
    return "\n".join([head, *asked, *cards])


def _described(name: str, described: Any, *, call: bool = True) -> str:
    """Return heading, signature and docstring, with its example as a block of its own."""
    prose, _, example = (inspect.getdoc(described) or "").partition("\n>>> ")
    signature = f"\n```text\n{name}{_arguments(described)}\n```\n" if call else ""
    shown = f"\n```pycon\n>>> {example}\n```\n" if example else ""
    return f"### {name}\n{signature}\n{_prose(prose)}\n{shown}"


def _table(kind: Any, names: list[str]) -> str:
    """Return a table of members, each with the first line of its docstring."""
    if not names:
        return ""
    rows = [f"| `{name}{_call(kind, name)}` | {_first_line(_member(kind, name))} |" for name in names]
    return "\n".join(["", "| member | gives |", "|---|---|", *rows, ""])


def _member(kind: Any, name: str) -> Callable[..., object]:
    found = inspect.getattr_static(kind, name)
    if isinstance(found, property):
        return found.fget
    return found.func if isinstance(found, cached_property) else found


def _call(kind: Any, name: str) -> str:
    """Return the arguments of a method, and nothing for a property."""
    found = inspect.getattr_static(kind, name)
    return _arguments(found) if inspect.isfunction(found) else ""


def _arguments(described: Any) -> str:
    """Return the arguments without their types: ``(data, language='en')``."""
    signature = inspect.signature(described)
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    ]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def _first_line(described: Any) -> str:
    line = (inspect.getdoc(described) or "").splitlines()[0].removeprefix("Return ").rstrip(".")
    return _prose(re.split(r"; raises ", line)[0][:1].lower() + re.split(r"; raises ", line)[0][1:])


def _prose(text: str) -> str:
    return text.replace("``", "`").strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"docs/{PAGE.name}")
