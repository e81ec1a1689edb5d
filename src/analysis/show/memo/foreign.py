"""What a template may not hold: code, other files, and fields or links that reach beyond it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.opc.rel import _Relationship
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

_CODE = ("vbaproject", "activex", "oleobject")  # in the names of kinds of relations
_HELD = ("package", "afchunk")
_REACHING = frozenset(
    ("DDE", "DDEAUTO", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "IMPORT", "LINK", "DATABASE", "RD")
)
"""Fields with which Word calls another program, or takes in another file."""
_WEB = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
_TAKE_OUT = "take it out"


def foreign(package: OpcPackage) -> Iterator[str]:
    """Yield what a template holds that it may not, each in a sentence."""
    for relation in package.iter_rels():
        yield from _of_relation(relation)
    for part in package.iter_parts():
        if part.content_type.endswith("xml"):
            root = parse_xml(part.blob)
            if root.find(f".//{qn('w:altChunk')}") is not None:
                yield f"it takes in another file (altChunk); paste its text, or {_TAKE_OUT}"
            yield from map(_of_field, filter(_reaches, instructions(root)))


def _of_relation(relation: _Relationship) -> Iterator[str]:
    kind = relation.reltype.rsplit("/", 1)[-1]
    if kind.lower() in _CODE:
        yield f"it holds a macro or a control ({kind}); save it in Word as .docx, which keeps none"
    elif relation.is_external and relation.reltype != RELATIONSHIP_TYPE.HYPERLINK:
        target = relation.target_ref[:200]
        yield f"it loads {target!r} ({kind}) from elsewhere when it is opened; embed it, or take it out"
    elif relation.is_external and not _WEB.match(relation.target_ref):
        yield _of_link(relation.target_ref)
    elif kind.lower() in _HELD:
        yield f"it holds another file ({kind}); paste what is to be shown, or {_TAKE_OUT}"


def instructions(root: Any) -> Iterator[str]:
    """Yield the instruction of each field of a part; ``…`` stands where another field makes a piece."""
    begun: list[list[str]] = []
    for each in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")):
        if each.tag == qn("w:fldSimple"):
            yield each.get(qn("w:instr"), "")
        elif each.tag == qn("w:instrText"):
            if begun:
                begun[-1].append(each.text or "")
        elif (kind := each.get(qn("w:fldCharType"))) == "begin":
            if begun:
                begun[-1].append("…")
            begun.append([])
        elif kind == "end" and begun:
            yield "".join(begun.pop())
    yield from map("".join, begun)


def _reaches(instruction: str) -> bool:
    name, _, rest = instruction.strip().partition(" ")
    if name.upper() == "HYPERLINK":
        target = rest.strip().strip('"')
        return not (_WEB.match(target) or target.startswith(("\\l", "…")))
    return name.startswith("…") or name.upper() in _REACHING


def _of_field(instruction: str) -> str:
    name, _, rest = instruction.strip().partition(" ")
    if name.upper() == "HYPERLINK":
        return _of_link(rest.strip().strip('"'))
    return f"its field {instruction.strip()[:200]!r} reaches for another file or program; {_TAKE_OUT}"


def _of_link(target: str) -> str:
    return f"it links to {target[:200]!r}; link to a web page or an address (mailto:), or {_TAKE_OUT}"
