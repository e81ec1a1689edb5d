"""The page of a report: an executed notebook as one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import copy
import hashlib
import html
from collections.abc import Sequence
from functools import cache
from typing import Any

import lxml.html
from lxml.html import HtmlElement
from nbconvert import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.draw import sheet
from analysis.draw.tables import CSS
from analysis.show import sanitizer
from analysis.show.cards import card_content
from analysis.show.foreign import with_languages
from analysis.show.grounds.linking import Links
from analysis.show.grounds.prepared import Ground
from analysis.show.navigation import QUOTES, Neighbour
from analysis.show.navigation import links as navigation
from analysis.show.packing import ANSWERS, GROUNDS, packed, unpacked
from analysis.show.style import TEMPLATES, base_style
from analysis.words.language import Text

DISPLAY_PRIORITY = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]
_PARSER = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")


def to_html(notebook: NotebookNode, language: str, title: str, neighbours: Sequence[Neighbour] = ()) -> str:
    """Return the page of an executed notebook: one file, nothing remote, no script, code folded away.

    The page is called after its first heading of level 1, and ``title`` if it has none. ``neighbours`` are
    the reports in folders beside its own that it leads to. Raises ``ValueError`` where what no page may hold
    has come through.
    """
    text = Text.of(language)
    labels = {key[5:]: message for key, message in text.messages.items() if key.startswith("page.")}
    resources = {
        "language": language, "title": title, "labels": labels, "links": navigation(text, neighbours),
        "style": _style(),
    }  # fmt: skip
    page, _ = _exporter().from_notebook_node(_without_widgets(notebook), resources)
    links = _links(notebook, text)
    page = with_languages(_finish(page, text, links), text)
    prepared = _prepared(notebook, ANSWERS)
    given = {"answers": _safe(prepared, text, links)} if prepared else {}
    if links.cards:
        given["cards"] = {"words": _card_words(text), "cards": _safe_cards(links.cards, text)}
    if _prepared(notebook, GROUNDS).get("with_sentences"):
        page = page.replace('<body id="all"', f'<body id="all" {QUOTES}', 1)
    return scripted(page, given) if given else page


@cache
def _style() -> str:
    """Return the style sheet of all reports."""
    return (
        base_style()
        + sheet.CSS
        + card_content.CSS
        + (TEMPLATES / "report" / "report.css").read_text(encoding="utf-8").replace("/* tables */", CSS)
    )


class _Exporter(HTMLExporter):
    """The exporter without its last step: it parses the whole page for what ``_finish`` does."""

    def from_notebook_node(  # type: ignore[override]  # as TemplateExporter has it
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page as the template makes it, and the resources."""
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        highlight = Highlight2HTML(pygments_lexer=lexer, parent=self)  # type: ignore[no-untyped-call]
        self.register_filter("highlight_code", highlight)  # type: ignore[no-untyped-call]
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)


@cache
def _exporter() -> HTMLExporter:
    """Return the exporter, with its templates compiled once for all pages of a process."""
    return _Exporter(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        filters={"sanitized": sanitizer.clean},
        config=Config({"NbConvertBase": {"display_data_priority": DISPLAY_PRIORITY}}),
    )


def _without_widgets(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without widgets, which need scripts, and the plain text that stands for them."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if any(mime.startswith("application/vnd.jupyter.widget") for mime in data):
                output.data = {mime: data[mime] for mime in data if mime in DISPLAY_PRIORITY[:-1]}
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]
    return notebook


def _prepared(notebook: NotebookNode, kind: str) -> dict[str, Any]:
    """Return what a notebook has prepared for its page in an output of a kind; nothing without any."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    found = (output["data"][kind] for output in outputs if kind in output.get("data", {}))
    return next(map(unpacked, found), {})


def _links(notebook: NotebookNode, text: Text) -> Links:
    """Return what links the numbers of a page to what they rest on."""
    prepared = _prepared(notebook, GROUNDS)
    grounds = prepared.get("grounds", {})
    return Links({anchor: Ground(**ground) for anchor, ground in grounds.items()}, text)


def _card_words(text: Text) -> dict[str, str]:
    return {name: text(f"grounds.{name}") for name in ("panel", "close", "back")}


def _safe_cards(cards: dict[str, str], text: Text) -> dict[str, str]:
    """Return cards as the page shows them: cleaned and checked."""

    def finished(card: str) -> str:
        root = _element(f"<div>{sanitizer.clean(card)}</div>")
        sanitizer.check(root)
        return with_languages(lxml.html.tostring(root[0], encoding="unicode", with_tail=False), text)

    return {anchor: finished(card) for anchor, card in sorted(cards.items())}


def _safe(prepared: dict[str, Any], text: Text, links: Links) -> dict[str, Any]:
    """Return the pieces as the page would have them: cleaned, linked, and checked."""

    def finished(piece: str) -> str:
        # A row stands alone nowhere but in a table.
        inside = "<table><tbody>{}</tbody></table>" if piece.startswith("<tr") else "{}"
        root = _element(f"<div>{sanitizer.clean(inside.format(piece))}</div>")
        found = root.xpath("./table/tbody/tr | ./*[not(self::table)]")[0]
        for table in found.xpath(".//table"):
            _let_scroll(table, text("page.table"))
        links.link(found)
        sanitizer.check(root)
        return with_languages(lxml.html.tostring(found, encoding="unicode", with_tail=False), text)

    pieces = {
        name: {**piece, "html": [finished(each) for each in piece["html"]]}
        for name, piece in prepared["pieces"].items()
    }
    return {**prepared, "pieces": pieces}


def scripted(page: str, prepared: dict[str, Any]) -> str:
    """Return a page with its script, and what has been prepared for that.

    The policy of the page lets this script run and no other.
    """
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = page.replace("default-src 'none';", f"default-src 'none'; script-src 'sha256-{digest}';", 1)
    data = f'<script type="application/gzip" id="prepared">{packed(prepared)}</script>'
    added = f"{data}\n<script>{script}</script>\n</body>"
    head, _, tail = page.rpartition("</body>")
    return head + added + tail


@cache
def _script() -> str:
    """Return the script of a page: what follows the answers of readers, and what opens cards."""
    parts = ("answers.js", "cards.js", "page.js")
    read = ((TEMPLATES / "report" / part).read_text(encoding="utf-8") for part in parts)
    return "\n".join(('"use strict";', *read))


def _finish(page: str, text: Text, links: Links) -> str:
    """Return the page with tables that scroll, its title first and a list of contents, once it is checked.

    Its numbers lead to what they rest on.
    """
    # Parsed as bytes: lxml takes text to be in what its own head says.
    root = lxml.html.document_fromstring(page.encode(), parser=_PARSER)
    [main], [title], [header] = root.xpath("body/main"), root.xpath("head/title"), root.xpath("body/header")
    for image in main.iter("img"):
        if not image.get("src"):
            image.drop_tree()
        elif not image.get("alt"):
            image.set("alt", text("page.alt_missing"))
    for table in main.xpath(".//table[not(ancestor::*[contains(@class, 'scroll')])]"):
        _let_scroll(table, text("page.table"))
    for first in main.xpath("(.//h1)[1]"):  # the page begins with its title; set-up and parameters come last
        title.text = _words(first)
        main.extend(first.xpath("preceding::details[@class='code']"))
    headings = main.xpath(".//h2")
    if len(headings) > 1:
        header.append(_contents(headings, text("page.contents")))
    if main.xpath(".//details[@class='evidence']"):
        header.append(
            _element(f'<p class="open-all"><a href="#all">{html.escape(text("page.open_all"))}</a></p>')
        )
    links.link(main)
    sanitizer.check(main)
    # libxml2 closes what HTML leaves open; a browser would take note of it.
    return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>").replace("</wbr>", "")


def _let_scroll(table: HtmlElement, label: str) -> None:
    """Put a table into a box that scrolls sideways, where the page is narrower."""
    names = table.get("aria-labelledby")
    caption = table.xpath("caption")
    box = _element('<div class="scroll" tabindex="0" role="region"></div>')
    if names and not caption:
        box.set("aria-labelledby", names)
    else:
        box.set("aria-label", _words(caption[0]) if caption else label)
    table.addprevious(box)
    box.tail, table.tail = table.tail, None
    box.append(table)


def _contents(headings: Sequence[HtmlElement], label: str) -> HtmlElement:
    """Return the list of sections, and give every heading an anchor of its own."""
    used: set[str] = set()
    items = []
    for number, heading in enumerate(headings, start=1):
        anchor = heading.get("id") or "section"
        anchor = f"{anchor}-{number}" if anchor in used or anchor == "section" else anchor
        used.add(anchor)
        heading.set("id", anchor)
        items.append(f'<li><a href="#{html.escape(anchor)}">{html.escape(_words(heading))}</a></li>')
    name, listed = html.escape(label), "".join(items)
    return _element(
        f'<nav class="contents" aria-label="{name}"><details class="menu"><summary>{name}</summary>'
        f"<ol>{listed}</ol></details></nav>"
    )


def _element(fragment: str) -> HtmlElement:
    return lxml.html.fragment_fromstring(fragment)


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
