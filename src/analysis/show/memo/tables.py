"""Tables of reports made fit for a memo: places in documents for ids, and figures with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.draw.tables import Column, Table
from analysis.show.county.figures import figures_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.words.language import Text

Row = Mapping[str, Any]


def with_places(text: Text, table: Table, figures: Mapping[str, Row], numbers: Mapping[str, int]) -> Table:
    """Return the table with the paragraphs that its rows rest on in the place of figure ids."""
    if not any(column.key == "figures" for column in table.columns) or table.name == "figures":
        return table
    columns = tuple(
        Column("figures", text("memo.column_places")) if column.key == "figures" else column.alone()
        for column in table.columns
    )
    rows = tuple(
        {**row, "figures": places(text, [figures[name] for name in row["figures"].split()], numbers)}
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def places(text: Text, figures: Sequence[Row], numbers: Mapping[str, int]) -> str:
    """Return where some figures stand: ``[1] ¶3, ¶5``."""
    found: dict[int, set[int]] = {}
    for figure in figures:
        found.setdefault(numbers[figure["source_id"]], set()).add(int(figure["paragraph"]))
    separator = text("number.attribute_separator")
    return text("number.item_separator").join(
        f"[{number}] {separator.join(text('memo.paragraph', paragraph=p) for p in sorted(paragraphs))}"
        for number, paragraphs in sorted(found.items())
    )


def figures_cited(view: ProgrammeView, used: Sequence[Row], numbers: Mapping[str, int]) -> Table:
    """Return the figures that a memo rests on: as printed, their value, and their exact place."""
    wanted = {row["figure_id"]: row for row in used}
    table = figures_table(view)
    rows = tuple(
        {**row, "place": f"[{numbers[wanted[row['id']]['source_id']]}] {row['place']}"}
        for row in table.rows
        if row["id"] in wanted
    )
    labels = {column.key: column for column in table.columns}
    columns = (
        *(labels[key].alone() for key in ("subject", "printed", "value", "year", "place", "id")),
        labels["theme"],
    )
    return Table("figures", view.text("memo.caption_figures"), columns, rows, group="theme")
