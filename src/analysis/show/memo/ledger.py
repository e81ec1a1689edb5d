"""The ledger inside a memo: every passage as it was made, and what its numerals rest on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml

from analysis.show.memo.content import Memo
from analysis.show.memo.facts import Basis, Fact, Passage
from analysis.show.memo.scan import numerals

NAMESPACE = "urn:county-programme-analysis:memo:1"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_STORE_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


@dataclass(frozen=True)
class Ledger:
    """What a memo was made from, its passages with a numeral in them, and the text of its template."""

    about: Mapping[str, str]
    passages: tuple[Passage, ...]
    template: tuple[str, ...] = ()

    @staticmethod
    def of(memo: Memo, passages: Iterable[Passage], template: Iterable[str] = ()) -> Ledger:
        """Return the ledger of a memo."""
        kept = {(p.text, p.rests_on): p for p in passages if numerals(p.text)}
        about = {"language": memo.language, **memo.about}
        return Ledger(about, tuple(kept.values()), tuple(dict.fromkeys(t for t in template if numerals(t))))

    @property
    def facts(self) -> dict[str, list[Fact]]:
        """Every fact by its name; a name may stand for several texts or years."""
        found: dict[str, list[Fact]] = {}
        seen: set[int] = set()
        for passage in self.passages:
            for basis in passage.rests_on:
                if id(basis) not in seen:
                    seen.add(id(basis))
                    for fact in basis.facts:
                        if fact not in found.setdefault(fact.name, []):
                            found[fact.name].append(fact)
        return found

    def xml(self) -> bytes:
        """Return the ledger as XML."""
        bases: dict[Basis, str] = {}
        facts: dict[str, tuple[Fact, ...]] = {}
        lines = []
        for passage in self.passages:
            for basis in passage.rests_on:
                if facts.setdefault(basis.name, basis.facts) not in (basis.facts, ()):
                    raise ValueError(f"two bases are named {basis.name!r} and hold different facts")
            names = [bases.setdefault(basis, f"b{len(bases)}") for basis in passage.rests_on if basis.facts]
            lines.append(f"<passage rests={quoteattr(' '.join(names))}>{escape(passage.text)}</passage>")
        held = "".join(_basis(name, basis) for basis, name in bases.items())
        static = "".join(f"<template>{escape(text)}</template>" for text in self.template)
        about = "".join(f" {key}={quoteattr(value)}" for key, value in sorted(self.about.items()))
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<memo xmlns="{NAMESPACE}"{about}>'
            f"{held}{''.join(lines)}{static}</memo>"
        ).encode()

    @staticmethod
    def read(xml: bytes) -> Ledger:
        """Return the ledger of its XML; raises ``ValueError`` where it is none."""
        root = parse_xml(xml)
        if root.tag != f"{{{NAMESPACE}}}memo":
            raise ValueError(f"{root.tag!r} is no ledger of a memo")
        bases = {node.get("id"): _read_basis(node) for node in root.iter(f"{{{NAMESPACE}}}basis")}
        passages = tuple(
            Passage(node.text or "", tuple(bases[name] for name in node.get("rests", "").split()))
            for node in root.iter(f"{{{NAMESPACE}}}passage")
        )
        static = tuple(node.text or "" for node in root.iter(f"{{{NAMESPACE}}}template"))
        return Ledger(dict(root.attrib), passages, static)


def _basis(name: str, basis: Basis) -> str:
    facts = "".join(_fact(fact) for fact in dict.fromkeys(basis.facts))
    return f"<basis id={quoteattr(name)} name={quoteattr(basis.name)}>{facts}</basis>"


def _fact(fact: Fact) -> str:
    value = "" if fact.value is None else f' value="{fact.value!r}"'
    rest = "".join(
        f" {key}={quoteattr(text)}"
        for key, text in (("unit", fact.unit), ("text", fact.text), ("figures", fact.figures))
        if text
    )
    return f"<fact name={quoteattr(fact.name)}{value}{rest}/>"


def _read_basis(node: Any) -> Basis:
    facts = tuple(
        Fact(
            each.get("name"),
            float(each.get("value")) if each.get("value") else None,
            each.get("unit", ""),
            each.get("text", ""),
            each.get("figures", ""),
        )
        for each in node
    )
    return Basis(node.get("name"), facts)


def attach(document: Document, ledger: Ledger) -> None:
    """Put the ledger into a document as a part of custom XML."""
    package = document.part.package
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(n for n in range(1, len(taken) + 2) if f"/customXml/item{n}.xml" not in taken)
    content = ledger.xml()
    item = Part(PackURI(f"/customXml/item{number}.xml"), "application/xml", content, package)
    own = str(uuid.uuid5(uuid.NAMESPACE_URL, content.decode())).upper()
    described = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<ds:datastoreItem xmlns:ds="{_STORE}" '
        f'ds:itemID="{{{own}}}"><ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs>'
        f"</ds:datastoreItem>"
    )
    name = PackURI(f"/customXml/itemProps{number}.xml")
    item.relate_to(Part(name, _STORE_TYPE, described.encode(), package), _PROPERTIES)
    document.part.relate_to(item, _CUSTOM)


def find(document: Document) -> Ledger | None:
    """Return the ledger that a document holds, or ``None``."""
    for part in document.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/item") and NAMESPACE.encode() in part.blob[:4096]:
            try:
                return Ledger.read(part.blob)
            except ValueError:
                continue
    return None
