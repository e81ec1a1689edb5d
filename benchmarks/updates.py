"""Memos that a person has edited, brought to data that has moved: is all that is stale seen, nothing lost?

Each pair is an edit by a seeded hand (typing, deleting, reordering, formatting, split runs, saving through
LibreOffice where it is installed) and a change of the data (one figure of the place). It is asked whether

- with all changes rejected the text is that of the edited memo, to the character;
- with all accepted each number that does not hold has a comment;
- a second update changes nothing more;
- the file is valid Open XML, where the validator is installed.

    python benchmarks/updates.py [--pairs 40] [--seed 18] [--minutes 20]
"""

from __future__ import annotations

import argparse
import datetime
import io
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.rows import Figure, rows_of
from analysis.show.memo import audit, file_of, memo_on, update

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 11, 27)
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
OWN = {"en": "A remark of our own.", "zh-Hans": "本单位补充说明。", "zh-Hant": "本單位補充說明。"}


def type_something(document: Document, chance: random.Random, language: str) -> None:
    """Type into a paragraph, and add one."""
    chance.choice(said(document)).add_run(f" {OWN[language]}")
    document.add_paragraph(OWN[language])


def delete_a_paragraph(document: Document, chance: random.Random, language: str) -> None:
    """Delete a paragraph."""
    paragraph = chance.choice(said(document))._element
    paragraph.getparent().remove(paragraph)


def reorder(document: Document, chance: random.Random, language: str) -> None:
    """Put a paragraph before another."""
    moved, place = chance.sample(said(document), 2)
    place._element.addprevious(moved._element)


def format_a_run(document: Document, chance: random.Random, language: str) -> None:
    """Make some text bold."""
    for run in chance.choice(said(document)).runs:
        run.bold = True


def split_runs(document: Document, chance: random.Random, language: str) -> None:
    """Split the runs of a paragraph in the middle of a word or number, as Word does."""
    for run in chance.choice(said(document)).runs:
        if len(run.text) > 4 and not run._element.findall(qn("w:footnoteReference")):
            at = chance.randrange(1, len(run.text))
            whole, later = run.text, run._element
            run.text = whole[:at]
            other = docx.text.run.Run(later.__copy__(), run._parent)
            later.addnext(other._element)
            other.text = whole[at:]


EDITS: tuple[Callable[[Document, random.Random, str], None], ...] = (
    type_something, delete_a_paragraph, reorder, format_a_run, split_runs,
)  # fmt: skip


def said(document: Document) -> list[docx.text.paragraph.Paragraph]:
    """Return the paragraphs of the body that are sentences and nothing else."""
    plain = {qn("w:pPr"), qn("w:r")}
    found = [p for p in document.paragraphs if len(p.text) > 20]
    return [p for p in found if all(child.tag in plain for child in p._element) and not _special(p)]


def _special(paragraph: docx.text.paragraph.Paragraph) -> bool:
    kept = {qn("w:rPr"), qn("w:t")}
    return any(child.tag not in kept for run in paragraph.runs for child in run._element)


def through_libreoffice(content: bytes) -> bytes:
    """Return a memo as LibreOffice saves it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memo.docx"
        path.write_bytes(content)
        command = ["soffice", "--headless", "--convert-to", "docx", "--outdir", f"{folder}/out", str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (Path(folder) / "out" / "memo.docx").read_bytes()


def moved(data: Dataset, programme: str, chance: random.Random, folder: Path) -> Dataset:
    """Return the data with one figure of a place another one; what the checks refuse is tried anew."""
    raw = (ROOT / "data" / "raw" / "figures.csv").read_text("utf-8").splitlines(keepends=True)
    rows = [row for row in rows_of(Figure, data.figures_of(programme)) if row.value >= 2]
    while True:
        row = chance.choice(rows)
        old = re.search(r"[0-9]+", row.printed)
        new = str(chance.randrange(2, 10 ** len(old[0]))).rjust(len(old[0]), "1") if old else ""
        if old is None or new == old[0]:
            continue
        value = row.value * int(new) / int(old[0])
        [place] = [i for i, line in enumerate(raw) if line.startswith(f"{row.figure_id},")]
        line = raw[place].replace(f",{row.printed},", f",{row.printed.replace(old[0], new, 1)},", 1)
        line = line.replace(f",{row.value:g},", f",{value:.15g},", 1).replace(
            f",{row.value:.0f},", f",{value:.15g},", 1
        )
        shutil.copytree(ROOT / "data", folder / "data", dirs_exist_ok=True)
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / "data" / "raw" / "figures.csv").write_text(
            "".join([*raw[:place], line, *raw[place + 1 :]]), "utf-8"
        )
        try:
            return processed.checked(folder)
        except InputError:
            continue


def texts(content: bytes, *, without: str) -> list[str]:
    """Return the paragraphs of a memo without what is inserted, or without what is deleted."""
    body = docx.Document(io.BytesIO(content)).element.body
    return [
        "".join(
            node.text or ""
            for node in paragraph.iter(qn("w:t"), qn("w:delText"))
            if not any(each.tag == qn(f"w:{without}") for each in node.iterancestors())
        )
        for paragraph in body.iter(qn("w:p"))
    ]


def wrongs(content: bytes, data: Dataset) -> Iterator[str]:
    """Yield what is wrong with the update of one edited memo."""
    found = update(content, data, "memo.docx", DAY)
    if texts(found.content, without="ins") != texts(content, without="ins"):
        yield "text lost"
    remarks = {each.text for each in docx.Document(io.BytesIO(found.content)).comments}
    left = audit(found.content, data)
    for lost in left.lost:
        if lost.element is not None and not any(lost.numeral.text.strip() in each for each in remarks):
            yield f"stale number without a comment ({lost.numeral.text!r} in {lost.text[:60]!r})"
    if update(found.content, data, "memo.docx", DAY).changed:
        yield "changed again"
    try:
        import openxml_audit
    except ImportError:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memo.docx"
        path.write_bytes(found.content)
        before = Path(folder) / "before.docx"
        before.write_bytes(content)
        validator = openxml_audit.OpenXmlValidator()
        own = {str(error) for error in validator.validate(before).errors}
        if {str(error) for error in validator.validate(path).errors} - own:
            yield "invalid"


def main() -> int:
    """Print what was tried and what went wrong, and return the status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--minutes", type=float, default=20)
    options = parser.parse_args()
    data, chance, started = processed.load(ROOT), random.Random(options.seed), time.monotonic()
    made: dict[tuple[str, str], bytes] = {}
    tried: Counter[str] = Counter()
    for number in range(options.pairs):
        if time.monotonic() - started > 60 * options.minutes:
            break
        programme, language = chance.choice(data.programme_ids), chance.choice(LANGUAGES)
        if (programme, language) not in made:
            made[programme, language] = file_of(
                data, memo_on(data, {"programme": programme, "language": language})
            )
        document = docx.Document(io.BytesIO(made[programme, language]))
        edits = chance.sample(EDITS, 2)
        for edit in edits:
            edit(document, chance, language)
        buffer = io.BytesIO()
        document.save(buffer)
        content, names = buffer.getvalue(), [edit.__name__ for edit in edits]
        if number % 10 == 9 and shutil.which("soffice"):
            content, names = through_libreoffice(content), [*names, "through LibreOffice"]
        with tempfile.TemporaryDirectory() as folder:
            later = moved(data, programme, chance, Path(folder))
        found = list(wrongs(content, later))
        tried.update(["pairs", *names, *(each.split(" (")[0] for each in found)])
        if found:
            print(
                f"pair {number}: {programme}.{language}, {', '.join(names)}: {'; '.join(found)}", flush=True
            )
    print(", ".join(f"{name} {count}" for name, count in tried.items()))
    wrong = ("text lost", "stale number without a comment", "changed again", "invalid")
    return int(any(tried[each] for each in wrong))


if __name__ == "__main__":
    sys.exit(main())
