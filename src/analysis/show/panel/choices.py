"""The choices that touch what is shown: uncertain ones and definitions apart, ruled-out readings named."""

from __future__ import annotations

import html
from dataclasses import replace

import ipywidgets as widgets

from analysis.show.panel.pieces import heading, in_turn, show_options, titled
from analysis.show.panel.programmes import Change
from analysis.show.panel.scene import OpenChoice, Scene
from analysis.show.panel.state import State
from analysis.words.language import Text


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
            change(lambda state: state.settled(self.choice.choice_id, reading))

    def show(self, choice: OpenChoice, text: Text) -> None:
        """Show the choice in the language of the reader, with the reading that is chosen."""
        self.choice = choice
        self.radio.description = choice.question
        options = [
            (text("explore.default", label=a.label) if a.is_default else a.label, a.reading)
            for a in choice.possible
        ]
        if not choice.definitional:
            options.insert(0, (text("explore.all_readings"), ""))
        show_options(self.radio, options, choice.chosen)
        self.ruled_out.value = titled(self._ruled_out(choice, text), text) if choice.ruled_out else ""

    def _ruled_out(self, choice: OpenChoice, text: Text) -> str:
        items = "".join(
            f"<li><s>{html.escape(a.label)}</s> {html.escape(a.reason)}</li>" for a in choice.ruled_out
        )
        title = html.escape(text("explore.ruled_out", number=text.number(len(choice.ruled_out))))
        style = "analysis-out analysis-hint"
        return f'<details class="{style}"><summary>{title}</summary><ul>{items}</ul></details>'


class ChoiceBoxes:
    """All choices that touch what is shown. A box that stays keeps its widgets, and so the keyboard focus."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._boxes: dict[str, ChoiceBox] = {}
        self.uncertain, self.definitional, self.none = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.reset = widgets.Button(icon="undo")
        self.reset.on_click(in_turn(lambda _: change(_without_readings)))
        self.box = widgets.VBox()

    def show(self, scene: Scene) -> None:
        """Show the choices of a scene: what the text leaves open first, then what the analyst decides."""
        text, members = scene.text, []
        self.reset.description = text("explore.reset")
        self.reset.disabled = not scene.settled
        for title, definitional in ((self.uncertain, False), (self.definitional, True)):
            chosen = [choice for choice in scene.choices if choice.definitional is definitional]
            kind = "definitional" if definitional else "uncertain"
            title.value = heading(text(f"explore.{kind}"), text(f"explore.{kind}_hint"), text)
            members += [title] if chosen else []
            members += [self._box(choice, text) for choice in chosen]
        if scene.choices:
            members.append(self.reset)
        else:
            key = "many_choices" if scene.unlisted else "no_choices"
            self.none.value = heading("", text(f"explore.{key}", number=text.number(scene.unlisted)), text)
            members.append(self.none)
        if self.box.children != tuple(members):
            self.box.children = members

    def _box(self, choice: OpenChoice, text: Text) -> widgets.VBox:
        box = self._boxes.setdefault(choice.choice_id, ChoiceBox(choice, self._change))
        box.show(choice, text)
        return box.box


def _without_readings(state: State) -> State:
    return replace(state, readings={})
