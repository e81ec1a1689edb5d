"""Hands that edit a memo, each in its way: typing, deleting, reordering, formatting, numbers moved."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from analysis.show.memo.reading import BOUND

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
OWN = {"en": "A remark of our own.", "zh-Hans": "本单位补充说明。", "zh-Hant": "本單位補充說明。"}
BEFORE = {
    "en": "Our own plan starts from ",
    "zh-Hans": "本单位方案以此为起点：",
    "zh-Hant": "本單位方案以此為起點：",
}


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


def move_a_number(document: Document, chance: random.Random, language: str) -> None:
    """Take a number out of its sentence, into one of the hand's own at the end."""
    paragraph = chance.choice([each for each in said(document) if bookmarks(each)] or [None])
    if paragraph is not None:
        start = chance.choice(bookmarks(paragraph))
        number, end = start.getnext(), start.getnext().getnext()
        own = document.add_paragraph(BEFORE[language])
        own._element.extend([start, number, end])
        own.add_run("。" if language != "en" else ".")


def type_a_number(document: Document, chance: random.Random, language: str) -> None:
    """Type another number in the place of one."""
    paragraph = chance.choice([each for each in said(document) if bookmarks(each)] or [None])
    if paragraph is not None:
        chance.choice(bookmarks(paragraph)).getnext().find(qn("w:t")).text = TYPED


def bookmarks(paragraph: docx.text.paragraph.Paragraph) -> list[Any]:
    """Return the beginnings of the bookmarks of a paragraph around numbers that stand in one run."""
    found = paragraph._element.findall(qn("w:bookmarkStart"))
    ends = (qn("w:r"), qn("w:bookmarkEnd"))
    return [
        each for each in found
        if each.get(qn("w:name")).startswith(BOUND)
        and (each.getnext().tag, each.getnext().getnext().tag) == ends
        and re.search("[0-9]", each.getnext().findtext(qn("w:t")) or "")
    ]  # fmt: skip


TYPED = "4,321"
EDITS: tuple[Callable[[Document, random.Random, str], None], ...] = (
    type_something, delete_a_paragraph, reorder, format_a_run, split_runs, move_a_number,
    type_a_number,
)  # fmt: skip


def said(document: Document) -> list[docx.text.paragraph.Paragraph]:
    """Return the paragraphs of the body that are sentences and nothing else."""
    plain = {qn("w:pPr"), qn("w:r"), qn("w:bookmarkStart"), qn("w:bookmarkEnd")}
    found = [p for p in document.paragraphs if len(p.text) > 20]
    return [p for p in found if all(child.tag in plain for child in p._element) and not _special(p)]


def _special(paragraph: docx.text.paragraph.Paragraph) -> bool:
    kept = {qn("w:rPr"), qn("w:t")}
    return any(child.tag not in kept for run in paragraph.runs for child in run._element)
