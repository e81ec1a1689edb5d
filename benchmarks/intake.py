"""How well the draft of a document guesses, by document and field, against its curated rows.

    ANALYSIS_SOURCES=sources python benchmarks/intake.py

Each document is drafted with what is learnt from the others. The articles in ``articles/`` are invented, with
rows written before they were drafted; they are scored too, and need no documents. The declared words and
patterns were mended after what these showed: a score is of foresight for an article that is new to them.
At first sight the 78 figures of liuhe, shiqiao and hengling had 85 % of units, 94 % of periods and bases,
78 % of statuses and 73 % of themes right, and 11 of their 14 drafted codings the right measure. Nothing was
mended after yunshan, which came last: it is for measuring only, as is every article that is added.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.curation.ambiguity import choices
from analysis.curation.candidates import Candidate, candidates
from analysis.curation.coding import codings, likeness
from analysis.curation.draft import raw_tables
from analysis.curation.glossary import Glossary, learn
from analysis.curation.metadata import metadata_of
from analysis.curation.sureness import LEVELS, Guesses
from analysis.estimates import processed
from analysis.evidence.characters import numeral_spans
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.sources import Document, find_sources

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "benchmarks" / "articles"
CELLS = ("unit", "qualifier", "period", "basis", "status", "year", "theme")
PAGE = 1000  # characters
_IDS = re.compile(r"[a-z][\w-]*(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Article:
    """A document with its curated rows: figures with ``start``, exclusions, codings, choices."""

    document: Document
    published: str
    figures: list[dict[str, Any]]
    exclusions: list[dict[str, Any]]
    codings: list[dict[str, Any]]
    choices: list[str]


def curated(data: Dataset, sources: Path) -> Iterator[Article]:
    """Yield the documents of the tables."""
    for source in records(data.sources):
        name = source["source_id"]
        owned = records(data.tables["choices"], programme_id=source["programme_id"], kind="uncertain")
        yield Article(
            Document.load(sources / source["file"], name, source["encoding"]),
            source["published"],
            records(data.figures, source_id=name),
            records(data.tables["exclusions"], source_id=name),
            records(data.tables["codings"], programme_id=source["programme_id"]),
            [row["choice_id"] for row in owned],
        )


def invented() -> Iterator[Article]:
    """Yield the invented articles; a figure is found by what is printed, in the order of the text."""
    for path in sorted(ARTICLES.glob("*.csv")):
        document = Document.load(path.with_suffix(".txt"), path.stem)
        found = metadata_of([document.text(*span) for span in document.paragraphs])
        with path.open(encoding="utf-8", newline="") as file:
            rows = [dict(row) for row in csv.DictReader(file)]
        for row in rows:
            row["figure_id"] = f"{path.stem}.{row['figure_id']}"
            row["value"] = float(row["value"])
        figures = list(_placed(document, rows))
        yield Article(document, found.published, figures, [], list(_measured(figures)), [])


def _placed(document: Document, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    taken: set[int] = set()
    for row in rows:
        starts = (match.start() for match in re.finditer(re.escape(row["printed"]), document.raw))
        # 5个 is not the end of 15个.
        start = next(
            at
            for at in starts
            if at not in taken and not re.match("[0-9.一二三四五六七八九十百]", document.raw[at - 1])
        )
        taken.add(start)
        yield row | {"start": start, "end": start + len(row["printed"])}


def _measured(figures: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for figure in figures:
        for measure in figure["measures"].split():
            yield {"measure": measure, "numerator": figure["figure_id"], "when": "", "denominator": ""}


@dataclass(frozen=True)
class Drafted:
    """An article as the intake drafts it."""

    article: Article
    rows: list[Candidate]
    codings: list[Guesses]
    choices: list[str]
    split: list[Guesses]  # the codings by reading


def draft(article: Article, glossary: Glossary) -> Drafted:
    """Return the draft of an article."""
    name = article.document.source_id
    rows = candidates(article.document, article.published, glossary)
    coded = codings(rows, name, glossary)
    asked = choices(rows, coded, name)
    return Drafted(article, rows, coded, [row["choice_id"].value for row in asked.choices], asked.codings)


def drafts(articles: Iterable[Article]) -> list[Drafted]:
    """Return each article drafted with what the rows of the others teach."""
    tables = raw_tables(ROOT)
    return [draft(article, learn(tables, [article.document.source_id])) for article in articles]


def scores(drafted: Iterable[Drafted]) -> pd.DataFrame:
    """Return for each document and field how many guesses there are and how many agree with the rows.

    ``decided`` is whether a numeral is a figure, ``excluded`` whether one that the draft excludes is none,
    ``reason`` whether it is excluded for the curated reason. Of ids and subjects ``alike`` is whether at
    least half is the same; ``coding`` whether the measure of a drafted coding is right, ``coded`` whether one
    is drafted that the tables have.
    """
    found = [
        {"document": one.article.document.source_id, "field": field, "agrees": agrees}
        for one in drafted
        for field, agrees in (*_numerals(one), *_cells(one), *_codings(one))
    ]
    grouped = pd.DataFrame(found).groupby(["document", "field"], sort=False)["agrees"]
    return grouped.agg(["sum", "count"]).reset_index()


def shares(scored: pd.DataFrame, by: str = "field") -> pd.Series:
    """Return the share of guesses that agree."""
    sums = scored.groupby(by, sort=False)[["sum", "count"]].sum()
    return sums["sum"] / sums["count"]


def _numerals(one: Drafted) -> Iterator[tuple[str, bool]]:
    rows = [*one.article.figures, *one.article.exclusions]
    truth = _by_offset((row["start"], row["end"], row.get("reason", "")) for row in rows)
    guessed = _by_offset((row.start, row.end, row.reason) for row in one.rows)
    for start, _ in numeral_spans(one.article.document.raw):
        reason = truth.get(start, "" if one.article.exclusions else "any")
        yield "decided", bool(reason) == bool(guessed[start])
        if guessed[start] and one.article.exclusions:
            yield "excluded", bool(reason)
            yield "reason", reason == guessed[start]


def _by_offset(spans: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    return {offset: reason for start, end, reason in spans for offset in range(start, end)}


def _cells(one: Drafted) -> Iterator[tuple[str, bool]]:
    """Yield for each cell of each curated figure whether the guess is the same, or alike."""
    for figure, guesses in _beside(one):
        cells = {column: guess.value for column, guess in guesses.items()}
        yield "place", bool(cells)
        yield "value", bool(cells) and float(cells["value"]) == figure["value"]
        for column in CELLS:
            yield column, _text(cells.get(column)) == _text(figure[column])
        own, given = (str(row.get("figure_id", "")).partition(".")[2] for row in (figure, cells))
        yield "id alike", _common(own, given, r"[\w]+") >= 0.5
        yield "subject_zh alike", likeness(figure["subject_zh"], cells.get("subject_zh", "")) >= 0.5
        yield (
            "subject alike",
            _common(figure["subject"].lower(), cells.get("subject", "").lower(), r"\w{3,}") >= 0.5,
        )


def _beside(one: Drafted) -> Iterator[tuple[dict[str, Any], Guesses]]:
    guesses = {(row.start, row.end): row.guesses for row in one.rows if not row.reason}
    for figure in one.article.figures:
        yield figure, guesses.get((figure["start"], figure["end"]), {})


def _text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell)


def _common(first: str, second: str, words: str) -> float:
    one, other = set(re.findall(words, first)), set(re.findall(words, second))
    return len(one & other) / len(one | other) if one | other else 0.0


def _codings(one: Drafted) -> Iterator[tuple[str, bool]]:
    """Yield whether the measures of drafted codings are right, and those of the tables drafted."""
    places = {figure["figure_id"]: figure["start"] for figure in one.article.figures}
    starts = {row.cells.get("figure_id"): row.start for row in one.rows}
    truth = {
        (places[row["numerator"]], row["measure"])
        for row in one.article.codings
        if row["numerator"] in places
    }
    given = {(starts[coding["numerator"].value], coding["measure"].value) for coding in one.codings}
    yield from (("coding", pair in truth) for pair in given)
    yield from (("coded", pair in given) for pair in truth)


def calibration(drafted: Iterable[Drafted]) -> pd.DataFrame:
    """Return which share of guesses agrees, by column and how sure they say they are, with their number."""
    found = [
        {"column": column, "sure": guess.sure, "agrees": _text(guess.value) == _text(figure[column])}
        for one in drafted
        for figure, guesses in _beside(one)
        for column, guess in guesses.items()
        if column in CELLS
    ]
    grouped = pd.DataFrame(found).groupby(["column", "sure"])["agrees"].agg(["mean", "count"])
    text = grouped.apply(lambda row: f"{row['mean']:.0%} of {row['count']:.0f}", axis=1)
    return text.unstack(fill_value="").reindex(index=list(CELLS), columns=list(LEVELS))


def questions(drafted: Iterable[Drafted]) -> pd.DataFrame:
    """Return for each document how many of its uncertain choices are asked, and how many others.

    A choice is asked where a drafted one splits codings of a figure that it splits too, or is the same year.
    That the years of a range are open is asked once the range is in ``published``.
    """
    rows = []
    for one in drafted:
        if not one.article.choices:
            continue
        places = {figure["figure_id"]: figure["start"] for figure in one.article.figures}
        starts = {row.cells.get("figure_id", ""): row.start for row in one.rows if not row.reason}
        cells = [{name: guess.value for name, guess in coding.items()} for coding in one.split]
        mine = {name: _split_by(name, cells, starts) for name in one.choices}
        own = {name: _split_by(name, one.article.codings, places) for name in one.article.choices}
        # A choice about a series and not about the document splits no coding.
        own = {name: split for name, split in own.items() if split or ".year-" in name}
        asked = {name: {m for m, split in mine.items() if m == name or split & own[name]} for name in own}
        rows.append(
            {
                "document": one.article.document.source_id,
                "asked": sum(map(bool, asked.values())),
                "of": len(own),
                "others": len(set(mine) - set().union(*asked.values())),
                "pages": round(len(one.article.document.clean) / PAGE, 1),
            }
        )
    return pd.DataFrame(rows).set_index("document")


def _split_by(choice: str, rows: Iterable[dict[str, Any]], places: dict[str, int]) -> set[int]:
    """Return the places of the figures whose codings a choice splits."""
    texts = (
        f"{row.get('numerator', '')} {row.get('denominator', '')}"
        for row in rows
        if f"{choice}=" in _text(row.get("when"))
    )
    return {places[name] for text in texts for name in _IDS.findall(text) if name in places}


def main() -> None:
    """Print the shares, a row for each field and a column for each document; how sure; the choices."""
    sources = find_sources(None, ROOT)
    articles = list(curated(processed.checked(ROOT), sources)) if sources else []
    groups = {"documents": drafts(articles), "invented": drafts(invented())}
    for name, drafted in groups.items():
        if drafted:
            scored = scores(drafted)
            counts = scored.set_index(["field", "document"])
            wide = (counts["sum"] / counts["count"]).unstack()
            wide = wide.reindex(scored["field"].unique())[list(scored["document"].unique())]
            print(f"\n{name}\n" + wide.assign(all=shares(scored)).map(_percent).to_string())
            print("\nhow sure\n" + calibration(drafted).fillna("").to_string())
    if articles:
        print("\nchoices\n" + questions(groups["documents"]).to_string())


def _percent(share: float) -> str:
    return "" if pd.isna(share) else f"{share:.0%}"


if __name__ == "__main__":
    main()
