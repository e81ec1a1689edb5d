"""The text of a Word file, block by block: paragraphs, cells, descriptions of pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from docx.document import Document
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from analysis.show.memo.facts import tidy

# Fields whose value Word itself computes when it shows the page.
_COMPUTED = re.compile(
    r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME|SAVEDATE|PRINTDATE|CREATEDATE|SEQ|TOC|PAGEREF|REF)\b"
)
INITIALS = "✓"  # of the comments that an audit makes
BOUND = "_memo_"  # begins the name of a bookmark around a number, before the key of what it is of
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _T, _R = qn("w:p"), qn("w:t"), qn("w:r")
_FIELD, _INSTRUCTION, _SIMPLE = qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")
_HYPHEN, _START, _END = qn("w:noBreakHyphen"), qn("w:bookmarkStart"), qn("w:bookmarkEnd")
_SPACES = (qn("w:tab"), qn("w:br"), qn("w:cr"))
_READ = frozenset({_T, _FIELD, _INSTRUCTION, _HYPHEN, _START, _END, *_SPACES})
_PARTS = re.compile(r"^/word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$")


@dataclass(frozen=True)
class Block:
    """A paragraph, a cell, or the description of a picture; ``where`` says which, below which heading.

    ``element`` is its paragraph; one of a part that the document does not keep in memory is a copy. ``bound``
    is where numbers stand in bookmarks, with the key of each.
    """

    text: str
    where: str
    in_table: bool = False
    heading: str = ""
    element: Any = field(default=None, compare=False, repr=False)
    bound: tuple[tuple[int, int, str], ...] = ()


def blocks(document: Document) -> Iterator[Block]:
    """Yield every piece of text: the body, headers, footers, notes, comments, pictures."""
    for part in sorted(document.part.package.iter_parts(), key=lambda part: str(part.partname)):
        if _PARTS.match(str(part.partname)):
            name = str(part.partname).removeprefix("/word/").removesuffix(".xml")
            root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
            yield from _blocks(root, name, _heading_styles(document))


def _heading_styles(document: Document) -> set[str]:
    """Return the ids of the styles that headings have."""
    return {
        style.style_id
        for style in document.styles
        if re.match(r"Heading|Title|Memo (?:Annex|Title)|标题", style.name or "")
    }


def _blocks(root: Any, part: str, headings: set[str]) -> Iterator[Block]:
    heading = ""
    for number, paragraph in enumerate(root.iter(qn("w:p")), start=1):
        if next(paragraph.iterancestors(FALLBACK), None) is not None:
            continue  # Word keeps a text box a second time for programs that do not know its first form.
        comment = next(paragraph.iterancestors(qn("w:comment")), None)
        if comment is not None and comment.get(qn("w:initials")) == INITIALS:
            continue
        parts = list(_runs(paragraph))
        text = tidy("".join(part for part in parts if isinstance(part, str)))
        cell = next(paragraph.iterancestors(qn("w:tc")), None)
        where = f"{part}, {'table cell' if cell is not None else 'paragraph'} {number}"
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if text and style is not None and style.get(qn("w:val")) in headings:
            heading = text
        if text:
            yield Block(text, where, cell is not None, heading, paragraph, tuple(_bound(parts, text)))
        for described in paragraph.iter(qn("wp:docPr")):
            if words := tidy(described.get("descr") or ""):
                name = f"{part}, description of picture {described.get('name')!r}"
                yield Block(words, name, heading=heading)


class _Mark(NamedTuple):
    """Where a number begins that is bound to a key, or where it ends: then without a key."""

    number: str
    key: str


def _bound(parts: Iterable[str | _Mark], text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where numbers stand in bookmarks, counted in characters that are no space: others were tidied."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    begun: dict[str, tuple[int, str]] = {}
    count = 0
    for part in parts:
        if isinstance(part, str):
            count += sum(not character.isspace() for character in tidy(part))
        elif part.key:
            begun[part.number] = count, part.key
        elif part.number in begun and count > (first := begun[part.number])[0]:
            yield places[first[0]], places[count - 1] + 1, first[1]


def _runs(paragraph: Any) -> Iterator[str | _Mark]:
    """Yield the text of a paragraph without fields that Word computes, and without boxes within it.

    Between the pieces stand the marks of numbers that are bound.
    """
    skipped, instruction, depth = False, "", 0
    for node in paragraph.iter(*_READ):
        if next(node.iterancestors(_P), None) is not paragraph:
            continue
        if node.tag == _FIELD:
            kind = node.get(qn("w:fldCharType"))
            depth += {"begin": 1, "end": -1}.get(kind, 0)
            instruction = "" if kind == "begin" else instruction
            skipped = kind == "separate" and bool(_COMPUTED.match(instruction)) if depth else False
        elif node.tag == _INSTRUCTION:
            instruction += node.text or ""
        elif node.tag == _T and not skipped and not _in_field(node):
            yield node.text or ""
        elif node.tag in _SPACES and node.getparent().tag == _R:
            yield " "
        elif node.tag == _HYPHEN:
            yield "-"
        elif node.tag == _END:
            yield _Mark(node.get(qn("w:id"), ""), "")
        elif node.tag == _START and (node.get(qn("w:name")) or "").startswith(BOUND):
            key = node.get(qn("w:name")).removeprefix(BOUND).partition("_")[0]
            yield _Mark(node.get(qn("w:id"), ""), key)


def _in_field(node: Any) -> bool:
    return any(_COMPUTED.match(field.get(qn("w:instr")) or "") for field in node.iterancestors(_SIMPLE))
