"""Which programmes are shown: one list that the reader narrows by typing, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import ipywidgets as widgets

from analysis.evidence.dataset import Dataset
from analysis.show.panel.pieces import heading, in_turn
from analysis.show.panel.scene import Scene
from analysis.show.panel.state import State
from analysis.words.language import Text

MOST_LISTED = 100  # names in the list at once
FEW = 12  # names that need no search

Change = Callable[[Callable[[State], State]], None]


class ProgrammeBox:
    """A list of programmes in which several can be marked, with a field to find some among many."""

    def __init__(self, data: Dataset, change: Change) -> None:
        frame = data.programmes
        self._names = list(zip(frame["programme_id"], frame["label"], frame["label_zh"], strict=True))
        self._scene: Scene | None = None
        self._setting = False
        self.find = widgets.Text(continuous_update=False)
        self.find.observe(in_turn(self._search), "value")
        self.list = widgets.SelectMultiple(rows=min(6, len(self._names)))
        self.list.observe(in_turn(lambda event: self._mark(change, event["new"])), "value")
        self.hint = widgets.HTML()
        searched = [self.find] if len(self._names) > FEW else []
        self.box = widgets.VBox([*searched, self.list, self.hint])

    def _search(self, _: object) -> None:
        if self._scene:
            self.show(self._scene)

    def _mark(self, change: Change, marked: tuple[str, ...]) -> None:
        if not self._setting:
            change(lambda state: replace(state, programmes=tuple(marked)))

    def show(self, scene: Scene) -> None:
        """Show the list in the language of the scene: what is marked first, then what fits the search."""
        self._scene, text = scene, scene.text
        marked = scene.state.programmes
        options = [*self._listed(text, marked)]
        self.find.description = text("explore.find")
        self.find.placeholder = text("explore.find_hint")
        self.list.description = text("explore.programmes")
        self._setting = True
        if self.list.options != tuple(options):
            self.list.value = ()
            self.list.options = options
        self.list.value = marked
        self._setting = False
        hints = [text("explore.programmes_hint")]
        if len(options) < len(self._names):
            found, number = (text.number(n) for n in (len(options), len(self._names)))
            hints.append(text("explore.found", shown=found, number=number))
        self.hint.value = heading("", scene.labels.sentences(hints), text)

    def _listed(self, text: Text, marked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield the marked programmes, then others whose id, or name in any language, fits the search."""
        sought, left = self.find.value.strip().lower(), MOST_LISTED
        rows = sorted(self._names, key=lambda row: row[0] not in marked) if marked else self._names
        for programme, en, zh in rows:
            shown = text.pick(en, zh)
            fits = sought in f"{programme} {en} {zh} {shown}".lower()
            if programme in marked or (fits and left > 0):
                left -= programme not in marked
                yield shown, programme
