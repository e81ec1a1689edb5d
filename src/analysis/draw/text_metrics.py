"""Lines of text in the font of the charts: how wide they are, and where they break."""

from __future__ import annotations

import re
from functools import cache

from matplotlib.font_manager import FontProperties, findfont, get_font

from analysis.draw import style

_OPENING, _CLOSING = "（“‘《〈「『【〔([", "，。、；：？！）”’》〉」』】〕%,.;:?!)]"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
# What is never broken: a word, an amount or one CJK character, with its punctuation and the space after it.
_PIECE = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[≤≥] )?(?:[{_WIDE}]|[^\s{_WIDE}{re.escape(_OPENING)}]+[万亿萬億]?[元個个]?)"
    rf"[{re.escape(_CLOSING)}]*\s*|\s+|."
)


def drawable(text: str) -> str:
    """Return the text with the glyphs that are drawn: the font has a minus as wide as a Chinese character.

    Its en dash is as wide as its plus sign, and as heavy.
    """
    return text.replace("\N{MINUS SIGN}", "\N{EN DASH}")


def text_width(text: str, size: float, weight: str = "regular") -> float:
    """Return the width of a line of text in inches, in the font of the charts: the sum of its advances."""
    return sum(_advance(character, weight) for character in drawable(text).strip()) * size / 72


def wrap(text: str, width: float, size: float, weight: str = "regular") -> list[str]:
    """Return the text in lines not wider than ``width`` inches; Chinese breaks between any characters."""
    lines, line = [], ""
    for piece in _pieces(text, width, size, weight):
        if line and text_width(line + piece, size, weight) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str, width: float, size: float, weight: str) -> list[str]:
    """Return the unbreakable pieces; one that is wider than a line falls into its characters."""
    pieces = _PIECE.findall(text)
    fitting = ([piece] if text_width(piece, size, weight) <= width else list(piece) for piece in pieces)
    return [part for parts in fitting for part in parts]


@cache
def _advance(character: str, weight: str) -> float:
    """Return the advance of a character in em."""
    style.register_fonts()
    font = get_font(findfont(FontProperties(family=style.FAMILY, weight=weight)))
    if not font.get_char_index(ord(character)):
        return 1.0
    font.set_size(100, 72)
    return float(font.load_char(ord(character)).linearHoriAdvance) / 65536 / 100
