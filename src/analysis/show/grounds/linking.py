"""The numbers of a page turned into links to what they rest on.

An element says which figures it rests on (``data-rests``); a number in it is that estimate or figure of these
whose value it is, in its unit and as it is rounded. What no value fits, a difference perhaps, leads to all
that its element rests on. Links get their addresses from the script: without one, the page reads as before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import lxml.html
from lxml.html import HtmlElement

from analysis.draw.markup import RESTS
from analysis.show.grounds.prepared import Ground, Value, listed
from analysis.words.language import Text
from analysis.words.scan import ROLE, Numeral, numerals

CARD = "data-card"
Place = tuple[int, int, str]
"""Where a number stands in a text, and the card that it opens."""


@dataclass(frozen=True)
class Links:
    """Links numbers to the grounds of a report, and keeps the cards that have come to be used."""

    grounds: Mapping[str, Ground]
    text: Text
    cards: dict[str, str] = field(default_factory=dict)
    known: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def link(self, root: HtmlElement) -> None:
        """Turn the numbers in a tree into links, and take out what says which figures they rest on."""
        for element in root.xpath(f".//*[@{RESTS}] | self::*[@{RESTS}]"):
            rests = element.attrib.pop(RESTS)
            if element.tag == "g":
                self._link_mark(element, rests)
            else:
                self._link_words(element, rests)
        for link in root.xpath(".//a[starts-with(@href, '#figure-')]"):
            if (anchor := link.get("href")[1:]) in self.grounds:
                link.set(CARD, self._keep(anchor))
        for drawing in root.xpath(f".//svg[.//a[@{CARD}]]"):
            drawing.set("role", "group")

    def _link_mark(self, mark: HtmlElement, rests: str) -> None:
        """Turn the marks and words of one value into a link, which its words name."""
        places = self._places(mark.attrib.pop("aria-label", ""), rests)
        anchor = places[0][2] if places else self._together(rests)
        if anchor:
            mark.tag = "a"
            mark.set(CARD, anchor)

    def _link_words(self, element: HtmlElement, rests: str) -> None:
        for node in [each for each in element.iter() if isinstance(each.tag, str)]:
            inside = node is element or not _leads(node, element)
            if inside and node.text:
                _put(node, None, node.text, self._places(node.text, rests))
            if node is not element and node.tail and not _leads(node.getparent(), element):
                _put(node.getparent(), node, node.tail, self._places(node.tail, rests))

    def _places(self, words: str, rests: str) -> list[Place]:
        """Return the numbers of a text with the card of each."""
        if (words, rests) not in self.known:
            self.known[words, rests] = [*self._found(words, rests)]
        return self.known[words, rests]

    def _found(self, words: str, rests: str) -> Iterator[Place]:
        scope = frozenset(rests.split())
        for numeral in numerals(words, self.text.language):
            anchor = self._anchor(numeral, scope)
            if not anchor and any(character in "0123456789" for character in numeral.text):
                anchor = self._together(rests)
            if anchor:
                yield numeral.start, numeral.end, anchor

    def _anchor(self, numeral: Numeral, scope: frozenset[str]) -> str:
        """Return the card of what a number most likely is; empty where no value is its own."""
        best, found = (False, False, False, False), ""
        for anchor in self._candidates(scope):
            ground = self.grounds[anchor]
            fit = _fit(numeral, ground.values)
            own, is_estimate = frozenset(ground.figures), anchor.startswith("estimate-")
            rank = (bool(fit), own == scope, own <= scope, is_estimate)
            if fit is not None and (not found or rank > best):
                best, found = rank, anchor
        return self._keep(found)

    def _candidates(self, scope: frozenset[str]) -> Iterable[str]:
        return dict.fromkeys(anchor for name in scope for anchor in self._by_figure.get(name, ()))

    @cached_property
    def _by_figure(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for anchor, ground in self.grounds.items():
            for name in ground.figures:
                found.setdefault(name, []).append(anchor)
        return found

    def _together(self, rests: str) -> str:
        """Return the card of all that an element rests on; that of a figure where it is the only one."""
        scope = frozenset(rests.split())
        found = [each for each in self._candidates(scope) if {*self.grounds[each].figures} <= scope]
        if len(found) < 2:
            return self._keep(found[0]) if found else ""
        anchor = f"rests-{hashlib.sha256(' '.join(sorted(scope)).encode()).hexdigest()[:10]}"
        members = [(self._keep(each), self.grounds[each].title) for each in sorted(found)]
        self.cards[anchor] = listed(self.text("grounds.together"), members)
        return anchor

    def _keep(self, anchor: str) -> str:
        """Keep a card for the page, and those that it leads to."""
        if anchor and anchor not in self.cards:
            self.cards[anchor] = self.grounds[anchor].card
            for other in self.grounds[anchor].opens:
                self._keep(other)
        return anchor


def _fit(numeral: Numeral, values: Iterable[Value]) -> bool | None:
    """Return whether its unit is said where the values of a number are among some; else ``None``."""
    said = bool(numeral.values)
    for place in range(len(numeral.values)):
        fits = [_fits(numeral, unit) for value, unit in values if numeral.equals(place, value)]
        if all(fit is False for fit in fits):
            return None
        said = said and True in fits
    return said if numeral.values else None


def _fits(numeral: Numeral, unit: str) -> bool | None:
    """Return whether a number is in a unit; that it counts readings, or is a year, must be said."""
    fit = numeral.fits(unit)
    return bool(fit) if unit.startswith(ROLE) else fit


def _leads(node: HtmlElement, within: HtmlElement) -> bool:
    """Return whether a node within an element belongs to a link, or to what rests on figures of its own."""
    while node is not within:
        if node.tag in ("a", "abbr") or RESTS in node.attrib:
            return True
        node = node.getparent()
    return False


def _put(parent: HtmlElement, after: HtmlElement | None, words: str, places: Iterable[Place]) -> None:
    """Put links into a text: that at the start of a parent, or that after one of its children."""
    start, last, at = 0, after, 0 if after is None else parent.index(after) + 1
    for begin, end, anchor in places:
        before = words[start:begin]
        if last is None:
            parent.text = before
        else:
            last.tail = before
        last = lxml.html.Element("a", {CARD: anchor})
        last.text = words[begin:end]
        parent.insert(at, last)
        start, at = end, at + 1
    if last is not None:
        last.tail = words[start:]
