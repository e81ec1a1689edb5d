"""The variants of the pieces of a page: what each is under every combination of the answers it hangs on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lxml import html as lxml_html

from analysis.estimates.answers import Answers

MOST = 512
"""So many combinations of answers may touch a part of a page: with more it would take minutes."""
OPEN = ""
"""The answer to a question that is left open."""
Pieces = Mapping[str, str]
"""HTML by the name of the piece."""


@dataclass(frozen=True)
class Part:
    """Pieces that are made together: ``choices`` are all that may touch them."""

    choices: frozenset[str]
    make: Callable[[Answers], Pieces]


@dataclass(frozen=True)
class Variants:
    """One piece: the choices it hangs on, and its HTML for each combination of their answers, if it is there.

    Combinations are in the order of ``itertools.product`` over the answers of the choices, open first.
    """

    choices: tuple[str, ...]
    found: tuple[str | None, ...]


def offered(options: Mapping[str, tuple[str, ...]], parts: Iterable[Part]) -> dict[str, tuple[str, ...]]:
    """Return the choices that a page asks, the first first, as long as no part has too many combinations."""
    found: dict[str, tuple[str, ...]] = {}
    sizes = [(part.choices, 1) for part in parts]
    for choice, answers in options.items():
        grown = [(own, size * (len(answers) + 1) if choice in own else size) for own, size in sizes]
        if all(size <= MOST for _, size in grown):
            found[choice], sizes = answers, grown
    return found


def variants_of(
    part: Part, options: Mapping[str, tuple[str, ...]], together: Iterable[frozenset[str]]
) -> dict[str, Variants]:
    """Return the variants of those pieces of a part that some answer changes.

    ``options`` are the answers to each choice; ``together`` are choices that one value hangs on jointly: of
    these one may matter only where another is answered.
    """
    known: dict[frozenset[tuple[str, str]], Pieces] = {}

    def made_under(*answers: tuple[str, str]) -> Pieces:
        if (key := frozenset(answers)) not in known:
            known[key] = part.make(dict(answers))
        return known[key]

    asked = [choice for choice in options if choice in part.choices]
    base = made_under()
    alone = {c for c in asked if any(made_under((c, answer)) != base for answer in options[c])}
    joint = {c for group in together if group & alone for c in group}
    mattering = [choice for choice in asked if choice in alone | joint]
    if not mattering:
        return {}
    made = [made_under(*each) for each in _combinations(mattering, options)]
    names = dict.fromkeys(name for pieces in made for name in pieces)
    found = (_reduced(mattering, options, [pieces.get(name) for pieces in made]) for name in names)
    return {name: each for name, each in zip(names, found, strict=True) if each.choices}


def _combinations(
    choices: Iterable[str], options: Mapping[str, tuple[str, ...]]
) -> Iterable[tuple[tuple[str, str], ...]]:
    """Yield every combination of answers, without the choices that are left open."""
    answers = ([(choice, each) for each in (OPEN, *options[choice])] for choice in choices)
    for combination in itertools.product(*answers):
        yield tuple(pair for pair in combination if pair[1] != OPEN)


def _reduced(choices: list[str], options: Mapping[str, tuple[str, ...]], found: list[str | None]) -> Variants:
    """Return variants over those choices alone that make a difference."""
    for choice in choices:
        sizes = [len(options[each]) + 1 for each in choices]
        place = choices.index(choice)
        after = _product(sizes[place + 1 :])
        rows = [
            found[start : start + sizes[place] * after]
            for start in range(0, len(found), sizes[place] * after)
        ]
        if all(row[:after] == row[n : n + after] for row in rows for n in range(0, len(row), after)):
            found = [each for row in rows for each in row[:after]]
            choices = [each for each in choices if each != choice]
    return Variants(tuple(choices), tuple(found))


def _product(sizes: Iterable[int]) -> int:
    product = 1
    for size in sizes:
        product *= size
    return product


def pieces_in(fragment: str) -> dict[str, str]:
    """Return the pieces of a fragment of HTML by their names; one without words is none."""
    if "data-piece" not in fragment:
        return {}
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    return {
        element.get("data-piece"): lxml_html.tostring(element, encoding="unicode", with_tail=False)
        for element in root.iter()
        if isinstance(element.tag, str) and element.get("data-piece") and element.text_content().strip()
    }
