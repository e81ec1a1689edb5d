"""Controls that hold several widgets: the programmes to show, and the choices that touch what is shown."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace

import ipywidgets as widgets

from analysis.evidence.dataset import Dataset
from analysis.show.panel.html_pieces import fold, heading, in_turn, mark_language, show_options
from analysis.show.panel.scene import OpenChoice, Scene
from analysis.show.panel.state import PanelState
from analysis.words.labels import Labels
from analysis.words.language import Text

MOST_LISTED = 100  # names in the list at once
FEW = 12  # names that need no search
_LABELS = ("label", "label_zh", "label_zh_hant")

Change = Callable[[Callable[[PanelState], PanelState]], None]


class ProgrammeBox:
    """A list of programmes in which several can be marked, with a field to find some among many."""

    def __init__(self, data: Dataset, change: Change) -> None:
        frame = data.programmes
        self._names = list(zip(frame["programme_id"], *(frame[name] for name in _LABELS), strict=True))
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
        """Show the list in the language of the scene: what is marked, and what fits the search."""
        self._scene, text = scene, scene.text
        marked = scene.state.programmes
        options = list(self._options(text, marked))
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
            hints.append(
                text("explore.found" if options else "explore.not_found", shown=found, number=number)
            )
        self.hint.value = heading("", scene.labels.sentences(hints), text)

    def _options(self, text: Text, marked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield the first programmes whose id, or name in any language, fits the search, and all marked ones.

        They keep the order of the data, so that no list moves under the pointer that marks something in it.
        """
        sought, left = self.find.value.strip().lower(), MOST_LISTED
        for programme, en, zh, traditional in self._names:
            shown = text.pick(en, zh, traditional)
            fits = sought in f"{programme} {en} {zh} {shown}".lower() and left > 0
            left -= fits
            if fits or programme in marked:
                yield shown, programme


class ChoiceBox:
    """One choice: its readings to choose from, and below them those that arithmetic rules out."""

    def __init__(self, choice: OpenChoice, change: Change) -> None:
        self.choice = choice
        self.radio = widgets.RadioButtons()
        self.radio.observe(in_turn(lambda event: self._settle(change, event["new"])), "value")
        self.ruled_out = widgets.HTML()
        self.box = widgets.VBox([self.radio, self.ruled_out])

    def _settle(self, change: Change, reading: str | None) -> None:
        if reading is not None:
            change(lambda state: state.settle(self.choice.choice_id, reading))

    def show(self, choice: OpenChoice, labels: Labels) -> None:
        """Show the choice in the language of the reader, with the reading that is chosen."""
        self.choice, text = choice, labels.text
        self.radio.description = choice.question
        options = []
        for row in choice.possible:
            label = labels.of(row, "label")
            options.append((text("explore.default", label=label) if row.is_default else label, row.reading))
        if not choice.definitional:
            options.insert(0, (text("explore.all_readings"), ""))
        show_options(self.radio, options, choice.chosen)
        ruled_out = _list_ruled_out(choice, labels) if choice.ruled_out else ""
        self.ruled_out.value = mark_language(ruled_out, text) if ruled_out else ""


def _list_ruled_out(choice: OpenChoice, labels: Labels) -> str:
    pairs = ((labels.of(row, "label"), labels.of(row, "reason")) for row in choice.ruled_out)
    items = "".join(f"<li><s>{html.escape(label)}</s> {html.escape(reason)}</li>" for label, reason in pairs)
    title = labels.text("explore.ruled_out", number=labels.text.number(len(choice.ruled_out)))
    return fold(title, f"<ul>{items}</ul>", style="analysis-out analysis-hint")


class ChoiceBoxes:
    """All choices that touch what is shown. A box that stays keeps its widgets, and so the keyboard focus."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._boxes: dict[str, ChoiceBox] = {}
        self.uncertain, self.definitional, self.none = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.reset = widgets.Button(icon="undo")
        self.reset.on_click(in_turn(lambda _: change(lambda state: replace(state, readings={}))))
        self.box = widgets.VBox()

    def show(self, scene: Scene) -> None:
        """Show the choices of a scene: what the text leaves open first, then what the analyst decides."""
        text, members = scene.text, []
        self.reset.description = text("explore.reset")
        self.reset.disabled = not scene.settled
        for title, kind in ((self.uncertain, "uncertain"), (self.definitional, "definitional")):
            chosen = [choice for choice in scene.choices if choice.definitional is (kind == "definitional")]
            title.value = heading(text(f"explore.{kind}"), text(f"explore.{kind}_hint"), text)
            members += [title, *(self._box(choice, scene.labels) for choice in chosen)] if chosen else []
        if not scene.choices:
            key = "many_choices" if scene.unlisted else "no_choices"
            self.none.value = heading("", text(f"explore.{key}", number=text.number(scene.unlisted)), text)
        members.append(self.reset if scene.choices else self.none)
        if self.box.children != tuple(members):
            self.box.children = members

    def _box(self, choice: OpenChoice, labels: Labels) -> widgets.VBox:
        box = self._boxes.setdefault(choice.choice_id, ChoiceBox(choice, self._change))
        box.show(choice, labels)
        return box.box
