"""What a card says, and how it is drawn: as HTML for a notebook, as text for a terminal."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.show.foreign import with_languages
from analysis.show.html import HasHtml
from analysis.words.language import Text

# Every element carries its own style: nothing of the page is needed, and nothing of the page is changed.
_CSS = {
    "article": "box-sizing:border-box;max-width:48rem;margin:.5rem 0;padding:.8rem 1rem;"
    "border:1px solid #d1d9e0;border-radius:6px;background:#fff;color:#1f2328;"
    "line-height:1.5;font-size:.9rem",
    "kind": "color:#59636e;font-size:.8rem;overflow-wrap:anywhere",
    "title": "font-weight:600;font-size:1rem;margin:.1rem 0 .5rem",
    "dl": "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem .9rem;margin:0",
    "dt": "float:none;width:auto;margin:0;color:#59636e;font-weight:400",
    "dd": "float:none;width:auto;margin:0;overflow-wrap:anywhere",
    "section": "margin:.7rem 0 0",
    "heading": "font-weight:600;margin:0 0 .2rem",
    "quote": "margin:0;padding:.1rem 0 .1rem .8rem;border-left:3px solid #d1d9e0",
    "mark": "background:#ffe9a8;color:inherit;font-weight:700;padding:0 .1em",
    "ul": "margin:0;padding:0 0 0 1.1rem",
    "li": "margin:0 0 .2rem;overflow-wrap:anywhere",
    "detail": "color:#59636e;font-size:.8rem",
    "summary": "cursor:pointer",
}


@dataclass(frozen=True)
class Sentence:
    """The sentence around a numeral in three pieces; or ``missing``, why it is not shown."""

    before: str = ""
    numeral: str = ""
    after: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a card: its text, what is said below it (empty text is not drawn), the card it opens."""

    text: str
    details: tuple[str, ...] = ()
    opens: HasHtml | None = None


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


def as_html(content: CardContent, text: Text) -> str:
    """Return the card as one HTML element with its styles in it; all text is escaped."""
    kind = text(f"figure_card.kind_{content.kind}")
    facts = "".join(_element("dt", label) + _element("dd", value) for label, value in content.facts if value)
    parts = [
        _element("p", f"{kind} {content.card_id}".rstrip(), "kind", "margin:0;"),
        # A heading element would enter the table of contents of the notebook.
        _element("div", content.title, "title", role="heading", aria_level="3"),
        _wrap("dl", facts),
    ]
    if content.sentence:
        parts.append(_section(text("figure_card.sentence"), _quote(content.sentence, text)))
    for heading, lines in content.sections:
        if lines:
            items = "".join(_item(line) for line in lines)
            parts.append(_section(text(f"figure_card.{heading}"), _wrap("ul", items)))
    fonts = f"system-ui, 'Segoe UI', {text.rules.font_stack}, sans-serif".replace('"', "'")
    label = f"{kind} {content.card_id}".rstrip()
    style = f"{_CSS['article']};font-family:{fonts}"
    inner = with_languages("".join(parts), text)
    return _wrap("article", inner, style=style, lang=text.language, aria_label=label)


def _section(heading: str, content: str) -> str:
    title = _element("div", heading, "heading", role="heading", aria_level="4")
    return _wrap("section", title + content, aria_label=heading)


def _quote(sentence: Sentence, text: Text) -> str:
    if sentence.missing:
        return _element("p", text("figure_card.missing", why=sentence.missing), "quote")
    pieces = (text.convert(piece) for piece in (sentence.before, sentence.numeral, sentence.after))
    before, numeral, after = (html.escape(piece) for piece in pieces)
    quoted = f"{before}{_wrap('mark', numeral)}{after}"
    return _wrap("blockquote", quoted, style=_CSS["quote"], lang=text.documents)


def _item(line: Line) -> str:
    details = "".join(_element("div", detail, "detail") for detail in line.details if detail)
    if line.opens is None:
        return _wrap("li", html.escape(line.text) + details)
    summary = _wrap("summary", html.escape(line.text) + details)
    return _wrap("li", f"<details>{summary}{line.opens._repr_html_()}</details>")


def _element(tag: str, content: str, css: str = "", more: str = "", **attributes: str) -> str:
    """Return an element that holds text, escaped."""
    return _wrap(tag, html.escape(content), style=more + _CSS[css or tag], **attributes)


def _wrap(tag: str, content: str, style: str = "", **attributes: str) -> str:
    """Return an element around HTML; ``aria_label`` stands for ``aria-label``."""
    given = {"style": style or _CSS[tag], **attributes}
    written = "".join(f' {name.replace("_", "-")}="{html.escape(value)}"' for name, value in given.items())
    return f"<{tag}{written}>{content}</{tag}>"
