"""What a card says, and how it is drawn: as HTML for a notebook, as text for a terminal."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analysis.show.foreign import with_languages
from analysis.words.language import Text

CSS = Path(__file__).with_name("card.css").read_text(encoding="utf-8")
"""How cards look, wherever they stand."""


@dataclass(frozen=True)
class Sentence:
    """The sentence around a numeral in three pieces; or ``missing``, why it is not shown."""

    before: str = ""
    numeral: str = ""
    after: str = ""
    missing: str = ""


class Opened(Protocol):
    """A card that another opens; ``anchor`` is what a page calls it."""

    @property
    def anchor(self) -> str: ...

    def html(self, style: str) -> str: ...


@dataclass(frozen=True)
class Line:
    """One line of a card: its text, what is said below it (empty text is not drawn), the card it opens."""

    text: str
    details: tuple[str, ...] = ()
    opens: Opened | None = None


@dataclass(frozen=True)
class CardContent:
    """What a card says before it is drawn, in the language of the reader; nothing is escaped yet.

    ``kind`` is figure, estimate, source or choice; ``sections`` are headings (keys of ``figure_card``) with
    their lines. Facts without a value and sections without a line are not drawn.
    """

    kind: str
    card_id: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sentence: Sentence | None = None
    sections: tuple[tuple[str, tuple[Line, ...]], ...] = ()


def merge_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines, those of one text as one, with what is said below each of them."""
    details: dict[str, dict[str, None]] = {}
    for line in lines:
        details.setdefault(line.text, {}).update(dict.fromkeys(line.details))
    return tuple(Line(text, tuple(below)) for text, below in details.items())


def as_text(content: CardContent, text: Text) -> str:
    """Return the card as lines of text, the numeral in its sentence between 【 and 】."""
    lines = [f"{text(f'figure_card.kind_{content.kind}')} {content.card_id}".rstrip(), content.title]
    lines += [text("figure_card.pair", label=label, value=value) for label, value in content.facts if value]
    if content.sentence:
        lines += ["", text("figure_card.sentence"), f"  {_mark(content.sentence, text)}"]
    for heading, members in content.sections:
        if members:
            lines += ["", text(f"figure_card.{heading}")]
            for line in members:
                lines += [f"  - {line.text}", *(f"    {detail}" for detail in line.details if detail)]
    return "\n".join(lines)


def _mark(sentence: Sentence, text: Text) -> str:
    if sentence.missing:
        return text("figure_card.missing", why=sentence.missing)
    return text.convert(f"{sentence.before}【{sentence.numeral}】{sentence.after}")


def as_html(
    content: CardContent, text: Text, *, style: str = CSS, linked: bool = False, folded: bool = False
) -> str:
    """Return the card as one HTML element with its style sheet in it; all text is escaped.

    The cards that it opens are folded away in it; ``linked``, the page has them by their ids.
    ``folded``, what stands below the facts and the sentence opens with a click.
    """
    kind = text(f"figure_card.kind_{content.kind}")
    facts = "".join(_element("dt", label) + _element("dd", value) for label, value in content.facts if value)
    label = f"{kind} {content.card_id}".rstrip()
    parts = [
        _element("p", label, "card-kind"),
        # A heading element would enter the table of contents of the notebook.
        _element("div", content.title, "card-title", role="heading", aria_level="3"),
        _wrap("dl", facts),
    ]
    if content.sentence:
        parts.append(_section(text("figure_card.sentence"), _quote(content.sentence, text)))
    for heading, lines in content.sections:
        if lines:
            items = "".join(_item(line, linked=linked) for line in lines)
            section = _folded if folded else _section
            parts.append(section(text(f"figure_card.{heading}"), _wrap("ul", items)))
    sheet = f"<style>{style}</style>" if style else ""
    inner = sheet + with_languages("".join(parts), text)
    return _wrap("article", inner, "card", lang=text.language, aria_label=label)


def _section(heading: str, content: str) -> str:
    title = _element("div", heading, "card-heading", role="heading", aria_level="4")
    return _wrap("section", title + content, aria_label=heading)


def _folded(heading: str, content: str) -> str:
    return _wrap("details", _element("summary", heading, "card-heading") + content)


def _quote(sentence: Sentence, text: Text) -> str:
    if sentence.missing:
        return _element("p", text("figure_card.missing", why=sentence.missing))
    pieces = (text.convert(piece) for piece in (sentence.before, sentence.numeral, sentence.after))
    before, numeral, after = (html.escape(piece) for piece in pieces)
    return _wrap("blockquote", f"{before}{_wrap('mark', numeral)}{after}", lang=text.documents)


def _item(line: Line, *, linked: bool) -> str:
    details = "".join(_element("div", detail, "card-detail") for detail in line.details if detail)
    words = html.escape(line.text)
    if line.opens is None:
        return _wrap("li", words + details)
    if linked:
        return _wrap("li", _wrap("a", words, data_card=line.opens.anchor) + details)
    return _wrap("li", _wrap("details", _wrap("summary", words + details) + line.opens.html(style="")))


def _element(tag: str, content: str, kind: str = "", **attributes: str) -> str:
    """Return an element that holds text, escaped."""
    return _wrap(tag, html.escape(content), kind, **attributes)


def _wrap(tag: str, content: str, kind: str = "", **attributes: str) -> str:
    """Return an element around HTML; ``aria_label`` stands for ``aria-label``."""
    given = {"class": kind, **attributes} if kind else attributes
    written = "".join(f' {name.replace("_", "-")}="{html.escape(value)}"' for name, value in given.items())
    return f"<{tag}{written}>{content}</{tag}>"
