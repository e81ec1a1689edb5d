"""Numbers bound in a memo itself: a hidden bookmark around each, whose name leads to what it is of.

Bookmarks and no content controls: LibreOffice (7.4) drops the tag of a control and shows a frame, and
python-docx leaves the number out of the text of its paragraph; both keep bookmarks. Word hides one whose name
begins with an underscore, moves it along with the number, and leaves it where it was when text is copied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn

from analysis.show.memo.drawing import OF, element
from analysis.show.memo.facts import Fact
from analysis.show.memo.matching import OWN, Support, passages_in
from analysis.show.memo.reading import BOUND, Block
from analysis.show.memo.runs import cut, first_free, within
from analysis.words.scan import Numeral

KEY_LENGTH = 10
MOST_NAMES = 24
CLOSE = 0.02

Span = tuple[int, int, str]


def bind(document: Document, grounds: Iterable[Support]) -> dict[str, tuple[str, ...]]:
    """Put a bookmark around each number of a memo; return the names of facts that each key stands for.

    ``grounds`` are the numerals of its passages with what they rest on.
    """
    found: dict[str, dict[int, Support]] = {}
    for support in grounds:
        if support.holds and not any(fact.name.startswith(OWN) for fact in support.also):
            found.setdefault(support.text, {}).setdefault(support.numeral.start, support)
    parts = sorted(found, key=len, reverse=True)
    bound: dict[str, tuple[str, ...]] = {}
    number = first_free(document)
    for paragraph in document.element.body.iter(qn("w:p")):
        row = next(paragraph.iterancestors(qn("w:tr")), None)
        figures = "" if row is None else row.get(OF, "")
        nodes = [node for node in paragraph.iter(qn("w:t")) if node.text]
        whole = "".join(node.text for node in nodes)
        for start, part in [(0, whole)] if whole in found or row is not None else passages_in(whole, parts):
            spans = []
            for support in found.get(part, {}).values():
                names = _names(support, figures)
                bound[_key(names)] = names
                spans.append((start + support.numeral.start, start + support.numeral.end, _key(names)))
            number = _mark(nodes, spans, number)
            nodes = [node for node in paragraph.iter(qn("w:t")) if node.text]
    for row in document.element.body.iter(qn("w:tr")):
        row.attrib.pop(OF, None)
    return bound


def _names(support: Support, figures: str) -> tuple[str, ...]:
    """Return the facts that a number may be of, the likeliest first: in a row of figures, those of that."""
    if len(support.also) == 1:
        return (support.also[0].name,)
    said = [fact for fact in support.also if not fact.text and support.numeral.fits(fact.unit)]
    found = said or support.also
    of_row = [fact for fact in found if figures and _is_of(fact, figures, support.numeral)]
    return tuple(dict.fromkeys(fact.name for fact in of_row or found))[:MOST_NAMES]


def _is_of(fact: Fact, figures: str, numeral: Numeral) -> bool:
    """Return whether a fact is of some figures, and close: 1.91 is 2 when rounded, and here another one."""
    near = fact.value is None or any(abs(each - abs(fact.value)) <= CLOSE * each for each in numeral.values)
    return near and (fact.figures == figures or fact.name.startswith(f"figure {figures},"))


def _key(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:KEY_LENGTH]


def _mark(nodes: Sequence[object], spans: Iterable[Span], number: int) -> int:
    """Put bookmarks around spans of text that each stand in one run; return the next free number."""
    of: dict[int, tuple[object, list[Span]]] = {}
    for start, end, key in spans:
        [*places] = within(nodes, start, end)
        if len(places) == 1:
            node, first, last = places[0]
            trimmed = node.text[first:last].rstrip()
            of.setdefault(id(node), (node, []))[1].append((first, first + len(trimmed), key))
    for node, own in of.values():
        for run, (*_, key) in zip(cut(node, [span[:2] for span in own]), own, strict=False):
            run.addprevious(element("bookmarkStart", id=number, name=f"{BOUND}{key}_{number}"))
            run.addnext(element("bookmarkEnd", id=number))
            number += 1
    return number


@dataclass(frozen=True)
class Bindings:
    """What the bookmarks of a memo stand for: names of facts by key, and the facts when it was made.

    A number rests on one of these facts; with none of them as it was, it is stale.
    """

    names: Mapping[str, Sequence[str]]
    facts: Mapping[str, Sequence[Fact]]

    def of(self, block: Block, numeral: Numeral) -> tuple[Fact, ...]:
        """Return the facts that a numeral is bound to; none where a hand has written another number."""
        keys = (key for start, end, key in block.bound if start <= numeral.start < end)
        return tuple(self._shown(numeral, next(keys, "")))

    def _shown(self, numeral: Numeral, key: str) -> Iterator[Fact]:
        for name in self.names.get(key, ()):
            for fact in self.facts.get(name, ()):
                if numeral.text.strip() in fact.text or any(
                    fact.value is not None and numeral.equals(place, fact.value)
                    for place in range(len(numeral.values))
                ):
                    yield fact
