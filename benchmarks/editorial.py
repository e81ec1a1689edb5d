"""How the reports and memos read: lengths, numbers in a sentence, colon chains, repetitions, pages.

``python benchmarks/editorial.py`` makes all reports and memos in three languages in a folder of their own and
prints a line for each. Pages are counted where Chromium and LibreOffice are at hand.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bs4 import BeautifulSoup
from docx import Document

from analysis.evidence.themes import THEMES
from analysis.words.languages import LANGUAGES, Language
from analysis.words.sentences import split_sentences

MOST_NUMBERS = 3
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」")
_DATE = re.compile(r"\d+月(?:\d+日)?|（\d+日|(?<![\d,.])(?:19|20)\d\d(?!\d|[,.]\d)年?")
_LISTED = re.compile(r"^\d+\. ")
_COUNTS = "|".join(LANGUAGES["en"].counts)
_RANGE = re.compile(
    r"(\d[\d,.]*)\D{0,12}?(?: to |至|–)(?=\d)"
    rf"|\b[Bb]etween (?:{_COUNTS}|\d[\d,.]*) and (?=\d|{_COUNTS})"
)
_PART = re.compile(
    rf"(?:\b(?:{_COUNTS})|\d+) of (?:the )?(?=\d|{_COUNTS})"
    r"|\d+[种種类類][^，。]*?中有(?=\d)|\d+地中(?:只)?有(?=\d)"
)
_ENDS = tuple(".!?。！？”」）)")
_ANNEX = re.compile(r"\s*(?:Annex|附件)\n")
_COLON = re.compile(r": |：")


class Reading(NamedTuple):
    """How one text reads: its length, its sentences with too many numbers or colons, and those said twice."""

    length: int
    crowded: list[str]
    chained: list[str]
    repeated: list[str]


def count_numbers(sentence: str) -> int:
    """Return how many numbers a reader must hold in mind.

    A range is one, and so is a part of a whole (5 of 6). Dates and what is quoted do not count.
    """
    plain = _DATE.sub("", _QUOTED.sub("", sentence))
    return len(LANGUAGES["en"].numbers(_PART.sub("", _RANGE.sub("", plain))))


def read(paragraphs: Iterable[str], language: Language) -> Reading:
    """Return how paragraphs read; a heading, a caption and the number of an item are no sentences."""
    texts = (_LISTED.sub("", paragraph) for paragraph in paragraphs)
    found = [each for text in texts for each in split_sentences(text) if each.endswith(_ENDS)]
    return Reading(
        sum(map(language.length, found)),
        [each for each in found if count_numbers(each) > MOST_NUMBERS],
        [each for each in found if _COLON.search(_QUOTED.sub("", each))],
        [each for each, times in Counter(found).items() if times > 1],
    )


def opening_of(page: Path) -> list[str]:
    """Return what a report opens with: its headline and its messages."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
    headline = soup.select_one("p.headline")
    messages = headline.find_next("ul") if headline else None
    items = messages.find_all("li") if messages else []
    return [each.get_text(" ", strip=True) for each in (headline, *items) if each is not None]


def body_of(page: Path) -> list[str]:
    """Return the paragraphs of a report that are not folded away."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
    for evidence in soup.select("details, nav, table, figure, header"):
        evidence.decompose()
    main = soup.find("main")
    found = main.find_all(["p", "li"]) if main else []
    return [each.get_text(" ", strip=True) for each in found]


def pages(document: Path) -> str:
    """Return how many sheets of A4 a report or memo fills, its annex apart; empty without what prints it."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / f"{document.stem}.pdf"
        if document.suffix == ".html":
            command = ["chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer",
                       f"--print-to-pdf={sheet}", document.resolve().as_uri()]  # fmt: skip
        else:
            command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(document)]
        if not shutil.which(command[0]) or not shutil.which("pdftotext"):
            return ""
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        told = subprocess.run(
            ["pdftotext", sheet, "-"], check=True, capture_output=True, text=True, timeout=60
        )
        sheets = told.stdout.removesuffix("\f").split("\f")
        body = next((n for n, text in enumerate(sheets) if _ANNEX.match(text)), len(sheets))
        return f"{body}+{len(sheets) - body}" if body < len(sheets) else str(body)


def body_of_memo(document: Path) -> list[str]:
    """Return the paragraphs of a memo before its annex, which begins on a page of its own."""
    found = []
    for paragraph in Document(str(document)).paragraphs:
        if found and (paragraph.paragraph_format.page_break_before or 'w:type="page"' in paragraph._p.xml):
            break
        if paragraph.text.strip():
            found.append(paragraph.text.strip())
    return found


def main() -> None:
    """Make everything in three languages, and print how it reads."""
    parser = argparse.ArgumentParser(description="Measure how the reports and memos read.")
    parser.add_argument("--languages", nargs="*", default=list(LANGUAGES), help="languages (all)")
    chosen = parser.parse_args()
    print(f"{'':34}opening  body  crowded  chained  repeated  pages")
    with tempfile.TemporaryDirectory() as folder:
        for language in chosen.languages:
            for document in _made(Path(folder), language):
                print(_line(document, language), flush=True)


def _made(folder: Path, language: str) -> list[Path]:
    """Return the reports and memos in one language, made anew."""
    out, memos = folder / language, folder / f"memos-{language}"
    run = ["analysis", "run", "--language", language, "--out", str(out)]
    subprocess.run(run, check=True, capture_output=True)
    memo = ["analysis", "memo", "--language", language, "--out", str(memos)]
    for subject in (["all"], *(["--compare", theme] for theme in THEMES)):
        # A theme that no two places report has no memo.
        subprocess.run([*memo, *subject], check=subject == ["all"], capture_output=True)
    return [*sorted(out.glob("*/report.html")), *sorted(memos.rglob("*.docx"))]


def _line(document: Path, language: str) -> str:
    rules = Language.parse(language)
    is_page = document.suffix == ".html"
    body = body_of(document) if is_page else body_of_memo(document)
    read_body = read(body, rules)
    opening = read(opening_of(document), rules).length if is_page else ""
    name = f"{document.parent.name if is_page else document.stem} {language}"
    counts = (len(read_body.crowded), len(read_body.chained), len(read_body.repeated))
    columns = "".join(f"{count:9}" for count in counts)
    return f"{name:34}{opening:>7}{read_body.length:6}{columns}{pages(document) or '–':>8}"


if __name__ == "__main__":
    main()
