"""The chart of the panel: its marks open the evidence, as the list of places below it does."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace

from analysis.show.panel.html_pieces import PANEL
from analysis.show.panel.scene import Scene

_MARK = re.compile(r'<g data-rests="[^"]*" aria-label="([^"]*)">')
# The list of places is the only way to the kernel: what a mark does is choose in it.
_OPEN = html.escape((PANEL / "mark.js").read_text(encoding="utf-8"))


def marked_chart(scene: Scene) -> str:
    """Return the chart without its notes, each of its marks a button that opens what it rests on."""
    places = {_said(scene, row.label, row.text): row.label for row in scene.chart.rows}
    numbers = {name: number for number, name in enumerate(scene.items.values())}
    found = {said: numbers[label] for said, label in places.items() if label in numbers}
    drawn = replace(scene.chart, note="", source="")._repr_html_().replace('role="img"', 'role="group"')
    hint = html.escape(scene.text("explore.open"))
    shown = _MARK.sub(lambda match: _button(match, found, hint), drawn)
    return f'<div onclick="{_OPEN}" onkeydown="{_OPEN}">{shown}</div>'


def _said(scene: Scene, label: str, value: str) -> str:
    return html.escape(scene.text("number.labelled", label=label, value=value))


def _button(match: re.Match[str], numbers: Mapping[str, int], hint: str) -> str:
    said = match[1]
    if said not in numbers:
        return match[0]
    named = f'class="analysis-mark" role="button" tabindex="0" data-item="{numbers[said]}"'
    return f'<g {named} aria-label="{said}"><title>{said}\n{hint}</title>'
