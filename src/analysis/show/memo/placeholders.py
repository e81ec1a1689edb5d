"""The placeholders of a template: what there is, and every one that is wrong, with its paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docx.opc.constants import CONTENT_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from analysis.evidence.errors import did_you_mean
from analysis.show.memo.calls import FUNCTIONS, OWN, PARTS, Call, Fault, is_call, read_call

TEXTS = ("title", "lead", "caution", "made", "issuer", "addressee", "date")
# A list can be gone through by {%p for … in … %}; its items have the fields named.
LISTS: dict[str, tuple[str, ...]] = {
    "findings": ("heading", "sentences"),
    "charts": ("caption", "reference", "title", "subtitle", "picture", "note", "source"),
    "tables": ("caption", "reference", "title", "grid", "notes"),
    "beside": (), "doubts": (), "questions": (), "notes": (), "sources": (), "method": (),
}  # fmt: skip
MAIN = {"main_chart": "charts", "main_table": "tables"}
"""The chart and the table of the body; without one, each is as false as an empty list."""
LOOP = ("index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem")
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")  # that docxtpl fills
# What a template may do besides naming a placeholder and calling what places a value: no arithmetic, no
# other calls, nothing that can grow.
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
_BLOCK = re.compile(r"\{%(?:tr|tc|p|r)? (end)?(?:for|if) ")
# A table takes the place of its paragraph; all else stands in one.
_SHOWN = re.compile(r"\{\{(?P<kind>p|tr|tc|r)?(?=[\s.\[])(?P<what>[^}]{0,2000})\}\}")
_GRID = re.compile(r"\.grid\b|\[ *['\"]grid")


@dataclass(frozen=True)
class Kind:
    """What a name of a template stands for: the fields that it has, and of a list what its items are."""

    name: str
    fields: Mapping[str, Kind | None] = field(default_factory=dict)
    item: Kind | None = None


def environment() -> SandboxedEnvironment:
    """Return what reads placeholders: no code of a template can reach anything but what it is given."""
    return SandboxedEnvironment(autoescape=True)


@dataclass(frozen=True)
class Calls:
    """What is known of the calls of a template: the place of the memo, and what is wrong with one."""

    programme: str
    faults: Callable[[Call], Iterable[Fault]]
    elsewhere: Mapping[str, Collection[str]]
    """The charts and tables that memos on other places may have: where this one lacks them it says so."""


def faults(template: DocxTemplate, names: Mapping[str, Collection[str]], calls: Calls) -> Iterator[str]:
    """Yield each placeholder that is wrong; ``names`` are the charts and tables that there are."""
    known = {name: Kind(name) for name in (*TEXTS, OWN)}
    for name, fields in LISTS.items():
        item = Kind(f"item of {name}", dict.fromkeys(fields))
        known[name] = Kind(name, dict.fromkeys(sorted(names.get(name, ())), item), item)
    known |= {name: Kind(name, dict.fromkeys(LISTS[shelf])) for name, shelf in MAIN.items()}
    for where, xml in parts(template):
        yield from _Part(where, xml, calls).faults(template.patch_xml, known)


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


def paragraphs(xml: str) -> list[str]:
    """Return the text of each paragraph of a part."""
    found = re.findall(r"<w:p[ >].*?</w:p>", xml, flags=re.DOTALL)
    return ["".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph)) for paragraph in found]


@dataclass(frozen=True)
class _Part:
    """One part of a template as XML, and ``where`` that is."""

    where: str
    xml: str
    calls: Calls

    def faults(self, patch: Callable[[str], str], known: Mapping[str, Kind]) -> Iterator[str]:
        """Yield each placeholder that is wrong: first those that cannot be read."""
        if found := [*self._unclosed(), *self._misplaced()]:
            yield from found
            return
        try:
            tree = environment().parse(patch(self.xml))
        except TemplateError as error:
            yield f"{self.where}: {error.message}; {self._remedy(error.message or '')}"
        except RecursionError:
            yield f"{self.where}: its placeholders are too deep within each other; write them more simply"
        else:
            yield from [*self._forbidden(tree)] or dict.fromkeys(self._unknown(tree, known))

    @property
    def _paragraphs(self) -> Iterator[tuple[str, str]]:
        """The text of each paragraph and where it is, counted from 1."""
        for number, paragraph in enumerate(paragraphs(self.xml), start=1):
            yield f"paragraph {number} of {self.where}", paragraph

    def _unclosed(self) -> Iterator[str]:
        """Yield each placeholder that does not end in its paragraph."""
        for place, paragraph in [*self._paragraphs] or [(f"paragraph 1 of {self.where}", self.xml)]:
            opened = ""
            for mark in _MARK.finditer(paragraph):
                if not opened and mark[0] in _CLOSING:
                    opened, start = mark[0], mark.start()
                elif opened and mark[0] == _CLOSING[opened]:
                    opened = ""
            if opened:
                shown = paragraph[start : start + 40]
                yield (
                    f"{place}, {shown!r}: {opened} is not closed in its paragraph; "
                    f"write {_CLOSING[opened]} after it"
                )

    def _misplaced(self) -> Iterator[str]:
        """Yield each table that is to stand within text, and all else that is to take a paragraph's place."""
        for place, paragraph in self._paragraphs:
            for tag in _SHOWN.finditer(paragraph):
                grid = bool(_GRID.search(tag["what"]))
                if tag["kind"] != ("p" if grid else None):
                    yield f"{place}, {tag[0]}: write {{{{{'p' if grid else ''}{tag['what']}}}}}"
                elif grid and paragraph.strip() != tag[0]:
                    yield (
                        f"{place}, {tag[0]}: a table takes the place of its whole paragraph; "
                        "give it one of its own"
                    )

    def _forbidden(self, tree: nodes.Node) -> Iterator[str]:
        """Yield the first thing that a template may not do: it names text, goes through lists, and tests."""
        waiting = [(tree, 0, 0)]
        while waiting:
            node, loops, depth = waiting.pop()
            loops += isinstance(node, nodes.For)
            if loops > DEEPEST_LOOP or depth > DEEPEST:
                deepest = f"{DEEPEST_LOOP} loops or {DEEPEST} conditions"
                yield f"{self.where}: more than {deepest} stand within each other"
                return
            if is_call(node):
                continue
            if isinstance(node, nodes.Compare) and any(node.find_all(nodes.Call)):
                yield f"{self.where}: a value that is called for may be tested, and not compared"
                return
            if not _is_allowed(node):
                name = getattr(node, "name", None)
                kind = type(node).__name__
                shown = f"{kind.lower()} {name!r}" if isinstance(name, str) and name else kind
                yield (
                    f"{self.where}: a placeholder may name a text, go through a list, test, or call one of "
                    f"{', '.join(FUNCTIONS)} with texts in quotation marks; {shown} is none of these "
                    f"(allowed filters are {', '.join(FILTERS)})"
                )
                return
            waiting += [(child, loops, depth + 1) for child in node.iter_child_nodes()]

    def _unknown(self, node: nodes.Node, known: Mapping[str, Kind | None]) -> Iterator[str]:
        """Yield the names that stand for nothing, with the variable of a loop known inside it."""
        if isinstance(node, nodes.Call):
            yield from self._wrong_call(read_call(node, self.calls.programme), known)
            return
        if isinstance(node, nodes.For):
            yield from self._unknown(node.iter, known)
            if isinstance(node.target, nodes.Name):
                if node.target.name == OWN:
                    yield f"{self._place('for')}: {OWN!r} is the place of the memo; name the item otherwise"
                owner = _kind(node.iter, known)
                loop = Kind("loop", dict.fromkeys(LOOP))
                known = {**known, node.target.name: owner.item if owner else None, "loop": loop}
            for child in (*node.body, *node.else_):
                yield from self._unknown(child, known)
            return
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
            names = [name for name in known if name != "loop"]
            if node.name in FUNCTIONS:
                needed = ", ".join('"…"' for _ in FUNCTIONS[node.name].needed)
                yield f"{self._place(node.name)}: write {node.name}({needed})"
                return
            yield (
                f"{self._place(node.name)}: {node.name!r} is no placeholder; there are {', '.join(names)}; "
                f"{did_you_mean(node.name, names)}"
            )
        if isinstance(node, nodes.Getattr | nodes.Getitem) and (name := _field(node)) is not None:
            owner = _kind(node.node, known)
            if owner and name not in owner.fields:
                yield f"{self._place(name)}: {_no_field(owner, name)}"
        for child in node.iter_child_nodes():
            yield from self._unknown(child, known)

    def _wrong_call(self, call: Call, known: Mapping[str, Kind | None]) -> Iterator[str]:
        """Yield what is wrong with a call; charts and tables are those of the memo."""
        if call.function in known:
            shown = f"{call.function!r} is no function here, but the item of a loop"
            yield f"{self._place(call.function)}: {shown}; name the item otherwise"
            return
        found = list(self.calls.faults(call))
        shelf = known.get(PARTS.get(call.function, ""))
        if not found and shelf:
            name, names = str(call.arguments["name"]), list(shelf.fields)
            if name not in (*names, *self.calls.elsewhere[call.function]):
                near = f"there are {', '.join(names)}; {did_you_mean(name, names)}"
                found = [Fault(name, f"{name!r} is no {call.function} of this memo; {near}")]
        for fault in found:
            yield f"{self._place(fault.name, call.function)}: {fault.message}"

    def _place(self, *names: str) -> str:
        """Return in which paragraph some names stand together, and the placeholder itself."""
        whole = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in names]
        tags = ((place, tag) for place, paragraph in self._paragraphs for tag in _TAG.findall(paragraph))
        fitting = (f"{place}, {tag}" for place, tag in tags if all(each.search(tag) for each in whole))
        return next(fitting, self.where)

    def _remedy(self, message: str) -> str:
        """Return where to look for an error of syntax: a loop that is not closed, or what the error names."""
        unclosed: list[str] = []
        named = []
        for place, paragraph in self._paragraphs:
            for tag in _TAG.findall(paragraph):
                shown = f"{place}, {tag}"
                if block := _BLOCK.match(tag):
                    unclosed = unclosed[:-1] if block[1] else [*unclosed, shown]
                if any(word in tag for word in re.findall(r"'(\w+)'", message)):
                    named.append(shown)
        remedy = "each {%p for … %} needs its {%p endfor %}, and each {%p if … %} its {%p endif %}"
        places = unclosed[-1:] or named[:1]
        return f"look at {places[0]}; {remedy}" if places else remedy


def _is_allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    if isinstance(node, nodes.Test):
        return node.name in TESTS
    if isinstance(node, nodes.For):
        return not node.recursive and isinstance(node.iter, nodes.Name | nodes.Getattr | nodes.Getitem)
    return isinstance(node, ALLOWED)


def _field(node: nodes.Getattr | nodes.Getitem) -> str | None:
    """Return the field that ``a.b`` or ``a['b']`` asks for; ``None`` for one item of a list."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else None


def _kind(node: nodes.Node, known: Mapping[str, Kind | None]) -> Kind | None:
    """Return what an expression stands for; ``None`` where that is known only when it is filled."""
    if isinstance(node, nodes.Name):
        return known.get(node.name)
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        shelf = known.get(PARTS.get(node.node.name, ""))
        return Kind(node.node.name, shelf.item.fields if shelf and shelf.item else {})
    if isinstance(node, nodes.Getattr | nodes.Getitem) and (owner := _kind(node.node, known)):
        name = _field(node)
        return owner.item if name is None else owner.fields.get(name)
    return None


def _no_field(owner: Kind, name: str) -> str:
    if not owner.fields:
        return f"{owner.name!r} has nothing named {name!r}; write {{{{ {owner.name} }}}}"
    near = did_you_mean(name, list(owner.fields))
    return f"{name!r} is none of what {owner.name!r} has, {', '.join(owner.fields)}; {near}"
