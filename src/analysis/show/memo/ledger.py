"""The ledger inside a memo: every passage as it was made, and what its numerals rest on."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from lxml import etree

from analysis.show.memo.facts import Basis, Fact
from analysis.show.memo.passages import Passage
from analysis.words.scan import numerals

SENTENCE = re.compile(r"[.?!。？！]$")
NAMESPACE = "urn:county-programme-analysis:memo:1"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"
_STORE_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_STORE_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
_STORE = """
<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" ds:itemID="">
<ds:schemaRefs><ds:schemaRef ds:uri="urn:county-programme-analysis:memo:1"/></ds:schemaRefs>
</ds:datastoreItem>
"""
_ITEM_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}itemID"


@dataclass(frozen=True)
class NumeralLedger:
    """What a memo was made from, its passages with a numeral in them, and the text of its template.

    ``bound`` are the names of the facts that a number in a bookmark is of, by the key in the name of that.
    """

    about: Mapping[str, str]
    passages: tuple[Passage, ...]
    template: tuple[str, ...] = ()
    bound: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(
        about: Mapping[str, str],
        passages: Iterable[Passage],
        template: Iterable[str] = (),
        bound: Mapping[str, tuple[str, ...]] | None = None,
    ) -> NumeralLedger:
        """Return the ledger of the passages of a memo that hold a numeral, each once, and of its sentences.

        A sentence without a numeral rests on nothing that is kept; that it was said tells when it has turned.
        """
        kept = {}
        for passage in passages:
            if numerals(passage.text):
                kept[passage.text, passage.rests_on] = passage
            elif SENTENCE.search(passage.text):
                kept[passage.text, ()] = Passage(passage.text)
        own = tuple(dict.fromkeys(text for text in template if numerals(text)))
        return NumeralLedger(about, tuple(kept.values()), own, bound or {})

    @cached_property
    def facts(self) -> dict[str, list[Fact]]:
        """Every fact by its name; a name may stand for several texts or years."""
        found: dict[str, dict[Fact, None]] = {}
        bases = {id(basis): basis for passage in self.passages for basis in passage.rests_on}
        for basis in bases.values():
            for fact in basis.facts:
                found.setdefault(fact.name, {})[fact] = None
        return {name: list(facts) for name, facts in found.items()}

    def xml(self) -> bytes:
        """Return the ledger as XML; raises ``ValueError`` where two bases under one name differ."""
        root = _node("memo", **dict(sorted(self.about.items())))
        bases: dict[str, Basis] = {}
        for basis in {id(each): each for passage in self.passages for each in passage.rests_on}.values():
            if basis.facts and bases.setdefault(basis.name, basis).facts != basis.facts:
                raise ValueError(f"two bases are named {basis.name!r} and hold different facts")
        short = {name: f"b{number}" for number, name in enumerate(bases)}
        passages = [
            _node("passage", p.text, rests=" ".join(short[each.name] for each in p.rests_on if each.facts))
            for p in self.passages
        ]
        root.extend([_basis_node(short[name], basis) for name, basis in bases.items()])
        root.extend([*passages, *(_node("template", text) for text in self.template)])
        root.extend(_node("bound", "\n".join(names), key=key) for key, names in sorted(self.bound.items()))
        return _DECLARATION + etree.tostring(root, encoding="UTF-8")

    @staticmethod
    def read(xml: bytes) -> NumeralLedger:
        """Return the ledger of its XML; raises ``ValueError`` where it is none."""
        root = parse_xml(xml)
        if root.tag != f"{{{NAMESPACE}}}memo":
            raise ValueError(f"{root.tag!r} is no ledger of a memo")
        bases = {node.get("id"): _read_basis(node) for node in root.iter(f"{{{NAMESPACE}}}basis")}
        passages = tuple(
            Passage(node.text or "", tuple(bases[name] for name in node.get("rests", "").split()))
            for node in root.iter(f"{{{NAMESPACE}}}passage")
        )
        template = tuple(node.text or "" for node in root.iter(f"{{{NAMESPACE}}}template"))
        bound = {
            node.get("key", ""): tuple((node.text or "").split("\n"))
            for node in root.iter(f"{{{NAMESPACE}}}bound")
        }
        return NumeralLedger(dict(root.attrib), passages, template, bound)


def _node(tag: str, text: str | None = None, /, **values: str) -> etree._Element:
    node = etree.Element(f"{{{NAMESPACE}}}{tag}", values, nsmap={None: NAMESPACE})
    node.text = text
    return node


def _basis_node(own: str, basis: Basis) -> etree._Element:
    node = _node("basis", id=own, name=basis.name)
    for fact in dict.fromkeys(basis.facts):
        value = "" if fact.value is None else repr(fact.value)
        fields = {"value": value, "unit": fact.unit, "text": fact.text, "figures": fact.figures}
        node.append(_node("fact", name=fact.name, **{key: field for key, field in fields.items() if field}))
    return node


def _read_basis(node: etree._Element) -> Basis:
    facts = (
        Fact(
            each.get("name", ""),
            float(each.get("value", "")) if each.get("value") else None,
            each.get("unit", ""),
            each.get("text", ""),
            each.get("figures", ""),
        )
        for each in node
    )
    return Basis(node.get("name", ""), tuple(facts))


def _word_part(name: str, kind: str, content: bytes, package: Any) -> Part:
    return Part(PackURI(name), kind, content, package)


def attach(document: Any, ledger: NumeralLedger, part: Callable[..., Any] = _word_part) -> None:
    """Put the ledger into a document as a part of custom XML; ``part`` makes one for Word, or for slides."""
    package = document.part.package
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(n for n in range(1, len(taken) + 2) if f"/customXml/item{n}.xml" not in taken)
    content = ledger.xml()
    item = part(f"/customXml/item{number}.xml", "application/xml", content, package)
    store = parse_xml(_STORE)
    store.set(_ITEM_ID, f"{{{uuid.uuid5(uuid.NAMESPACE_URL, content.decode())}}}".upper())
    name, properties = f"/customXml/itemProps{number}.xml", _STORE_DECLARATION + etree.tostring(store)
    item.relate_to(part(name, _STORE_TYPE, properties, package), _PROPERTIES)
    document.part.relate_to(item, _CUSTOM)


def find(document: Any) -> NumeralLedger | None:
    """Return the ledger that a document or a presentation holds, or ``None``."""
    for part in document.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/item") and NAMESPACE.encode() in part.blob[:4096]:
            try:
                return NumeralLedger.read(part.blob)
            except ValueError:
                continue
    return None


def rewrite(document: Document, ledger: NumeralLedger) -> None:
    """Put another ledger into a document in the place of its own."""
    for part in document.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/item") and NAMESPACE.encode() in part.blob[:4096]:
            part._blob = ledger.xml()
            return
    raise ValueError("the document holds no ledger")
