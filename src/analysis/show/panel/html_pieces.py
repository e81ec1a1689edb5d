"""What the parts of the panel share: its style sheet, lists of options, pieces of HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import wraps
from threading import RLock
from typing import Any

from analysis.words.language import Text

# Labels above their controls, so that long words of any language fit; one column where two do not.
STYLE = """<style>
.analysis-panel { max-width: 78rem; }
.analysis-panel .analysis-columns { display: flex; flex-flow: row wrap; gap: 1rem 2rem; overflow: visible; }
.analysis-panel .analysis-settings { flex: 1 1 17rem; max-width: 26rem; min-width: 0; overflow: visible; }
.analysis-panel .analysis-shown { flex: 3 1 26rem; min-width: 0; overflow: visible; }
.analysis-panel .widget-inline-hbox, .analysis-panel .widget-radio {
  flex-direction: column; align-items: stretch; width: auto; height: auto; margin: 2px 2px 8px; }
.analysis-panel .widget-inline-hbox .widget-label, .analysis-panel .widget-radio .widget-label { flex: none;
  width: auto; max-width: none; height: auto; text-align: left; font-weight: 600; white-space: normal;
  line-height: 1.4 !important; overflow: visible; }
.analysis-panel .widget-dropdown > select, .analysis-panel .widget-select-multiple > select,
.analysis-panel .widget-text input[type="text"] { flex: none; width: 100%; max-width: 100%;
  box-sizing: border-box; }
.analysis-panel .widget-dropdown > select, .analysis-panel .widget-text input[type="text"] { height: 2rem; }
.analysis-panel .analysis-shown .widget-dropdown { max-width: 24rem; }
.analysis-panel .widget-radio .widget-radio-box { flex: none; margin: 0; width: 100%; max-width: 100%;
  height: auto; }
.analysis-panel .widget-radio-box label { white-space: normal; height: auto; line-height: 1.4; margin: 2px 0;
  display: grid; grid-template-columns: 1.5rem minmax(0, 1fr); align-items: start; }
.analysis-panel .widget-radio-box label input { grid-column: 1; grid-row: 1; width: 1rem; height: 1rem;
  margin: .15rem 0 0; }
.analysis-panel .widget-html, .analysis-panel .widget-html-content { height: auto; width: auto;
  max-width: 100%; line-height: 1.5; overflow-wrap: break-word; }
.analysis-panel p { margin: 0 0 .3rem; }
.analysis-panel .analysis-finding p:first-child { font-weight: 600; }
.analysis-panel .analysis-hint { color: var(--jp-ui-font-color2, #59636e); font-size: .85rem; }
.analysis-panel .analysis-heading { font-weight: 700; font-size: 1rem; margin: .6rem 0 0; }
.analysis-panel .analysis-out s { text-decoration-thickness: 1px; }
.analysis-panel .analysis-scroll { overflow-x: auto; }
.analysis-panel .analysis-scroll table { min-width: 28rem; }
.analysis-panel figure { margin: .5rem 0; }
.analysis-panel figcaption { font-size: .9em; }
.analysis-panel .analysis-shown img { max-width: 100%; background: #fff; }
.analysis-panel .widget-button { width: auto; height: auto; min-height: 2.2rem; white-space: normal;
  line-height: 1.4; align-self: flex-start; }
.analysis-panel pre { white-space: pre-wrap; }
.analysis-panel summary { cursor: pointer; padding: .3rem 0; }
.analysis-panel :focus-visible { outline: 2px solid #0072b2; outline-offset: 2px; }
</style>"""


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
