"""Writes into the documents what is declared or counted elsewhere. ``make facts`` runs it.

It replaces the tables of measures in the methodology, and the numbers of the dataset in both READMEs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from analysis import Dataset, load
from analysis.evidence.register import MEASURES
from analysis.words.themes import formulas

ROOT = Path(__file__).resolve().parents[1]
METHODOLOGY = "docs/methodology.md"
MEASURE_ROWS = ("| measure | theme | formula | unit |", "|---|---|---|---|")
# The sentence of each README that counts; what a name stands for is a whole number there.
COUNTED = {
    "README.md": (
        "{programmes} programmes, {sources} documents, {figures} figures, {exclusions} numerals that are no "
        "figure (each with the reason), {choices} choices with {readings} readings, of which arithmetic "
        "rules out {ruled_out}, and {measures} measures"
    ),
    "README.zh.md": (
        "{programmes}个地区、{sources}份文献、{figures}个数字；另有{exclusions}处序数、日期、口号等不计为数字，"
        "逐处注明理由；原文存疑或须由分析者界定的问题{choices}个，共{readings}种理解，其中{ruled_out}种在算术上"
        "不成立，予以排除；指标{measures}项"
    ),
}


def measure_table() -> list[str]:
    """Return the lines of the table of measures."""
    words = formulas()
    rows = (
        (f"`{code}`", measure.theme, words[code], " ".join(f"`{unit}`" for unit in measure.shown_units))
        for code, measure in MEASURES.items()
    )
    return [*MEASURE_ROWS, *(f"| {' | '.join(row)} |" for row in rows)]


def with_measures(text: str) -> str:
    """Return the methodology with the table of measures as they are declared."""
    lines = text.split("\n")
    start = lines.index(MEASURE_ROWS[0])
    end = next(place for place in range(start, len(lines)) if not lines[place].startswith("|"))
    return "\n".join([*lines[:start], *measure_table(), *lines[end:]])


def sizes(data: Dataset) -> dict[str, int]:
    """Return how much of everything the dataset holds."""
    counts = {name: len(frame) for name, frame in data.tables.items()}
    ruled_out = int((~data.readings["feasible"]).sum())
    return counts | {"measures": len(MEASURES), "ruled_out": ruled_out}


def with_counts(text: str, sentence: str, counts: dict[str, int]) -> str:
    """Return a README with the numbers of the sentence replaced, wherever its lines break.

    Raises ``ValueError`` where the sentence is not there.
    """
    parts = re.split(r"\{(\w+)\}", sentence)
    said, names = parts[::2], parts[1::2]
    pattern = r"(\d+)".join(re.escape(part).replace(r"\ ", r"\s+") for part in said)
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"no sentence such as {sentence!r}; restore it, or correct COUNTED in docs/facts.py")
    for place, name in reversed(list(enumerate(names, start=1))):
        text = text[: found.start(place)] + str(counts[name]) + text[found.end(place) :]
    return text


def pages(data: Dataset) -> Iterable[tuple[Path, str]]:
    """Yield each document with what is declared and counted today."""
    yield ROOT / METHODOLOGY, with_measures((ROOT / METHODOLOGY).read_text(encoding="utf-8"))
    for name, sentence in COUNTED.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        yield ROOT / name, with_counts(text, sentence, sizes(data))


if __name__ == "__main__":
    for path, content in pages(load(ROOT)):
        path.write_text(content, encoding="utf-8", newline="\n")
