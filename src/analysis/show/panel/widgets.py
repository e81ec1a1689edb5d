"""The panel itself: native widgets for the settings, and beside them what they show."""

from __future__ import annotations

import base64
import html
import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from analysis.estimates.prices import PRINTED, price_years
from analysis.show.panel.controls import ChoiceBoxes, ProgrammeBox
from analysis.show.panel.html_pieces import fold, heading, in_turn, mark_language, show_options, style_sheet
from analysis.show.panel.marks import marked_chart
from analysis.show.panel.scene import Scene
from analysis.show.panel.scene_files import folder_of, write_scene
from analysis.show.panel.state import Desk, PanelState
from analysis.words.languages import LANGUAGES

LATEST = 0  # for a list of years: one without a value would show nothing


class Panel(widgets.VBox):  # type: ignore[misc]
    """The panel that ``explore`` shows. ``state`` are its settings, ``scene`` is what it shows.

    Every control is a native form element with a label, so that it works from the keyboard; they come in the
    order in which they narrow what is shown. However many programmes there are, the widgets stay the same.
    """

    def __init__(self, desk: Desk, state: PanelState, out: Path, documents: Path | None = None) -> None:
        self.desk, self.out, self.documents = desk, out, documents
        self.scene = Scene(desk, state, documents)
        self._busy = False
        self._make_controls()
        self._make_views()
        settings = widgets.VBox([*self._settings])
        settings.add_class("analysis-settings")
        shown = widgets.VBox([*self._shown])
        shown.add_class("analysis-shown")
        columns = widgets.Box([settings, shown])
        columns.add_class("analysis-columns")
        super().__init__([widgets.HTML(style_sheet()), columns])
        self.add_class("analysis-panel")
        self._show()

    def __repr__(self) -> str:
        # What stands where no widget can be drawn: in a page, in a terminal.
        return f"[{self.scene.text('explore.static')}] {self.scene.sentences[0]}"

    @property
    def state(self) -> PanelState:
        """The settings."""
        return self.scene.state

    @state.setter
    def state(self, state: PanelState) -> None:
        self.scene = Scene(self.desk, state, self.documents)
        self._show()

    @property
    def comparison(self) -> Any:
        """The comparison that is shown, to work on with: ``panel.comparison.ranking()``."""
        return self.scene.comparison

    def _make_controls(self) -> None:
        self.language = self._chooser(lambda value: replace(self.state, language=value))
        self.theme = self._chooser(
            lambda value: replace(self.state, theme=value, question=self.desk.first(value))
        )
        self.measure = self._chooser(
            lambda value: replace(self.state, question=self.desk.questions[value][0])
        )
        self.question = self._chooser(lambda value: replace(self.state, question=value))
        self.prices = self._chooser(lambda value: replace(self.state, price_year=value or None))
        self.programmes = ProgrammeBox(self.desk.data, self._change)
        self.choices = ChoiceBoxes(self._change)
        self._settings = (
            self.language, self.theme, self.measure, self.question, self.prices, self.programmes.box,
            self.choices.box,
        )  # fmt: skip

    def _make_views(self) -> None:
        self.chart, self.sentence, self.order, self.notes = (widgets.HTML() for _ in range(4))
        self.chart.add_class("analysis-chart")
        self.item = widgets.Dropdown()
        self.item.observe(in_turn(lambda _: self._choose_item()), "value")
        self.item.add_class("analysis-item")
        self.evidence, self.code, self.written = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.export = widgets.Button(icon="download")
        self.export.on_click(in_turn(lambda _: self._write()))
        self._shown = (
            self.chart, self.sentence, self.item, self.evidence, self.order, self.notes, self.export,
            self.written, self.code,
        )  # fmt: skip

    def _chooser(self, change: Callable[[Any], PanelState]) -> widgets.Dropdown:
        chooser = widgets.Dropdown()
        chooser.observe(in_turn(lambda event: self._change(lambda _: change(event["new"]))), "value")
        return chooser

    def _change(self, change: Callable[[PanelState], PanelState]) -> None:
        """Take over a setting that the reader has changed; what the panel sets itself is no change."""
        if not self._busy:
            self.state = change(self.state)

    def _choose_item(self) -> None:
        if not self._busy:
            self._show_evidence()

    @contextmanager
    def _setting(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _show(self) -> None:
        with self._setting():
            self._show_settings()
            self._show_scene()

    def _show_settings(self) -> None:
        text, state, labels = self.scene.text, self.state, self.scene.labels
        self.language.description = text("explore.language")
        show_options(self.language, [(each.name, code) for code, each in LANGUAGES.items()], state.language)
        self.theme.description = text("table.theme")
        themes = [(text(f"report.section_{theme}"), theme) for theme in self.desk.themes]
        show_options(self.theme, themes, state.theme)
        self.measure.description = text("table.measure")
        measures = [(self._measure(code), code) for code in self.desk.measures(state.theme)]
        show_options(self.measure, measures, state.measure)
        self.question.description = text("explore.of_what")
        questions = [
            (self._counted(labels.dimensions(q.key) or text("explore.whole"), q.reporting), q)
            for q in self.desk.questions[state.measure]
        ]
        show_options(self.question, questions, state.question)
        self.prices.description = text("explore.prices")
        years = [(text("chart.constant", year=y), y) for y in reversed(price_years(self.desk.data))]
        first = [(text("explore.latest_prices"), LATEST), (text("chart.nominal"), PRINTED)]
        show_options(self.prices, [*first, *years], state.price_year)
        self.programmes.show(self.scene)
        self.choices.show(self.scene)

    def _measure(self, code: str) -> str:
        reporting = max(question.reporting for question in self.desk.questions[code])
        return self._counted(self.scene.labels.measure(code), reporting)

    def _counted(self, name: str, reporting: int) -> str:
        number, total = (self.scene.text.number(n) for n in (reporting, len(self.desk.data.programme_ids)))
        return self.scene.text("explore.counted", name=name, reporting=number, total=total)

    def _show_scene(self) -> None:
        scene, text = self.scene, self.scene.text
        finding = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in scene.sentences)
        self.sentence.value = mark_language(
            f'<div class="analysis-finding" role="status">{finding}</div>', text
        )
        self.chart.value = mark_language(marked_chart(scene), text)
        notes = "".join(
            f"<p>{html.escape(line)}</p>" for line in (scene.chart.note, scene.chart.source) if line
        )
        self.notes.value = mark_language(f'<div class="analysis-hint">{notes}</div>', text)
        self.order.value = mark_language("".join(self._tables()), text)
        self.item.description = text("explore.evidence")
        self.item.layout.display = "" if scene.items else "none"
        items = [(name, item) for item, name in scene.items.items()]
        show_options(self.item, items, self.item.value if self.item.value in scene.items else None)
        self._show_evidence()
        self.export.description = text("explore.export")
        self.written.value = ""
        code = f'<pre class="analysis-code" tabindex="0">{html.escape(scene.code)}</pre>'
        self.code.value = mark_language(
            f"{heading(text('explore.code'), text('explore.code_hint'), text)}{code}", text
        )

    def _tables(self) -> Iterator[str]:
        if self.scene.order:
            yield f'<div class="analysis-scroll">{self.scene.order.html()}</div>'
        if self.scene.left_out:
            number = self.scene.text.number(len(self.scene.comparison.left_out))
            title = self.scene.text("explore.not_compared", title=self.scene.left_out.title, number=number)
            table = replace(self.scene.left_out, title="")
            yield fold(title, f'<div class="analysis-scroll">{table.html()}</div>')

    def _show_evidence(self) -> None:
        card = self.scene.evidence(self.item.value).html() if self.item.value else ""
        self.evidence.value = mark_language(card, self.scene.text) if card else ""

    def _write(self) -> None:
        files = write_scene(self.scene, self.out)
        folder = f"{self.out.name}/{folder_of(self.scene)}"
        text = self.scene.text
        message = html.escape(text("explore.exported", number=len(files), folder=folder))
        names = "".join(f"<li>{_link(file)}</li>" for file in files)
        self.written.value = mark_language(f'<p role="status">{message}</p><ul>{names}</ul>', text)


def _link(file: Path) -> str:
    """Return a link that saves a file: it holds the file, so that it works wherever the kernel runs."""
    kind = mimetypes.guess_type(file.name)[0] or "text/plain"
    content = base64.b64encode(file.read_bytes()).decode()
    name = html.escape(file.name)
    return f'<a download="{name}" href="data:{kind};base64,{content}">{name}</a>'
