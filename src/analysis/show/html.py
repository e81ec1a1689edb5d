"""What a notebook shows as HTML: fragments, headings and lists, and evidence folded away."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from analysis.draw.markup import resting
from analysis.words.language import Text

Said = tuple[str, Iterable[str]]
"""A sentence, and the ids of the figures that it rests on."""


class HasHtml(Protocol):
    """What a notebook shows as HTML: a chart, a table, a card, a fragment."""

    def _repr_html_(self) -> str: ...


@dataclass(frozen=True, repr=False)
class Html:
    """A fragment of HTML that a notebook displays; its text is escaped where it is made."""

    content: str

    def __repr__(self) -> str:
        words = html.unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", self.content, flags=re.DOTALL))
        return f"<Html: {textwrap.shorten(words, 70, placeholder=' …')}>"

    def _repr_html_(self) -> str:
        return self.content


def heading(section: str, title: str, level: int = 2) -> Html:
    """Return the heading of a section."""
    return Html(f'<h{level} id="{section}">{html.escape(title)}</h{level}>')


def folded(title: str | Html, *pieces: HasHtml) -> Html:
    """Return pieces folded away under a title, which may be a heading; paper shows what the reader opened."""
    line = title.content if isinstance(title, Html) else html.escape(title)
    return Html(f'<details class="evidence"><summary>{line}</summary>{joined(*pieces).content}</details>')


def joined(*pieces: HasHtml) -> Html:
    """Return pieces one below the other, as one."""
    return Html("".join(piece._repr_html_() for piece in pieces))


def piece(name: str, *shown: HasHtml) -> Html:
    """Return pieces as one that a page may have another in the place of, called by a name."""
    hidden = "" if shown else " hidden"
    return Html(f'<div data-piece="{html.escape(name)}"{hidden}>{joined(*shown).content}</div>')


def sentence(text: Text, key: str) -> Html:
    """Return a message as a paragraph: what stands where a table has no rows."""
    return Html(f"<p>{html.escape(text(key))}</p>")


def bullets(items: Iterable[str]) -> str:
    """Return texts as a list in HTML."""
    return f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in items)}</ul>"


def spoken(sentences: Iterable[Said], text: Text) -> str:
    """Return sentences as running text in HTML, each with the figures that it rests on."""
    shown = (
        f"<span{resting(' '.join(dict.fromkeys(figures)))}>{html.escape(words)}</span>"
        for words, figures in sentences
        if words
    )
    return text.rules.space.join(shown)
