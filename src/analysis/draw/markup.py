"""What elements of HTML and SVG say of themselves, for the page that they come to stand on."""

from __future__ import annotations

import html

RESTS = "data-rests"
"""The attribute that names the figures which the numbers in an element rest on."""


def resting(figure_ids: str) -> str:
    """Return the attribute that names some figures, ids with spaces between; empty without any."""
    return f' {RESTS}="{html.escape(figure_ids)}"' if figure_ids else ""
