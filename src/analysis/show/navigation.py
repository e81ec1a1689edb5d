"""Where a page leads: to that of all reports, the comparisons, itself in other languages, and its memo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

from analysis.words.language import Text
from analysis.words.languages import Language

INDEX, PAGE = "index.html", "report.html"
MEMOS = "memos"
"""The folder of memos, beside that of the reports."""
OUTSIDE = f"../../{MEMOS}/"
"""How a page in its folder leads to a memo, which lies outside the folder of the reports."""
QUOTES = "data-quotes"
"""How a page says that it quotes sentences of the documents."""


class Neighbour(NamedTuple):
    """What a page leads to: a comparison by its theme, the same report by its language, or its memo."""

    name: str
    theme: str = ""
    language: str = ""
    is_memo: bool = False


class Link(NamedTuple):
    """A link of a page: what it says, where it leads, and the language that its words are in, if another."""

    words: str
    href: str
    language: str = ""


class Links(NamedTuple):
    """The links of a page: to that of all reports, comparisons, itself in other languages, and its memo."""

    home: Link
    comparisons: tuple[Link, ...]
    languages: tuple[Link, ...]
    memo: Link | None = None


def memo_file(programme: str, theme: str, language: str) -> str:
    """Return the name of the file of a memo on a programme or on a theme."""
    subject = programme or f"comparison-{theme.replace('_', '-')}"
    return f"{subject}.{language}.docx"


def neighbours(
    reports: Mapping[str, Mapping[str, Any]], memos: Container[str] = ()
) -> dict[str, tuple[Neighbour, ...]]:
    """Return where the page of each report leads among the reports that there are, given by their parameters.

    The comparisons are those in the language of the page; where one speaks others only, the first of them.
    ``memos`` are the files of memos that stand beside the reports.
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
            *(Neighbour(memo, is_memo=True) for memo in [_memo_of(given)] if memo in memos),
        )
        for name, given in reports.items()
    }


def _memo_of(parameters: Mapping[str, Any]) -> str:
    return memo_file(*_subject(parameters), parameters["language"])


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
        memo=next((Link(text("site.memo"), f"{OUTSIDE}{each.name}") for each in found if each.is_memo), None),
    )
