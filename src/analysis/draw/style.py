"""The house style of charts: fonts, colours, sizes. The one place to change it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import seaborn as sns
from matplotlib import font_manager

FAMILY = "Noto Sans CJK SC"
HIGHLIGHT, PEER, INK, SOFT, RULE, MASS = "#0072B2", "#7F7F7F", "#1F2328", "#59636E", "#D1D9E0", "#C4CBD2"
HIGHLIGHT_TINT, PEER_TINT = "#A9D2EA", "#D5DADF"
# The text block of a memo on A4, and a slide; type and marks on a slide are larger by SCALES.
WIDTHS_MM = {"memo": 156, "slide": 254}
SCALES = {"memo": 1.0, "slide": 1.5}
SLIDE_HEIGHT = 9 / 16  # of the width
DENSE_SLIDE = 1.2  # scale of a chart that does not fit one slide
TITLE, BODY, SMALL = 10.5, 8.5, 7.5  # points
DPI = 300


@cache
def register_fonts() -> None:
    """Make Noto Sans CJK known to matplotlib, from the package mpl-font; no system font is needed.

    One of the same name that the system has is left aside: it may be another version, or a collection of
    fonts that a PDF cannot embed.
    """
    manager = font_manager.fontManager
    manager.ttflist = [entry for entry in manager.ttflist if entry.name != FAMILY]
    for font in sorted(
        resources.files("mpl_font").joinpath("fonts/noto").iterdir(), key=lambda file: file.name
    ):
        with resources.as_file(font) as path:
            manager.addfont(str(path))


def settings() -> Any:
    """Return the matplotlib settings of every chart; same input gives the same bytes."""
    register_fonts()
    return {
        **sns.axes_style("white"),
        "font.family": [FAMILY],
        "font.size": BODY,
        # Hinting makes text wider or narrower with the resolution; a line that fits must fit at any.
        "text.hinting": "none",
        "text.color": INK,
        "axes.edgecolor": RULE,
        "axes.labelcolor": SOFT,
        "xtick.color": SOFT,
        # The font draws U+2212 full-width.
        "axes.unicode_minus": False,
        # A dollar sign in the data is a dollar sign.
        "text.parse_math": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "county-programme-analysis",
        "pdf.fonttype": 42,
    }
