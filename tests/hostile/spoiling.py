"""Ways to spoil the small data set about an invented county; each takes its folder."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from pathlib import Path

from qingxi import VALID, Rows, as_csv, bilingual, coding, reading, with_cells, write

Spoil = Callable[[Path], object]
TERMS = as_csv("terms", VALID["terms"])
DEPUTY = "post,deputy,1,deputy,deputy"
FIGURE = "qingxi.venues.new"


def terms(content: str | bytes) -> Spoil:
    """Replace the whole table of terms."""
    raw = content.encode() if isinstance(content, str) else content
    return lambda root: (root / "data/raw/terms.csv").write_bytes(raw)


def deputy(row: str) -> Spoil:
    """Replace one row of the table of terms, line 9."""
    return terms(TERMS.replace(DEPUTY, row))


def cell(table: str, line: int, **cells: str) -> Spoil:
    """Replace cells of one line."""
    return lambda root: write(root, with_cells(table, line, **cells))


def another(programme_id: str = "baishui", source_id: str = "baishui", file: str = "baishui.txt") -> Spoil:
    """Add a programme with those names and its source, line 3 of both tables."""
    names = {"source_id": source_id, "programme_id": programme_id, "file": file}
    tables: Rows = VALID | {
        "programmes": [*VALID["programmes"], VALID["programmes"][0] | {"programme_id": programme_id}],
        "sources": [*VALID["sources"], VALID["sources"][0] | names],
    }
    return lambda root: write(root, tables)


def links_to(target: str) -> Spoil:
    """Put a link in the place of the table of terms."""

    def spoil(root: Path) -> None:
        path = root / "data/raw/terms.csv"
        path.unlink()
        path.symlink_to(target)

    return spoil


def pipe(root: Path) -> None:
    """Put a pipe in the place of the table of terms: whoever reads it waits for ever."""
    path = root / "data/raw/terms.csv"
    path.unlink()
    os.mkfifo(path)


def folder(root: Path) -> None:
    """Put a folder in the place of the table of terms."""
    path = root / "data/raw/terms.csv"
    path.unlink()
    path.mkdir()


def choices(number: int) -> Spoil:
    """Code one measure under that many choices of two readings each, so that no two codings hold together."""
    tables = copy.deepcopy(VALID)
    for place in range(number):
        choice = f"qingxi.c{place}"
        about = {"choice_id": choice, "programme_id": "qingxi", "kind": "uncertain"}
        tables["choices"].append(about | bilingual(question="?"))
        tables["readings"] += [reading(choice, "a", default=True), reading(choice, "b")]
        when = "; ".join([*(f"qingxi.c{before}=b" for before in range(place)), f"{choice}=a"])
        tables["codings"].append(coding(f"c{place}", "venues_upgraded", FIGURE, when=when))
    return lambda root: write(root, tables)
