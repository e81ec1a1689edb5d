"""The placeholders of a template: what there is, and every one that is wrong, with its paragraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from docx.opc.constants import CONTENT_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from analysis.show.params import did_you_mean

# What a template may name. A list can be gone through by {%p for … in … %}; its items have the fields named.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": (), "lead": (), "caution": (), "made": (),
    "findings": ("heading", "sentences"),
    "charts": ("caption", "title", "subtitle", "picture", "note", "source"),
    "tables": ("caption", "title", "grid", "notes"),
    "notes": (), "sources": (), "method": (),
}  # fmt: skip
LISTS = ("findings", "charts", "tables", "notes", "sources", "method")
NAMED = ("charts", "tables")
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")  # that docxtpl fills
_LOOP = (
    "index",
    "index0",
    "first",
    "last",
    "length",
    "revindex",
    "revindex0",
    "previtem",
    "nextitem",
)
# What a template may do besides naming a placeholder: no arithmetic, no calls, nothing that can grow.
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Name,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.Compare,
    nodes.Operand, nodes.CondExpr, nodes.Test, nodes.Filter,
)  # fmt: skip
FILTERS = ("capitalize", "default", "first", "last", "length", "lower", "title", "trim", "upper")
TESTS = ("defined", "undefined", "divisibleby", "even", "odd")
DEEPEST_LOOP, DEEPEST = 3, 60  # loops within each other; any parts of a template within each other
# As long as a tag may be: a search for the end of one that is not closed must end.
_TAG = re.compile(r"\{[{%].{0,2000}?[%}]\}")
_MARK = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
# A table takes the place of its paragraph; all else stands in one.
_SHOWN = re.compile(r"\{\{(?P<kind>p|tr|tc|r)?(?=[\s.\[])(?P<what>[^}]{0,2000})\}\}")
_GRID = re.compile(r"\.grid\b|\[ *['\"]grid")


@dataclass(frozen=True)
class _Scope:
    """What the names of a template stand for: a list, an item of a list, a text."""

    kinds: Mapping[str, str]

    def bound(self, name: str, kind: str) -> _Scope:
        return _Scope({**self.kinds, name: kind})


def environment() -> SandboxedEnvironment:
    """Return what reads placeholders: no code of a template can reach anything but what it is given."""
    return SandboxedEnvironment(autoescape=True)


def faults(template: DocxTemplate, names: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield each placeholder that is wrong; ``names`` are the charts and tables that there are."""
    for where, xml in parts(template):
        if found := [*_unclosed(xml, where), *_misplaced(xml, where)]:
            yield from found
            continue
        try:
            tree = environment().parse(template.patch_xml(xml))
        except TemplateError as error:
            yield f"{where}: {error.message}; {_around(xml, error.message or '')}"
            continue
        except RecursionError:
            yield f"{where}: its placeholders are too deep within each other; write them more simply"
            continue
        if found := [*_beyond(tree, where)]:
            yield from found
            continue
        yield from dict.fromkeys(_walk(tree, _Scope({name: name for name in FIELDS}), names, where, xml))


def parts(template: DocxTemplate) -> Iterator[tuple[str, str]]:
    """Yield the body, the headers, the footers, the footnotes and the properties of a template as XML."""
    document = template.get_docx()
    yield "the text", template.xml_to_string(document.element.body)
    for uri, name in ((template.HEADER_URI, "a header"), (template.FOOTER_URI, "a footer")):
        for _, part in template.get_headers_footers(uri):
            yield name, template.get_part_xml(part)
    for part in document.part.package.iter_parts():
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            yield "the footnotes", template.get_part_xml(part)
    for name in PROPERTIES:
        yield f"the file property {name!r}", getattr(document.core_properties, name)


def _unclosed(xml: str, where: str) -> Iterator[str]:
    """Yield each placeholder that does not end in its paragraph."""
    for number, paragraph in enumerate(paragraphs(xml) or [xml], start=1):
        opened = ""
        for mark in _MARK.finditer(paragraph):
            if not opened and mark[0] in _CLOSING:
                opened, start = mark[0], mark.start()
            elif opened and mark[0] == _CLOSING[opened]:
                opened = ""
        if opened:
            place = f"paragraph {number} of {where}, {paragraph[start : start + 40]!r}"
            yield f"{place}: {opened} is not closed in its paragraph; write {_CLOSING[opened]} after it"


def _misplaced(xml: str, where: str) -> Iterator[str]:
    """Yield each table that is to stand within text, and all else that is to take a paragraph's place."""
    for number, paragraph in enumerate(paragraphs(xml), start=1):
        for tag in _SHOWN.finditer(paragraph):
            place, grid = f"paragraph {number} of {where}, {tag[0]}", bool(_GRID.search(tag["what"]))
            if tag["kind"] != ("p" if grid else None):
                yield f"{place}: write {{{{{'p' if grid else ''}{tag['what']}}}}}"
            elif grid and paragraph.strip() != tag[0]:
                yield f"{place}: a table takes the place of its whole paragraph; give it one of its own"


def _beyond(tree: nodes.Node, where: str) -> Iterator[str]:
    """Yield what a template may not do, once: it stands for text, goes through lists and tests, no more."""
    waiting = [(tree, 0, 0)]
    while waiting:
        node, loops, depth = waiting.pop()
        loops += isinstance(node, nodes.For)
        if loops > DEEPEST_LOOP or depth > DEEPEST:
            yield f"{where}: more than {DEEPEST_LOOP} loops or {DEEPEST} conditions stand within each other"
            return
        if not _may(node):
            yield (
                f"{where}: a placeholder may name a text, go through a list, or test; {_spoken(node)} is "
                f"none of these (allowed filters are {', '.join(FILTERS)})"
            )
            return
        waiting += [(child, loops, depth + 1) for child in node.iter_child_nodes()]


def _may(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    if isinstance(node, nodes.Test):
        return node.name in TESTS
    if isinstance(node, nodes.For):
        return not node.recursive and isinstance(node.iter, nodes.Name | nodes.Getattr | nodes.Getitem)
    return isinstance(node, ALLOWED)


def _spoken(node: nodes.Node) -> str:
    name = getattr(node, "name", "")
    return (
        f"{type(node).__name__.lower()} {name!r}" if isinstance(name, str) and name else type(node).__name__
    )


def _walk(
    node: nodes.Node, scope: _Scope, names: Mapping[str, Collection[str]], where: str, xml: str
) -> Iterator[str]:
    """Yield the faults of a tree of placeholders, with loop variables known inside their loops."""
    if isinstance(node, nodes.For):
        yield from _walk(node.iter, scope, names, where, xml)
        if isinstance(node.target, nodes.Name):
            kind = _item(_kind(node.iter, scope))
            scope = scope.bound(node.target.name, kind).bound("loop", "loop")
        for child in (*node.body, *node.else_):
            yield from _walk(child, scope, names, where, xml)
        return
    if (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and isinstance(node.arg.value, str)
    ):
        node = nodes.Getattr(node.node, node.arg.value, "load")
    if isinstance(node, nodes.Getattr):
        yield from _attribute(node, scope, names, where, xml)
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in scope.kinds:
        known = [name for name in scope.kinds if name != "loop"]
        place = _place(xml, node.name, where)
        there = ", ".join(known)
        near = did_you_mean(node.name, known)
        yield f"{place}: {node.name!r} is no placeholder; there are {there}; {near}"
    for child in node.iter_child_nodes():
        yield from _walk(child, scope, names, where, xml)


def _kind(node: nodes.Node, scope: _Scope) -> str:
    if isinstance(node, nodes.Name):
        return scope.kinds.get(node.name, "")
    if isinstance(node, nodes.Getattr):
        owner = _kind(node.node, scope)
        return _item(owner) if owner in NAMED else ""
    return ""


def _item(kind: str) -> str:
    return f"item of {kind}" if kind in FIELDS else ""


def _attribute(
    node: nodes.Getattr, scope: _Scope, names: Mapping[str, Collection[str]], where: str, xml: str
) -> Iterator[str]:
    kind = _kind(node.node, scope)
    if kind.startswith("item of "):
        known: Collection[str] = FIELDS[kind.removeprefix("item of ")]
    elif kind in NAMED:
        known = sorted(names[kind])
    elif kind == "loop":
        known = _LOOP
    elif kind in FIELDS:
        known = ()
    else:
        return
    if node.attr not in known:
        place = _place(xml, node.attr, where)
        if not known:
            yield f"{place}: {kind!r} has nothing named {node.attr!r}; write {{{{ {kind} }}}}"
            return
        what = kind if kind != "loop" else "loop"
        yield (
            f"{place}: {node.attr!r} is none of what {what!r} has, {', '.join(known)}; "
            f"{did_you_mean(node.attr, known)}"
        )


def _place(xml: str, name: str, where: str) -> str:
    """Return in which paragraph the name stands, counted from 1, and the paragraph itself."""
    for number, paragraph in enumerate(paragraphs(xml), start=1):
        for tag in _TAG.findall(paragraph):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", tag):
                return f"paragraph {number} of {where}, {tag}"
    return where


def _around(xml: str, message: str) -> str:
    """Return where to look for an error of syntax: a tag that is not closed, or one that the error names."""
    unclosed: list[str] = []
    for number, paragraph in enumerate(paragraphs(xml), start=1):
        if paragraph.count("{{") != paragraph.count("}}") or paragraph.count("{%") != paragraph.count("%}"):
            return f"look at paragraph {number}, {paragraph[:80]!r}"
        for tag in _TAG.findall(paragraph):
            if re.match(r"\{%(?:tr|tc|p|r)? (?:for|if) ", tag):
                unclosed.append(f"paragraph {number}, {tag}")
            elif re.match(r"\{%(?:tr|tc|p|r)? end(?:for|if) ", tag) and unclosed:
                unclosed.pop()
    named = [
        tag
        for tag in _TAG.findall("".join(paragraphs(xml)))
        if any(word in tag for word in re.findall(r"'(\w+)'", message))
    ]
    places = unclosed[-1:] or named[:1]
    remedy = "each {%p for … %} needs its {%p endfor %}, and each {%p if … %} its {%p endif %}"
    return f"look at {places[0]}; {remedy}" if places else remedy


def paragraphs(xml: str) -> list[str]:
    """Return the text of each paragraph of a part."""
    found = re.findall(r"<w:p[ >].*?</w:p>", xml, flags=re.DOTALL)
    return ["".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph)) for paragraph in found]
