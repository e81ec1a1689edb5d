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


def links(text: Text, found: Sequence[Neighbour]) -> dict[str, list[Link]]:
    """Return the links of a page in its folder beside the others, under a label each."""

    def link(words: str, each: Neighbour) -> Link:
        return Link(words, f"../{each.name}/{PAGE}", each.language)

    compared = [link(text(f"report.section_{each.theme}"), each) for each in found if each.theme]
    languages = [link(Language.parse(each.language).name, each) for each in found if each.language]
    index = [Link(text("page.index"), f"../{INDEX}")]
    groups = {"": index, text("page.comparisons"): compared, text("page.languages"): languages}
    return {label: group for label, group in groups.items() if group}
