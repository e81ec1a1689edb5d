"""The chart font with TrueType outlines, for PDF.

matplotlib embeds a font with CFF outlines, as Noto Sans CJK has, as Type 3, which splits Chinese text and the
digits in it between two fonts whose sizes a reader guesses differently: what is searched or copied then comes
out of order. A TrueType font is embedded whole (Type 42), so its text stays text.
"""

from __future__ import annotations

import hashlib
import tempfile
from functools import cache, lru_cache
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.text import Text as MplText

MAX_ERROR = 0.5  # units of the em, of which there are 1,000
_NO_HINTS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
    "maxCompositeContours", "maxComponentDepth",
)  # fmt: skip


def embed(figure: Figure) -> None:
    """Set the texts of a figure in fonts that a PDF embeds whole; their widths and shapes stay the same."""
    by_font: dict[str, list[MplText]] = {}
    for text in figure.findobj(MplText):
        if text.get_text().strip():
            by_font.setdefault(findfont(text.get_fontproperties()), []).append(text)
    for path, texts in by_font.items():
        # Of the characters of this figure alone: the same figure gives the same bytes, whatever came before.
        used = frozenset("".join(text.get_text() for text in texts)) - {"\n"}
        converted = _converted(path, used)
        for text in texts:
            size = text.get_fontsize()
            text.set_fontproperties(converted)
            text.set_fontsize(size)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="analysis-fonts-")


@lru_cache(maxsize=64)
def _converted(path: str, characters: frozenset[str]) -> Path:
    options = subset.Options(notdef_outline=True)
    options.layout_features = [*options.layout_features, "pwid"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    font = subset.load_font(path, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    _to_quadratic(font)
    name = hashlib.sha256("".join(sorted(characters)).encode()).hexdigest()[:16]
    target = Path(_folder().name) / f"{Path(path).stem}-{name}.ttf"
    font.save(target)
    font.close()
    return target


def _to_quadratic(font: TTFont) -> None:
    """Replace the cubic outlines of a font by quadratic ones that differ by at most ``MAX_ERROR``."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        outlines.glyphs[name] = glyph = pen.glyph()
        glyph.recalcBounds(outlines)
    font["glyf"], font["loca"] = outlines, newTable("loca")
    del font["CFF "]
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for name in _NO_HINTS:
        setattr(limits, name, 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
    font.recalcTimestamp = False
