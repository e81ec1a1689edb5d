"""Outputs of notebooks made harmless: they look as they did, and nothing runs, loads or leads away."""

from __future__ import annotations

import re
from functools import cache

import nh3
from lxml.html import HtmlElement

_TAGS = """
a abbr article aside b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption
figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q s samp section small source span strong
sub summary sup table tbody td tfoot th thead time tr u ul var wbr
"""
_DRAWN = "svg g path rect circle ellipse line polyline polygon text tspan desc defs clipPath use"
# What is left out with all that stands in it; of any other tag the text stays.
_WITH_CONTENT = """
script style template noscript title textarea select button iframe object audio video math xmp foreignObject
noembed noframes
"""
_DRAWING = """
d fill fill-opacity fill-rule stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin
stroke-opacity opacity transform clip-path clip-rule points x y x1 x2 y1 y2 dx dy cx cy r rx ry width height
viewBox preserveAspectRatio text-anchor dominant-baseline font-family font-size font-weight clipPathUnits
textLength lengthAdjust
"""
# Neither what lays itself over the page (position, z-index, transform) nor what could load a picture.
_STYLES = """
align-items background background-color border border-bottom border-collapse border-color border-left
border-radius border-right border-spacing border-style border-top border-width box-sizing color column-gap
cursor display fill flex flex-direction flex-wrap float font font-family font-size font-style
font-variant-numeric font-weight gap grid-template-columns height justify-content line-height
list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height
min-width opacity overflow overflow-wrap overflow-x overflow-y padding padding-bottom padding-left
padding-right padding-top stroke stroke-dasharray stroke-width text-align text-decoration text-indent
vertical-align white-space width word-break
"""
TAGS = {*_TAGS.split(), *_DRAWN.split()}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "dir", "role", "tabindex", "style", "hidden"},
    **{tag: {*_DRAWING.split()} for tag in _DRAWN.split()},
    "use": {*_DRAWING.split(), "href"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "source": {"media", "srcset"},
    "td": {"colspan", "rowspan", "headers"},
    # What a mark in a table means.
    "abbr": {"title"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
LOADING_STYLE = re.compile(r"[\\@]|url|image|cross-fade", re.IGNORECASE)
# One picture alone: a list could name others.
_EMBEDDED = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")
LEADING = ("href", "src")
TARGETS = {"a": ("#", "https://", "http://", "mailto:"), "img": ("data:image/",), "use": ("#",)}


def clean(fragment: str) -> str:
    """Return a fragment of HTML with what is allowed in a report, each element that it opens closed."""
    return _cleaner().clean(fragment)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags={*_WITH_CONTENT.split()},
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        generic_attribute_prefixes={"aria-", "data-piece", "data-rests", "data-card"},
        filter_style_properties={*_STYLES.split()},
        url_schemes={"https", "http", "mailto", "data"},
        link_rel=None,
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute that is allowed, or ``None``, which leaves it out."""
    if name == "srcset":
        return value if _EMBEDDED.fullmatch(value) else None
    if name in LEADING:
        return value if value.strip().startswith(TARGETS.get(tag, ())) else None
    return None if name == "style" and LOADING_STYLE.search(value) else value


def check(main: HtmlElement) -> None:
    """Raise ``ValueError`` where the body of a finished page holds what no output may."""
    known = {tag.lower() for tag in TAGS}
    for element in main.iterdescendants():
        if element.tag not in known:
            raise ValueError(f"the page holds <{element.tag}>, which no report may; it is not written")
        for name, value in element.attrib.items():
            leads = name == "srcset" and not _EMBEDDED.fullmatch(value)
            leads |= name in LEADING and not value.strip().startswith(TARGETS.get(str(element.tag), ()))
            if leads or name.startswith("on"):
                raise ValueError(
                    f"the page holds <{element.tag} {name}={value[:60]!r}>, which no report may; "
                    "it is not written"
                )
