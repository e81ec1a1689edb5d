"""Charts as SVG within a page: text as text, in the ink and on the ground of the page that they stand on."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from analysis.draw.text_metrics import text_width

CSS = Path(__file__).with_name("picture.css").read_text(encoding="utf-8")
"""How the drawings of charts look, wherever they stand."""
KEPT = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "text-anchor")
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+")
_PROPORTIONAL = re.compile(r"[\u0020-\u2e7f]")
_QUOTES = str.maketrans("“”‘’", "\"\"''")  # which the font of the charts measures full-width


def inlined(svg: bytes, alt: str, kind: str = "") -> str:
    """Return an SVG by matplotlib, drawn with text as text, as an element to stand within a page.

    ``alt`` says what it shows, ``kind`` is its class. Each text keeps the width it was laid out with,
    whatever font the reader has.
    """
    found = etree.fromstring(svg)
    symbols = {f"#{each.get('id')}": each for each in found.iter(f"{_SVG}path") if each.get("id")}
    drawing = lxml.html.Element("svg", {"viewBox": found.get("viewBox", ""), "role": "img", "aria-label": alt})
    if kind:
        drawing.set("class", kind)
    drawing.extend(_clips(found))
    for element in found.iter(f"{_SVG}path", f"{_SVG}use", f"{_SVG}text"):
        parents = {parent.tag for parent in element.iterancestors()}
        if not parents & {f"{_SVG}defs", f"{_SVG}clipPath"}:
            drawing.append(_drawn(element, symbols))
    return lxml.html.tostring(drawing, encoding="unicode")


def _clips(found: etree._Element) -> list[HtmlElement]:
    """Return the areas that drawings are cut to."""
    clips = []
    for clip in found.iter(f"{_SVG}clipPath"):
        made = lxml.html.Element("clipPath", {"id": clip.get("id", "")})
        made.extend(lxml.html.Element("rect", _rounded(dict(each.attrib))) for each in clip)
        clips.append(made)
    return clips


def _drawn(element: etree._Element, symbols: dict[str, etree._Element]) -> HtmlElement:
    """Return a path, a mark or a text with what it needs to look as it does."""
    said = _declared(element)
    if element.tag == f"{_SVG}text":
        return _text(element, said)
    shape, place = element, {}
    if element.tag == f"{_SVG}use":
        shape = symbols[element.get(_LINK, "")]
        said = _declared(shape) | said
        place = {"transform": f"translate({element.get('x')} {element.get('y')})"}
    clip = next(
        (each.get("clip-path") for each in (element, *element.iterancestors()) if each.get("clip-path")), None
    )
    path = lxml.html.Element("path", _rounded({"d": " ".join(shape.get("d", "").split()), **place, **said}))
    if not clip:
        return path
    # A mark is moved to its place, and what it is cut to would move along.
    cut = lxml.html.Element("g", {"clip-path": clip})
    cut.append(path)
    return cut


def _text(element: etree._Element, said: dict[str, str]) -> HtmlElement:
    words = element.text or ""
    size = float(said["font-size"].removesuffix("px"))
    bold = "bold" if said.get("font-weight") == "700" else "regular"
    made = {"x": element.get("x", ""), "y": element.get("y", ""), **said, "font-size": f"{size:g}"}
    turned = element.get("transform", "")
    if turned and not turned.startswith("rotate(-0 "):
        made["transform"] = turned
    if _PROPORTIONAL.search(words):
        wide = text_width(words.translate(_QUOTES) if _is_english(words) else words, size, bold)
        made |= {"textLength": str(wide * 72), "lengthAdjust": "spacingAndGlyphs"}
    text = lxml.html.Element("text", _rounded(made))
    text.text = words
    return text


def _is_english(words: str) -> bool:
    """Return whether quotation marks in a text are those between letters."""
    return all(character < "\u2e80" for character in words)


def _declared(element: etree._Element) -> dict[str, str]:
    """Return what the style of an element says, as attributes."""
    pairs = (part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    found = {name.strip(): value.strip() for name, value in pairs}
    kept = {name: found[name] for name in KEPT if name in found}
    # Within a page what is hatched on paper is hollow.
    return {name: "none" if value.startswith("url(") else value for name, value in kept.items()}


def _rounded(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes with numbers as exact as eyes are."""
    return {
        name: value if name == "id" else _NUMBER.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), value)
        for name, value in attributes.items()
    }
