"""Where a page leads: to the page of all reports, the comparisons, and the same report in other languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from analysis.words.language import Text
from analysis.words.languages import Language

INDEX, PAGE = "index.html", "report.html"


class Neighbour(NamedTuple):
    """Another report that a page leads to: a comparison by its theme, or the same report by its language."""

    name: str
    theme: str = ""
    language: str = ""


class Link(NamedTuple):
    """A link of a page: what it says, where it leads, and the language that its words are in, if another."""

    words: str
    href: str
    language: str = ""


class Links(NamedTuple):
    """The links of a page: to that of all reports, to comparisons, and to itself in other languages."""

    home: Link
    comparisons: tuple[Link, ...]
    languages: tuple[Link, ...]


def neighbours(reports: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Neighbour, ...]]:
    """Return where the page of each report leads among the reports that there are, given by their parameters.

    The comparisons are those in the language of the page; where one speaks others only, the first of them.
    """
    versions: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, given in sorted(reports.items()):
        versions[_subject(given)].setdefault(given["language"], name)
    comparisons = [(theme, found) for (programme, theme), found in sorted(versions.items()) if not programme]
    return {
        name: (
            *(
                Neighbour(found.get(given["language"]) or next(iter(found.values())), theme=theme)
                for theme, found in comparisons
                if theme != given.get("theme")
            ),
            *(
                Neighbour(other, language=language)
                for language, other in sorted(versions[_subject(given)].items())
                if language != given["language"]
            ),
        )
        for name, given in reports.items()
    }


def _subject(parameters: Mapping[str, Any]) -> tuple[str, str]:
    return parameters.get("programme", ""), parameters.get("theme", "")


def links(text: Text, found: Sequence[Neighbour]) -> Links:
    """Return the links of a page in its folder beside the others."""

    def link(words: str, each: Neighbour) -> Link:
        return Link(words, f"../{each.name}/{PAGE}", each.language)

    return Links(
        Link(text("page.index"), f"../{INDEX}"),
        comparisons=tuple(link(text(f"report.section_{each.theme}"), each) for each in found if each.theme),
        languages=tuple(link(Language.parse(each.language).name, each) for each in found if each.language),
    )
