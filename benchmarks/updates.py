"""Memos that a person has edited, brought to data that has moved: is all that is stale seen, nothing lost?

Each pair is an edit by a seeded hand (typing, deleting, reordering, formatting, split runs, a number put into
an own sentence or typed anew; every tenth saved through LibreOffice where it is installed) and a change of
the data (one figure of the place), which ten pairs have in common. It is asked whether

- with all changes rejected the text is that of the edited memo, to the character, and with all accepted what
  the hand typed still stands;
- with all accepted each number that does not hold has a comment;
- no number that is bound to what has moved stands as it was, but in a sentence of today's memo or commented;
- a second update changes nothing more;
- what has changed is valid Open XML (every tenth file as a whole), where the validator is installed;
- LibreOffice opens every fifth file.

    python benchmarks/updates.py [--pairs 1000] [--seed 18] [--minutes 25]
"""

from __future__ import annotations

import argparse
import datetime
import functools
import io
import math
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from hands import BEFORE, EDITS, LANGUAGES, OWN
from lxml import etree

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.rows import Figure, rows_of
from analysis.show.memo import file_of, memo_on, update, updating
from analysis.show.memo.facts import Fact
from analysis.show.memo.ledger import NumeralLedger, find, rewrite
from analysis.show.memo.passages import Memo
from analysis.show.memo.reading import blocks

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 11, 27)
SHARED, SAVED, OPENED, WHOLE = 10, 10, 5, 10  # of so many pairs one


def through_libreoffice(files: list[bytes], form: str) -> list[bytes]:
    """Return memos as LibreOffice saves them in a form; nothing for one that it does not open."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.docx" for number in range(len(files))]
        for path, content in zip(paths, files, strict=True):
            path.write_bytes(content)
        for first in range(0, len(paths), 25):
            own = ["--convert-to", form, "--outdir", f"{folder}/out", *map(str, paths[first : first + 25])]
            program = [
                "soffice",
                f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
                "--headless",
            ]
            subprocess.run([*program, *own], check=True, capture_output=True, timeout=600)
        made = [Path(folder) / "out" / f"{path.stem}.{form.partition(':')[0]}" for path in paths]
        return [path.read_bytes() if path.exists() else b"" for path in made]


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


@dataclass(frozen=True)
class Pair:
    """A memo as it was made, as a hand has edited it, and which data it is brought to."""

    number: int
    made: bytes
    content: bytes
    language: str
    edits: tuple[str, ...]

    @property
    def is_saved(self) -> bool:
        """Whether LibreOffice saves it before."""
        return self.number % SAVED == SAVED - 1

    @property
    def typed(self) -> list[str]:
        """What the hand has typed."""
        own = {"type_something": [OWN[self.language]] * 2, "move_a_number": [BEFORE[self.language]]}
        return [each for edit in self.edits for each in own.get(edit, [])]


def wrongs(pair: Pair, data: Dataset) -> Iterator[str]:
    """Yield what is wrong with the update of one edited memo."""
    found = update(pair.content, data, "memo.docx", DAY)
    if pair.number % OPENED == 0:
        UPDATED.append(found.content)
    if texts(found.content, without="ins") != texts(pair.content, without="ins"):
        yield "text lost"
    accepted = "\n".join(texts(found.content, without="del"))
    if any(accepted.count(each) < pair.typed.count(each) for each in pair.typed):
        yield "typing lost"
    again = update(found.content, data, "memo.docx", DAY)
    remarks = {each.text for each in docx.Document(io.BytesIO(found.content)).comments}
    for lost in again.found.lost:
        if lost.element is None or _commented(lost.element):
            continue
        if not any(lost.numeral.text.strip() in each for each in remarks):
            yield f"stale number without a comment ({lost.numeral.text!r} in {lost.text[:60]!r})"
    yield from stale(pair, found.content, again.found.teller.now, again.found.memo)
    if again.changed:
        yield "changed again"
    yield from invalid(pair, found.content)


def stale(pair: Pair, content: bytes, now: dict[str, list[Fact]], memo: Memo) -> Iterator[str]:
    """Yield the numbers that are bound to what has moved and stand as they were."""
    bound, known = bindings(pair.made)
    said = [passage.text for passage in memo.passages if len(passage.text) > 3]
    for block in blocks(docx.Document(io.BytesIO(content))):
        if block.bound and not _commented(block.element):
            for start, end, key in block.bound:
                shown = block.text[start:end]
                facts = [fact for name in bound[key] for fact in known[name]]
                moved = all(not _still(fact, now.get(fact.name, ())) for fact in facts)
                if moved and (key, shown) in bound_texts(pair.made) and not _said(block.text, start, said):
                    yield f"stale bound number ({shown!r} in {block.text[:60]!r})"


def _still(fact: Fact, others: list[Fact]) -> bool:
    return any(
        fact.text == other.text if fact.text else math.isclose(fact.value or 0, other.value or 0)
        for other in others
        if bool(fact.text) == bool(other.text)
    )


def _said(text: str, at: int, said: list[str]) -> bool:
    """Return whether today's memo says what stands at a place of a text."""
    return any(0 <= text.find(each) <= at < text.find(each) + len(each) for each in said)


def _commented(paragraph: Any) -> bool:
    return next(paragraph.iter(qn("w:commentReference")), None) is not None


@functools.lru_cache(maxsize=64)
def bindings(made: bytes) -> tuple[Mapping[str, tuple[str, ...]], dict[str, list[Fact]]]:
    """Return what the bookmarks of a memo lead to, and its facts."""
    ledger = find(docx.Document(io.BytesIO(made)))
    return ledger.bound, ledger.facts


@functools.lru_cache(maxsize=64)
def bound_texts(made: bytes) -> frozenset[tuple[str, str]]:
    """Return the keys of a memo with the numbers in their bookmarks."""
    found = blocks(docx.Document(io.BytesIO(made)))
    return frozenset((key, block.text[start:end]) for block in found for start, end, key in block.bound)


def invalid(pair: Pair, content: bytes) -> Iterator[str]:
    """Yield whether a memo is no valid Open XML, and was so before.

    A file as a whole takes a second: of most, what stands as it was made is left out, which is valid.
    """
    is_whole = pair.is_saved or pair.number % WHOLE == 0
    errors = faults(content if is_whole else without_what_stood(content, pair.made))
    if errors and errors - faults(pair.content):
        yield f"invalid ({next(iter(errors))})"


def faults(content: bytes) -> set[str]:
    """Return what the validator finds, without its place; nothing where it is not installed."""
    try:
        import openxml_audit
    except ImportError:
        return set()
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(content)
        file.flush()
        return {each.description for each in openxml_audit.OpenXmlValidator().validate(file.name).errors}


def without_what_stood(content: bytes, made: bytes) -> bytes:
    """Return a memo without the paragraphs, tables and rows that are those of another."""
    known, document = written(made), docx.Document(io.BytesIO(content))
    body = document.element.body
    for own in (list(body)[1:-1], *([*table.iter(qn("w:tr"))][1:] for table in body.iter(qn("w:tbl")))):
        for element in own:
            if etree.tostring(element) in known:
                element.getparent().remove(element)
    rewrite(document, NumeralLedger({}, ()))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@functools.lru_cache(maxsize=64)
def written(made: bytes) -> frozenset[bytes]:
    """Return the paragraphs, tables and rows of a memo."""
    body = docx.Document(io.BytesIO(made)).element.body
    return frozenset(map(etree.tostring, (*body, *body.iter(qn("w:tr")))))


def share_memos() -> None:
    """Have memos of today made once for all pairs that have a change of the data in common."""
    kept: dict[tuple[object, ...], object] = {}

    def once(make: Callable, about: Callable) -> Callable:
        def made(data: Dataset, of: object) -> object:
            key = (make, data.data_hash, *sorted(about(of).items()))
            if key not in kept:
                kept.update({key: make(data, of)})
            return kept[key]

        return made

    # The function of that name stands before the module.
    sys.modules["analysis.show.memo.audit"].memo_on = once(memo_on, dict)
    updating.file_of = once(file_of, lambda memo: {"language": memo.language, **memo.about})


MADE: dict[tuple[str, str], bytes] = {}
UPDATED: list[bytes] = []


def edited(data: Dataset, chance: random.Random, number: int, programme: str) -> Iterator[Pair]:
    """Yield the pairs of one change of the data: memos on a place as hands have edited them."""
    for each in range(number, number + SHARED):
        language = chance.choice(LANGUAGES)
        made = MADE.get((programme, language)) or file_of(
            data, memo_on(data, {"programme": programme, "language": language})
        )
        MADE[programme, language] = made
        document = docx.Document(io.BytesIO(made))
        edits = chance.sample(EDITS, 2)
        for edit in edits:
            edit(document, chance, language)
        buffer = io.BytesIO()
        document.save(buffer)
        yield Pair(each, made, buffer.getvalue(), language, tuple(edit.__name__ for edit in edits))


def main() -> int:
    """Print what was tried and what went wrong, and return the status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--minutes", type=float, default=25)
    options = parser.parse_args()
    data, chance, started = processed.load(ROOT), random.Random(options.seed), time.monotonic()
    share_memos()
    programmes = [chance.choice(data.programme_ids) for _ in range(0, options.pairs, SHARED)]
    pairs = [
        list(edited(data, chance, SHARED * place, programme)) for place, programme in enumerate(programmes)
    ]
    if office := shutil.which("soffice"):
        saved = through_libreoffice([each.content for own in pairs for each in own if each.is_saved], "docx")
        contents = iter(saved)
        pairs = [
            [replace(p, content=next(contents), edits=(*p.edits, "through LibreOffice")) if p.is_saved else p
             for p in own]
            for own in pairs
        ]  # fmt: skip
    tried: Counter[str] = Counter()
    for programme, own in zip(programmes, pairs, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            later = moved(data, programme, chance, Path(folder))
        for pair in own[: options.pairs - tried["pairs"]]:
            if time.monotonic() - started > 60 * options.minutes:
                break
            found = list(wrongs(pair, later))
            tried.update(["pairs", *pair.edits, *(each.split(" (")[0] for each in found)])
            if found:
                where = f"pair {pair.number}: {programme}.{pair.language}, {', '.join(pair.edits)}"
                print(f"{where}: {'; '.join(found)}", flush=True)
        print(f"{tried['pairs']} pairs, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    if office:
        shown = through_libreoffice(UPDATED, "txt:Text")
        tried.update({"opened by LibreOffice": sum(map(bool, shown)), "not opened": shown.count(b"")})
    print(", ".join(f"{name} {count}" for name, count in tried.items()))
    wrong = (
        "text lost", "typing lost", "stale number without a comment", "stale bound number", "changed again",
        "invalid", "not opened",
    )  # fmt: skip
    print(f"{time.monotonic() - started:.0f} s")
    return int(any(tried[each] for each in wrong))


if __name__ == "__main__":
    sys.exit(main())
