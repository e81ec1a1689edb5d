"""The catalogue of values that a template may place: the call to paste, the value as shown, what it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain, combinations

from analysis.estimates.prices import PriceYear
from analysis.estimates.spans import Span, join_works
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Figure, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show.memo.calls import Call
from analysis.show.memo.passages import Memo
from analysis.show.memo.placing import values_for
from analysis.show.memo.request import MemoRequest, memo_on
from analysis.show.memo.values import Values, WrongCall, findings_by_name, questions_by_name
from analysis.words.labels import Labels

NAMED = ("object", "post", "stage")
"""What a call names even where nothing else is there to tell apart today."""


@dataclass(frozen=True)
class Listed:
    """One value of the catalogue: ``call`` is what stands between the braces of a placeholder."""

    kind: str
    call: str
    value: str
    label: str


def catalogue(
    data: Dataset, programme: str, language: str, price_year: PriceYear, *, as_json: bool = False
) -> str:
    """Return the catalogue of a place, for people or as JSON; raises ``KitError`` for an unknown place."""
    request = MemoRequest((programme,), languages=(language,), price_year=price_year).validate(data)
    memo = memo_on(data, next(request.subjects))
    assert memo is not None
    listed = list_values(data, memo)
    return to_json(listed) if as_json else to_text(listed)


def list_values(data: Dataset, memo: Memo) -> Iterator[Listed]:
    """Yield every value of the place of a memo, in its language and at its prices."""
    values = values_for(data, memo.language, memo.about)
    place, writer = values.programme, values.writer()
    for row in rows_of(Figure, data.figures_of(place)):
        yield _listed(values, Call("figure", (row.figure_id,)), writer.labels.of(row, "subject"))
    spans = dict.fromkeys((*join_works(writer.spans[place]), *writer.spans[place]))
    for span in sorted(spans, key=lambda row: writer.labels.order(row.cell)):
        if span.has_value and (call := shortest_call(values, span)):
            yield _listed(values, call, _thing(writer.labels, span))
    for name, finding in findings_by_name(writer.pieces(place)).items():
        theme = writer.labels.term("theme", finding.theme) if finding.theme else ""
        yield _listed(values, Call("finding", (place, name)), theme)
    for name in questions_by_name(writer, place):
        yield _listed(values, Call("question", (place, name)), "")
    for chart in (*memo.charts.values(), *memo.more_charts.values()):
        yield Listed(
            "chart", f"{Call('chart', (chart.name,))}.picture", chart.title.text, chart.subtitle.text
        )
    for table in (*memo.tables.values(), *memo.more_tables.values()):
        yield Listed("table", f"{Call('table', (table.name,))}.grid", table.title.text, "")


def _listed(values: Values, call: Call, label: str) -> Listed:
    return Listed(call.function, str(call), values.value(call).passage.text, label)


def _thing(labels: Labels, row: Span) -> str:
    return labels.attributes(
        [labels.thing_of(row), labels.year(row.year, row.year_basis) if row.year else ""]
    )


def shortest_call(values: Values, row: Span) -> Call | None:
    """Return the call that gives an estimate and no other, with its thing named; ``None`` where none does."""
    codes = {name: code for name in DIMENSIONS if (code := getattr(row, name))}
    more = [name for name in codes if name not in NAMED]
    for names in chain.from_iterable(combinations(more, number) for number in range(len(more) + 1)):
        options = {name: code for name, code in codes.items() if name in (*NAMED, *names)}
        call = Call("estimate", (row.programme_id, row.measure), options)
        with suppress(WrongCall):
            if values.span(call) == row:
                return call
    return None


def to_text(listed: Iterable[Listed]) -> str:
    """Return the catalogue for people: what to paste, below it the value and what it is."""
    lines, before = [], ""
    for each in listed:
        if each.kind != before:
            before = each.kind
            lines += [f"# {each.kind}"]
        tag = f"{{{{p {each.call} }}}}" if each.kind == "table" else f"{{{{ {each.call} }}}}"
        lines += [tag, f"    {each.value}" + (f"  [{each.label}]" if each.label else "")]
    return "\n".join(lines)


def to_json(listed: Iterable[Listed]) -> str:
    """Return the catalogue for programs."""
    return json.dumps([asdict(each) for each in listed], ensure_ascii=False, indent=2)
