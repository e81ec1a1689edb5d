"""A memo as a Word file: the template filled, charts and tables put in, the same bytes every time."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from typing import Any, cast

import jinja2
from docx.document import Document
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from docxtpl import DocxTemplate
from lxml import etree

from analysis.evidence.errors import InputError
from analysis.show.memo import endnotes, placeholders
from analysis.show.memo.archive import pack, unpack
from analysis.show.memo.binding import bind
from analysis.show.memo.calls import TEXTS_CALLED, Call, Given
from analysis.show.memo.drawing import grid, picture
from analysis.show.memo.ledger import NumeralLedger, attach
from analysis.show.memo.matching import Support
from analysis.show.memo.passages import ChartPart, Memo, Passage, TablePart
from analysis.show.memo.placing import Placing
from analysis.show.memo.template import PageLayout, StrictTemplate, default_template, open_template
from analysis.show.tablekit.text_widths import column_shares
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

MOST_DRAWN = 300  # charts and tables in one memo
MOST_OF_PAGE = 0.8  # of the height of the text block, for one chart
CHARACTERS_PER_MM = 0.58  # of Latin text in a table
# Where no document has a date. A memo has no time of its own: the same data gives the same bytes.
WORDED = ("title", "caption", "reference")  # what names a chart or a table, and so also one that is not there
NO_DATE = datetime.datetime(2000, 1, 1)
# A picture is a run of its own: before it ends the run of its placeholder, and after it another begins.
RUN_ENDS, RUN_BEGINS = "</w:t></w:r>", '<w:r><w:t xml:space="preserve">'
# What stands in a document needs no declaration of its main namespace.
DECLARED = ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class TemplateError(InputError):
    """A template that cannot be filled; ``messages`` name every fault."""

    def __init__(self, name: str, faults: list[str]) -> None:
        self.messages = [f"template {name}: {fault}" for fault in faults]
        super().__init__("\n".join(self.messages))


def make_document(
    memo: Memo,
    placing: Placing,
    ground: Callable[[Iterable[Passage]], list[Support]],
    *,
    author: str,
    date: str,
    template: bytes | None = None,
    name: str = "",
) -> bytes:
    """Return the memo as the bytes of a Word file, made from a template or from the default one.

    ``ground`` finds what numerals rest on, to which they are bound; ``placing`` places the values that the
    template names. Raises ``TemplateError`` with every fault of it: an
    unknown placeholder, a missing style, a text block too narrow for a chart.
    """
    if template is None:
        filled, _ = open_template(default_template(memo.language))
        assert filled is not None
    else:
        filled = checked_template(memo, placing, template, name)
    own_text = tuple(_own_text(filled))
    empty = filled.get_docx()
    first_note = endnotes.first_free(empty)
    rendering = Rendering(filled, PageLayout.of(empty), Text.of(memo.language), first_note, placing)
    _fill(filled, rendering.context(memo), name)
    # get_docx would read the template anew.
    document = cast(Document, filled.docx)
    set_properties(document.core_properties, memo, author, date)
    endnotes.add(document, rendering.notes, rendering.first_note)
    placed = tuple(placing.passages(document, memo, own_text))
    about = {"language": memo.language, **memo.about, **placing.about}
    passages = (*memo.shown, *(text for part in rendering.asked for text in part.passages), *placed)
    bound = bind(document, ground(passages))
    attach(document, NumeralLedger.of(about, passages, own_text, bound))
    buffer = io.BytesIO()
    filled.save(buffer)
    return pack(unpack(buffer.getvalue()))


def checked_template(memo: Memo, placing: Placing, template: bytes, name: str) -> StrictTemplate:
    """Return a template that fits a memo, ready to be filled; raises ``TemplateError`` with every fault."""
    opened, faults = open_template(template)
    if opened is not None:
        charts, tables = {*memo.charts, *memo.more_charts}, {*memo.tables, *memo.more_tables}
        faults += placeholders.faults(opened, {"charts": charts, "tables": tables}, placing.calls)
    if opened is None or faults:
        raise TemplateError(name, faults)
    return opened


def _fill(template: StrictTemplate, context: Mapping[str, Any], name: str) -> None:
    environment = placeholders.environment()
    environment.undefined = jinja2.StrictUndefined
    try:
        template.render(context, environment)
    except (jinja2.TemplateError, TypeError) as error:
        # A text has no length and no first item, whatever the filters say.
        raise TemplateError(name, [f"it cannot be filled: {error}"]) from error
    except SyntaxError as error:
        torn = (
            "it cannot be filled: a placeholder or a loop tears a paragraph or a table apart; put each "
            "{%p … %} into a paragraph of its own, and begin and end a loop in the same cell"
        )
        raise TemplateError(name, [torn]) from error


def _own_text(template: DocxTemplate) -> Iterator[str]:
    """Yield what the template says of its own, between its placeholders."""
    for _, xml in placeholders.parts(template):
        for text in placeholders.paragraphs(xml):
            yield from (part for part in re.split(r"\{[{%#].{0,2000}?[%}#]\}", text) if part.strip())


def set_properties(properties: Any, memo: Memo, author: str, date: str) -> None:
    """Say in a file what it is, by whom and of when, from the data alone."""
    made = datetime.datetime.fromisoformat(date) if date else NO_DATE
    properties.title, properties.author = memo.title.text[:255], author[:255]
    properties.last_modified_by, properties.revision = author[:255], 1
    properties.language = LANGUAGES[memo.language].tag
    properties.created = properties.modified = made
    properties.comments = memo.made.text[:255]


class Markup(str):
    """XML that a placeholder puts in as it is."""

    def __html__(self) -> str:
        return str(self)


def _xml(element: BaseOxmlElement) -> str:
    return etree.tostring(element, encoding="unicode").replace(DECLARED, "", 1)


@dataclass
class Rendering:
    """One document being filled: draws its charts and tables, and numbers what Word counts as it comes."""

    template: DocxTemplate
    layout: PageLayout
    text: Text
    first_note: int
    placing: Placing
    drawings: int = 0
    notes: list[str] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    marked: set[tuple[str, str]] = field(default_factory=set)
    asked: list[ChartPart | TablePart] = field(default_factory=list)

    def context(self, memo: Memo) -> dict[str, Any]:
        """Return what each placeholder stands for."""
        charts = Showing(self, memo.charts, memo.more_charts)
        tables = Showing(self, memo.tables, memo.more_tables)
        texts = {name: Cited(getattr(memo, name), self) for name in placeholders.TEXTS}
        lists = {
            name: [Cited(each, self) for each in getattr(memo, name)]
            for name, fields in placeholders.LISTS.items()
            if not fields
        }
        findings = [
            {"heading": section.heading, "sentences": [Cited(each, self) for each in section.sentences]}
            for section in memo.findings
        ]
        return {
            **texts, **lists, "findings": findings,
            "charts": Shelf(charts, tuple(memo.charts)), "tables": Shelf(tables, tuple(memo.tables)),
            "main_chart": next((charts[name] for name in memo.charts), None),
            "main_table": self.show_table(memo.headline, is_kept=True) if memo.headline else None,
            **self.placing.names, **{name: partial(self.place, name) for name in TEXTS_CALLED},
            "chart": partial(self.part, charts), "table": partial(self.part, tables),
        }  # fmt: skip

    def place(self, function: str, *given: Given, **options: Given) -> Cited:
        """Return the value that a call stands for."""
        value = self.placing.place(Call(function, given, options))
        return Cited(value.passage, self, value.exists)

    def part(self, shelf: Mapping[str, Shown], name: str) -> Shown:
        """Return a chart or a table by its name; where there is none, it is false and says so."""
        return shelf.get(name) or Shown(dict.fromkeys(WORDED, self.placing.absent), {}, exists=False)

    @property
    def in_body(self) -> bool:
        """Whether the text is being filled, and no header, footer, note or property."""
        return bool(self.template.current_rendering_part is self.template.docx._part)

    def note(self, note: Passage) -> Markup:
        """Return the mark of a new endnote."""
        self.notes.append(note.text)
        number = self.first_note + len(self.notes) - 1
        return self.markup([endnotes.mark(number)])

    def markup(self, elements: Iterable[BaseOxmlElement]) -> Markup:
        """Return elements that stand in a paragraph beside the runs of its text."""
        return Markup(RUN_ENDS + "".join(map(_xml, elements)) + RUN_BEGINS)

    def show_chart(self, part: ChartPart) -> Shown:
        """Return a chart as placeholders show it."""
        texts = {name: getattr(part, name) for name in ("title", "subtitle", "note", "source")}
        drawn = {"picture": partial(self.draw_chart, part)}
        return Shown(texts, drawn | self.labelled("chart", part.name, part.title))

    def show_table(self, part: TablePart, *, is_kept: bool = False) -> Shown:
        """Return a table as placeholders show it."""
        texts = {"title": part.title, "notes": () if part.source else part.notes}
        drawn = {"grid": partial(self.draw_table, part, is_kept=is_kept)}
        return Shown(texts, drawn | self.labelled("table", part.name, part.title))

    def labelled(self, kind: str, name: str, title: Passage) -> dict[str, Callable[[], Markup]]:
        """Return what makes the caption of a chart or table, and the reference to it."""
        return {
            "caption": partial(self.caption, kind, name, title),
            "reference": partial(self.reference, kind, name),
        }

    def number_drawing(self) -> int:
        """Return a number for a drawing that no other one of the document has; raises at too many."""
        self.drawings += 1
        if self.drawings > MOST_DRAWN:
            raise jinja2.TemplateRuntimeError(
                f"it asks for more than {MOST_DRAWN} charts or tables; take them out of loops within loops"
            )
        return self.drawings

    def label(self, kind: str, name: str) -> tuple[int, str]:
        """Return the number of a chart or table and its label: they count as they are first named."""
        taken = sum(each == kind for each, _ in self.numbers)
        number = self.numbers.setdefault((kind, name), taken + 1)
        return number, self.text(f"memo.label_{kind}", number=number)

    def caption(self, kind: str, name: str, title: Passage) -> Markup:
        """Return the title of a chart or table after its number."""
        number, label = self.label(kind, name)
        before, _, after = self.text("memo.caption", label="\0", title=title.text).partition("\0")
        is_new = (kind, name) not in self.marked
        self.marked.add((kind, name))
        place = self.first_note + len(self.marked)
        # One that is shown again refers to its first caption, which Word counts.
        runs = self._refer(kind, name, label)
        runs = endnotes.label_runs(label, number, kind, name, place) if is_new else runs
        return Markup(escape(before) + self.markup(runs) + escape(after))

    def reference(self, kind: str, name: str) -> Markup:
        """Return the number of a chart or table as a cross-reference."""
        _, label = self.label(kind, name)
        return self.markup(self._refer(kind, name, label))

    def _refer(self, kind: str, name: str, label: str) -> Iterator[BaseOxmlElement]:
        return endnotes.field_runs(f"REF {endnotes.bookmark_name(kind, name)} \\h", label)

    def draw_chart(self, part: ChartPart) -> Markup:
        """Return a chart as wide as the text block, in the part of the document that is being filled."""
        chart = replace(part.picture, width_mm=self.layout.width_mm)
        run = picture(
            cast(StoryPart, self.template.current_rendering_part),
            self.number_drawing(),
            part.name,
            part.alt.text,
            chart.svg(standalone=False),
            chart.png(standalone=False),
            most_height=round(self.layout.height * MOST_OF_PAGE),
        )
        return self.markup([run])

    def draw_table(self, part: TablePart, *, is_kept: bool) -> Markup:
        """Return a table as wide as the text block."""
        self.number_drawing()
        heads = self.text("number.list_separator").join(column.label for column in part.table.shown)
        table = grid(
            part.table,
            styles=self.layout.styles,
            shares=column_shares(part.table, round(self.layout.width_mm * CHARACTERS_PER_MM)),
            width=self.layout.width_twips,
            title=part.title.text,
            description=self.text("memo.described", columns=heads, rows=len(part.table.rows)),
            foot=[line.text for line in (*part.notes, part.source)] if part.source else (),
            is_kept=is_kept,
        )
        return Markup(_xml(table))


@dataclass(frozen=True)
class Cited:
    """A text as placeholders show it, with the mark of its note where it has one."""

    passage: Passage
    rendering: Rendering
    exists: bool = True

    def __str__(self) -> str:
        return self.passage.text

    def __bool__(self) -> bool:
        return self.exists and bool(self.passage)

    def __html__(self) -> str:
        note = self.passage.note
        shown = self.rendering.note(note) if note and self.rendering.in_body else ""
        return escape(self.passage.text) + shown


@dataclass(frozen=True, eq=False)
class Showing(Mapping[str, "Shown"]):
    """Charts or tables as placeholders show them; what is not of the default layout is noted as asked for."""

    rendering: Rendering
    parts: Mapping[str, Any]
    more: Mapping[str, Any]

    def __getitem__(self, name: str) -> Shown:
        if name in self.parts:
            part = self.parts[name]
        else:
            part = self.more[name]
            self.rendering.asked.append(part)
        show = self.rendering.show_chart if isinstance(part, ChartPart) else self.rendering.show_table
        return show(part)

    def __iter__(self) -> Iterator[str]:
        return iter((*self.parts, *self.more))

    def __len__(self) -> int:
        return len(self.parts) + len(self.more)


@dataclass(frozen=True)
class Shelf:
    """Charts or tables: those of the default layout one after another, and each of all by its name."""

    parts: Mapping[str, Any]
    shown: tuple[str, ...]

    def __iter__(self) -> Iterator[Any]:
        return (self.parts[name] for name in self.shown)

    def __len__(self) -> int:
        return len(self.shown)

    def __getattr__(self, name: str) -> Any:
        parts: Mapping[str, Any] = self.__dict__["parts"]
        for key in (name, name.replace("_", "-")):
            if key in parts:
                return parts[key]
        raise AttributeError(name)


@dataclass(frozen=True)
class Shown:
    """A chart or a table as placeholders show it: its texts, and what is ``made`` when it is asked for."""

    texts: Mapping[str, Any]
    made: Mapping[str, Callable[[], Any]]
    exists: bool = True

    def __bool__(self) -> bool:
        return self.exists

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__["made"]:
            return self.made[name]()
        if name in self.__dict__["texts"]:
            return self.texts[name]
        if not self.__dict__["exists"]:
            return ""
        raise AttributeError(name)
