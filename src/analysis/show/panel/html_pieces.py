"""What the parts of the panel share: its style sheet, lists of options, pieces of HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import Any

from analysis.words.language import Text

PANEL = Path(__file__).parents[1] / "templates" / "panel"
"""Where the style sheet and the script of the panel are."""


def style_sheet() -> str:
    """Return the style of the panel.

    Labels stand above their controls, so that long words of any language fit. The chart stays in view; two
    columns become one where they do not fit.
    """
    return f"<style>\n{(PANEL / 'panel.css').read_text(encoding='utf-8')}</style>"


# JupyterLab may have each widget answered in a thread of its own, and matplotlib is not made for that.
_TURN = RLock()


def in_turn(step: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return what answers a widget as a step that waits until the one before it is done."""

    @wraps(step)
    def waiting(event: Any) -> None:
        with _TURN:
            step(event)

    return waiting


def show_options(control: Any, options: Sequence[tuple[str, Any]], chosen: Any) -> None:
    """Show the options with one chosen, the first if it is ``None``; what is shown already is left alone."""
    if tuple(control.options) != tuple(options):
        control.options = options
    if chosen is None and options:
        chosen = options[0][1]
    if control.value != chosen:
        control.value = chosen


def mark_language(content: str, text: Text) -> str:
    """Return HTML that says which language it is in."""
    return f'<div lang="{text.language}">{content}</div>'


def heading(words: str, hint: str, text: Text) -> str:
    """Return a heading with a hint below it; it stays out of the notebook's table of contents."""
    title = f'<div class="analysis-heading" role="heading" aria-level="3">{html.escape(words)}</div>'
    below = f'<div class="analysis-hint">{html.escape(hint)}</div>' if hint else ""
    return mark_language(title + below, text)


def fold(title: str, content: str, style: str = "") -> str:
    """Return HTML that opens with a click or with the keyboard."""
    css = f' class="{style}"' if style else ""
    return f"<details{css}><summary>{html.escape(title)}</summary>{content}</details>"
