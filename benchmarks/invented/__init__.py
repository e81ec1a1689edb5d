"""A whole synthetic country: a full ``data/raw`` and ``params``, to measure and try the suite at size.

Nothing in it is true but the terms and the series, which are copied from the project. Every row
says so: in its ids (``synthetic-0001``), in its labels in both languages, in titles and in notes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.evidence.folders import RAW, find_root
from analysis.evidence.register import computed_readings, parse_when
from analysis.evidence.schema import TABLES
from analysis.files import write_file
from analysis.show.params import THEMES
from invented.author import MARK, Author
from invented.document import Document, Row
from invented.later import later
from invented.life import other_themes
from invented.organisations import branches
from invented.pay import funds, stipends
from invented.synthetic import synthetic
from invented.venues import investment

__all__ = ["COPIED", "COUNTIES", "Country", "country", "write_country"]

COUNTIES = 2844
COPIED = ("terms", "reference_series", "regional_series")
PEERS = 4
_SECTIONS = (investment, stipends, funds, branches, other_themes, later)


@dataclass(frozen=True)
class Country:
    """The rows of every table but those copied, and the documents by file name."""

    tables: Mapping[str, list[Row]]
    documents: Mapping[str, bytes]


def country(programmes: int = COUNTIES, seed: int = 1) -> Country:
    """Return so many invented programmes; the first of a larger country are those of a smaller one.

    Each has about 40 figures. The first twelve hold every awkward case that there is; from then on the
    cases come at rates like those of real documents. Raises ``ValueError`` as ``synthetic`` does.
    """
    tables: dict[str, list[Row]] = {name: [] for name in TABLES if name not in COPIED}
    documents: dict[str, bytes] = {}
    for place in synthetic(programmes, seed).to_dict("records"):
        author = Author.of({str(key): value for key, value in place.items()}, seed)
        for section in _SECTIONS:
            section(author)
        author.finish()
        tables["programmes"].append(_programme(author))
        for document in author.documents:
            source = _source(author, document)
            tables["sources"].append(source)
            documents[source["file"]] = document.content(source["encoding"])
            tables["figures"] += [_marked(row) for row in document.figures]
            tables["exclusions"] += document.exclusions
        for name, rows in author.rows.items():
            tables[name] += rows
    return Country(tables, documents)


def _programme(author: Author) -> Row:
    place, number = author.place, f"{author.number:04d}"
    city = author.between(1, 12)
    return {
        **{name: str(place[name]) for name in ("programme_id", "label", "label_zh", "admin_level")},
        **{name: str(place[name]) for name in ("province", "province_zh")},
        "parent": f"Synthetic city {city:02d}",
        "parent_zh": f"合成市{city:02d}",
        "programme_name": f"Synthetic Party-building drive {number}",
        "programme_name_zh": f"合成党建行动{number}",
        "note": "Synthetic: there is no such place.",
        "note_zh": "合成数据：并无此地。",
    }


def _source(author: Author, document: Document) -> Row:
    number, dated = f"{author.number:04d}", author.dated
    unknown = (f"{MARK[0]} No date in the text.", f"{MARK[1]}原文无日期。")
    encoding = "gb18030" if author.random.random() < 0.1 else "utf-8"
    return {
        "source_id": document.source_id,
        "programme_id": author.programme,
        "title": f"[合成文稿{number}]",
        "title_en": f"[Synthetic text {number}]",
        "publisher": "合成日报" if author.random.random() < 0.7 else "",
        "published": str(document.year) if document.year else author.published,
        "date_basis": "stated" if dated else "inferred",
        "date_note": "" if dated else unknown[0],
        "date_note_zh": "" if dated else unknown[1],
        "script": "simplified",
        "file": f"{document.source_id}.txt",
        "encoding": encoding,
        "sha256": document.sha256(encoding),
        "paragraphs": str(document.paragraph),
    }


def _marked(figure: Row) -> Row:
    if figure["note"]:
        return figure
    return figure | {"note": MARK[0], "note_zh": MARK[1]}


def write_country(
    folder: Path,
    programmes: int = COUNTIES,
    seed: int = 1,
    *,
    root: Path | None = None,
    sources: bool = False,
) -> None:
    """Write ``data/raw`` and ``params`` of a synthetic country below ``folder``; the same bytes on every run.

    The terms and the reference series are copied from the project at ``root`` (found from the working
    folder without it), with its definitional choices. With ``sources`` the invented documents are written
    too, so that the audit has something to read. Raises ``FileExistsError`` where ``folder`` has a
    ``data/raw`` already: nobody's data is overwritten.
    """
    raw, project = folder / RAW, find_root(root) / RAW
    if raw.exists():
        raise FileExistsError(f"{raw} is there already; name another folder, or remove it first")
    made = country(programmes, seed)
    for name in COPIED:
        # What holds under a reading of a real place is of no choice here.
        kept = [row for row in _rows(project, name) if not row.get("when")]
        write_file(raw / TABLES[name].path, _csv(name, kept))
    for name, rows in made.tables.items():
        shared = _definitional(project, name, made) if name in ("choices", "readings") else ()
        write_file(raw / TABLES[name].path, _csv(name, [*shared, *rows]))
    for name, text in _parameters(made.tables["programmes"]):
        write_file(folder / "params" / f"{name}.yaml", text.encode())
    for file, content in made.documents.items() if sources else ():
        write_file(folder / "sources" / file, content)


def _definitional(project: Path, table: str, made: Country) -> Iterator[Row]:
    """Yield the rows of the choices that the analyst has made for all programmes, as far as they are met."""
    named = {choice for row in made.tables["codings"] for choice in parse_when(row.get("when", ""))}
    shared = {row["choice_id"] for row in _rows(project, "choices") if not row["programme_id"]}
    shared = {choice for choice in shared if choice in named or computed_readings(choice)}
    yield from (row for row in _rows(project, table) if row["choice_id"] in shared)


def _rows(project: Path, table: str) -> list[dict[str, Any]]:
    with (project / TABLES[table].path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _csv(table: str, rows: list[Row]) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, TABLES[table].columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode()


def _parameters(programmes: list[Row]) -> Iterator[tuple[str, str]]:
    """Yield the reports of the country: each programme beside those before it, and each theme."""
    ids = [row["programme_id"] for row in programmes]
    for place, programme in enumerate(ids):
        peers = ", ".join(ids[max(0, place - PEERS) : place])
        yield programme, f"programme: {programme}\nlanguage: en\nprice_year: 2024\npeers: [{peers}]\n"
    for theme in THEMES:
        name = theme.replace("_", "-")
        yield f"comparison-{name}", f"theme: {theme}\nlanguage: en\n"
