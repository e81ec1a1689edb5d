"""A copy of an edited memo with a Word comment at each numeral that does not hold."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.text.run import Run

from analysis.evidence.dataset import Dataset
from analysis.files import write_file
from analysis.show.memo.audit import Audit, AuditError, audit_document, opened
from analysis.show.memo.audit_words import Teller
from analysis.show.memo.matching import Support
from analysis.show.memo.reading import INITIALS
from analysis.show.memo.request import SLIDES
from analysis.show.memo.runs import cut, within

# What python-docx gives to the mark and the text of a comment, and a template may lack.
_STYLES = {"CommentReference": WD_STYLE_TYPE.CHARACTER, "CommentText": WD_STYLE_TYPE.PARAGRAPH}


@dataclass(frozen=True)
class Piece:
    """A run that a numeral, or part of one, stands in; ``is_alone`` if nothing else stands in it."""

    run: Any
    is_alone: bool


def mark(content: bytes, data: Dataset, name: str = "the memo") -> tuple[bytes, Audit]:
    """Return a memo with comments at its faults, and its audit; the text itself stays as it is.

    Comments stand in the body and its tables, and those on a note at its mark; headers and footers have none.
    """
    document = opened(content, name)
    found = audit_document(document, data, name)
    for support in found.lost:
        runs = [piece.run for piece in pieces_of(document, support)]
        comment(document, runs, found.teller.fault(support), found.teller)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue(), found


def audit_file(
    data: Dataset, path: Path, folder: Path | None = None, *, marked: bool = False
) -> tuple[Audit, Path | None]:
    """Return the audit of a file, and of ``marked`` ones the copy with comments: beside it or in a folder."""
    if path.suffix.lower() == SLIDES:
        from analysis.show.memo.slides_read import audit_slides

        if marked:
            raise AuditError(
                f"{path.name}: --mark writes comments into Word files only; leave it out, and the audit "
                "names the slide of each fault"
            )
        return audit_slides(path.read_bytes(), data, path.name), None
    content, found = mark(path.read_bytes(), data, path.name)
    target = (folder or path.parent) / f"{path.stem}.marked{path.suffix}"
    return found, write_file(target, content) if marked else None


def comment(document: Document, runs: Sequence[Any], words: str, teller: Teller) -> bool:
    """Put a comment of the audit at runs; returns whether there was one to put it at."""
    if not runs or not _is_in_body(document, runs[0]):
        return False
    for name, kind in _STYLES.items():
        if name not in {style.style_id for style in document.styles}:
            document.styles.add_style(name, kind)
    wrapped = [Run(run, document._body) for run in runs]
    document.add_comment(wrapped, words, teller.say("author"), INITIALS)
    return True


def _is_in_body(document: Document, element: Any) -> bool:
    return any(each is document.element.body for each in element.iterancestors())


def pieces_of(document: Document, support: Support) -> list[Piece]:
    """Return the runs that a numeral stands in, cut so that they hold little else.

    For a note that is the mark of it in the body; there are none in headers and footers.
    """
    element = support.element
    if element is None:
        return []
    if not _is_in_body(document, element):
        return [Piece(run, False) for run in _marks(document, element)]
    texts = [node for node in element.iter(qn("w:t")) if node.text]
    whole = "".join(node.text for node in texts)
    wanted = support.numeral.text.strip()
    at = _nth(whole, wanted, support.text[: support.numeral.start].count(wanted))
    if at < 0:
        return [Piece(node.getparent(), False) for node in texts[:1]]
    return [_piece(*each) for each in list(within(texts, at, at + len(wanted)))]


def _marks(document: Document, element: Any) -> list[Any]:
    """Return the run in the body that refers to the note that something stands in, if it is in one."""
    for kind in ("endnote", "footnote"):
        note = next(element.iterancestors(qn(f"w:{kind}")), None)
        if note is not None:
            found = document.element.body.iter(qn(f"w:{kind}Reference"))
            return [each.getparent() for each in found if each.get(qn("w:id")) == note.get(qn("w:id"))][:1]
    return []


def _nth(text: str, part: str, number: int) -> int:
    at = text.find(part)
    for _ in range(number):
        at = text.find(part, at + 1)
    return at


def _piece(node: Any, start: int, end: int) -> Piece:
    """Return a part of a text as a run of its own, or the run that holds more."""
    run = next(iter(cut(node, [(start, end)])), None)
    if run is None:
        return Piece(node.getparent(), False)
    return Piece(run, run.getparent().tag == qn("w:p"))
