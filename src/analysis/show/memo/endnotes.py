"""Endnotes, captions and cross-references: what Word itself numbers, also after a hand has moved them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree

from analysis.show.memo.drawing import element, text_element

MOST_NAME = 40  # characters of a bookmark
SEPARATORS = (("separator", "-1"), ("continuationSeparator", "0"))
STYLE = "Memo Source"
_NO_NAME = re.compile(r"\W")


def mark(number: int) -> BaseOxmlElement:
    """Return a run that refers to an endnote."""
    return element("r", _raised(), element("endnoteReference", id=number))


def _raised() -> BaseOxmlElement:
    return element("rPr", element("vertAlign", val="superscript"))


def text_run(text: str) -> BaseOxmlElement:
    """Return a run of text."""
    return element("r", text_element("t", text))


def field_runs(instruction: str, shown: str) -> Iterator[BaseOxmlElement]:
    """Yield the runs of a field that Word computes, with what it shows until then."""
    yield element("r", element("fldChar", fldCharType="begin"))
    yield element("r", text_element("instrText", f" {instruction} "))
    yield element("r", element("fldChar", fldCharType="separate"))
    yield text_run(shown)
    yield element("r", element("fldChar", fldCharType="end"))


def bookmark_name(kind: str, name: str) -> str:
    """Return the name of the bookmark of a chart or a table."""
    return f"memo_{kind}_{_NO_NAME.sub('_', name)}"[:MOST_NAME]


def label_runs(label: str, number: int, kind: str, name: str, place: int) -> Iterator[BaseOxmlElement]:
    """Yield ``Chart 1`` with a number that Word counts, in a bookmark whose id is ``place``."""
    before, _, after = label.partition(str(number))
    yield element("bookmarkStart", id=place, name=bookmark_name(kind, name))
    yield from ([text_run(before)] if before else [])
    yield from field_runs(f"SEQ memo_{kind} \\* ARABIC", str(number))
    yield from ([text_run(after)] if after else [])
    yield element("bookmarkEnd", id=place)


def first_free(document: Document) -> int:
    """Return the first number that no endnote of a document has."""
    part = _part(document)
    if part is None:
        return 1
    return 1 + max((int(note.get(qn("w:id"))) for note in parse_xml(part.blob)), default=0)


def add(document: Document, texts: Sequence[str], first: int) -> None:
    """Add endnotes to a document, numbered from ``first``; Word counts those it shows from 1."""
    if not texts:
        return
    part = _part(document) or _new_part(document)
    root = parse_xml(part.blob)
    style = next((each.style_id for each in document.styles if each.name == STYLE), "")
    root.extend(_note(text, number, style) for number, text in enumerate(texts, start=first))
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    for section in document.sections:
        _count_in_digits(section._sectPr)


def _note(text: str, number: int, style: str) -> BaseOxmlElement:
    properties = element("pPr", element("pStyle", val=style)) if style else element("pPr")
    own = element("r", _raised(), element("endnoteRef"))
    return element("endnote", element("p", properties, own, text_run(f" {text}")), id=number)


def _part(document: Document) -> Part | None:
    parts = document.part.package.iter_parts()
    return next((part for part in parts if part.content_type == CONTENT_TYPE.WML_ENDNOTES), None)


def _new_part(document: Document) -> Part:
    """Return a part for endnotes, with the lines that separate them from the text."""
    root = parse_xml(f"<w:endnotes {nsdecls('w')}/>")
    for kind, number in SEPARATORS:
        paragraph = element("p", element("r", element(kind)))
        root.append(element("endnote", paragraph, type=kind, id=number))
    name = PackURI("/word/endnotes.xml")
    part = Part(name, CONTENT_TYPE.WML_ENDNOTES, etree.tostring(root), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.ENDNOTES)
    return part


def _count_in_digits(section: BaseOxmlElement) -> None:
    """Have the endnotes of a section counted 1, 2, 3, where the template does not say how."""
    if section.find(qn("w:endnotePr")) is None:
        before = ("w:headerReference", "w:footerReference", "w:footnotePr")
        place = sum(child.tag in map(qn, before) for child in section)
        section.insert(place, element("endnotePr", element("numFmt", val="decimal")))
