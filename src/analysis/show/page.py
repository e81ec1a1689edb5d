"""The page of a report: an executed notebook as one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.show.foreign import with_languages
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES, SIMPLIFIED, css_list

TEMPLATES = Path(__file__).parent / "templates"
DISPLAY_PRIORITY = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]


def font_rules() -> str:
    """Return the rules of CSS that name the fonts of the languages which have fonts of their own."""
    own = {code: css_list(language.fonts) for code, language in LANGUAGES.items() if language.fonts}
    rest = css_list(SIMPLIFIED)
    return "\n".join(
        f":root:lang({code}) {{\n  --cjk: {fonts},\n    {rest};\n}}" for code, fonts in own.items()
    )


def to_html(notebook: NotebookNode, language: str, title: str) -> str:
    """Return the page of an executed notebook: one file, nothing remote, no script, code folded away.

    The page is called after its first heading of level 1, and ``title`` if it has none.
    """
    text = Text.of(language)
    labels = {key[5:]: message for key, message in text.messages.items() if key.startswith("page.")}
    resources = {"language": language, "title": title, "labels": labels, "fonts": font_rules()}
    html, _ = _exporter().from_notebook_node(_without_widgets(notebook), resources)
    return with_languages(_finish(html, text), text)


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


def _finish(html: str, text: Text) -> str:
    """Return the page with what is active or remote removed, tables that scroll, and a list of contents."""
    soup = BeautifulSoup(html, "html.parser")
    title, main = soup.title, soup.main
    assert title is not None and main is not None, "the template report/index.html.j2 writes both"
    _disarm(main)
    for image in main.find_all("img"):
        if not image.get("src"):
            image.decompose()
        elif not image.get("alt"):
            image["alt"] = text("page.alt_missing")
    for table in main.find_all("table"):
        if not table.find_parent(class_="scroll"):
            label = table.caption.get_text(" ", strip=True) if table.caption else text("page.table")
            attributes = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}
            table.wrap(soup.new_tag("div", attrs=attributes))
    if main.h1:  # the page begins with its title; set-up and parameters are for the end
        title.string = main.h1.get_text(" ", strip=True)
        main.extend([code.extract() for code in main.h1.find_all_previous("details", class_="code")][::-1])
    headings = main.find_all(["h2", "h3"])
    if len(headings) > 1:
        headings[0].insert_before(_contents(soup, headings, text("page.contents")))
    return str(soup)


ACTIVE = "script,iframe,object,embed,link,base,meta,form,input,button,select,textarea,audio,video"
LOADING = {
    "src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "xlink:href", "href",
}  # fmt: skip
REMOTE_CSS = re.compile(r"@import[^;]*;?|url\(\s*['\"]?(?!data:)[^)]*\)", re.IGNORECASE)


def _disarm(main: Tag) -> None:
    """Remove from the page what could run or load; links that a reader clicks stay."""
    for element in main.select(ACTIVE):
        element.decompose()
    for element in main.find_all(True):
        for name, value in list(element.attrs.items()):
            allowed = ("#", "https://", "http://", "mailto:") if element.name == "a" else ("#", "data:image/")
            loads = name in LOADING and not str(value).strip().startswith(allowed)
            if loads or name.lower().startswith("on"):
                del element[name]
        if isinstance(style := element.get("style"), str):
            element["style"] = REMOTE_CSS.sub("", style)
        if element.name == "style":
            element.string = REMOTE_CSS.sub("", element.get_text())


def _contents(soup: BeautifulSoup, headings: list[Tag], label: str) -> Tag:
    """Return the list of contents, and give every heading an anchor of its own."""
    nav = soup.new_tag("nav", attrs={"class": "contents", "aria-label": label})
    details, listing = soup.new_tag("details", attrs={"open": ""}), soup.new_tag("ol")
    details.extend([soup.new_tag("summary", string=label), listing])
    nav.append(details)
    used: set[str] = set()
    for number, heading in enumerate(headings, start=1):
        anchor = str(heading.get("id") or "section")
        anchor = f"{anchor}-{number}" if anchor in used or anchor == "section" else anchor
        used.add(anchor)
        heading["id"] = anchor
        item = soup.new_tag("li", attrs={"class": heading.name})
        item.append(soup.new_tag("a", href=f"#{anchor}", string=heading.get_text(" ", strip=True)))
        listing.append(item)
    return nav
