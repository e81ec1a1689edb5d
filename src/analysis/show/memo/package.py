"""A memo as a Word file: the template filled, charts and tables put in, the same bytes every time."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from xml.sax.saxutils import escape

import jinja2
from docx.document import Document
from docx.parts.story import StoryPart
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined

from analysis.draw import Chart, Picture, style
from analysis.show.memo import layout, placeholders
from analysis.show.memo.barchart import barchart_xml
from analysis.show.memo.bars import Bars, as_bars, bars, drawable
from analysis.show.memo.content import ChartPart, Memo, TablePart
from analysis.show.memo.facts import Basis, Fact, Passage, tidy
from analysis.show.memo.layout import Layout
from analysis.show.memo.ledger import Ledger, attach
from analysis.show.memo.native import table_xml
from analysis.show.memo.opening import StrictTemplate, opened
from analysis.show.memo.pictures import EMU_PER_INCH, picture_xml
from analysis.show.memo.template import default_template
from analysis.show.memo.zipped import unzipped, zipped
from analysis.show.params import ParameterError
from analysis.show.tablekit.layout import column_shares
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

MOST_DRAWN = 300  # charts, groups of charts and tables in one memo
MOST_OF_PAGE = 0.8  # of the height of the text block, for one chart
BETWEEN_GROUPS = '<w:r><w:br/></w:r><w:r><w:rPr><w:sz w:val="12"/></w:rPr><w:br/></w:r>'
CHARACTERS_PER_MM = 0.58  # of Latin text in a table
# Where no document has a date. A memo has no time of its own: the same data gives the same bytes.
NO_DATE = datetime.datetime(2000, 1, 1)


class TemplateError(ParameterError):
    """A template that cannot be filled; ``messages`` name every fault."""

    def __init__(self, name: str, faults: list[str]) -> None:
        self.messages = [f"template {name}: {fault}" for fault in faults]
        ValueError.__init__(self, "\n".join(self.messages))


def write(
    memo: Memo, *, author: str, date: str, template: bytes | None = None, name: str = "", native: bool = False
) -> bytes:
    """Return the memo as the bytes of a Word file, made from a template or from the default one.

    Raises ``TemplateError`` with every fault of a template: an unknown placeholder, a missing style, a text
    block too narrow for a chart. ``native`` has Word itself draw the charts that it can.
    """
    filled, found = opened(template or default_template(memo.language))
    if filled is None:
        raise TemplateError(name, found)
    document = cast(Document, filled.get_docx())
    charts, tables = memo.charts | memo.more_charts, memo.tables | memo.more_tables
    found += layout.faults(document)
    found += placeholders.faults(filled, {"charts": charts, "tables": tables})
    if found:
        raise TemplateError(name, found)
    static = tuple(_static(filled))
    setting = Setting(filled, Layout.of(document), Text.of(memo.language), native)
    _fill(filled, setting.context(memo), name)
    # get_docx would read the template anew.
    document = cast(Document, filled.docx)
    _set_properties(document, memo, author, date)
    ledger = Ledger.of(memo, (*memo.passages, *setting.passages), static)
    attach(document, ledger)
    buffer = io.BytesIO()
    filled.save(buffer)
    return zipped(unzipped(buffer.getvalue()))


def _fill(template: StrictTemplate, context: Mapping[str, Any], name: str) -> None:
    environment = placeholders.environment()
    environment.undefined = StrictUndefined
    try:
        template.render(context, environment)
    except jinja2.TemplateError as error:
        raise TemplateError(name, [f"it cannot be filled: {error.message}"]) from error
    except SyntaxError as error:
        torn = (
            "it cannot be filled: a placeholder or a loop tears a paragraph or a table apart; put each "
            "{%p … %} into a paragraph of its own, and begin and end a loop in the same cell"
        )
        raise TemplateError(name, [torn]) from error


def _static(template: DocxTemplate) -> Iterator[str]:
    """Yield what the template says of its own, between its placeholders."""
    for _, xml in placeholders.parts(template):
        for paragraph in re.findall(r"<w:p[ >].*?</w:p>", xml, flags=re.DOTALL):
            text = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph))
            yield from (part for part in re.split(r"\{[{%#].{0,2000}?[%}#]\}", text) if part.strip())


@dataclass
class Setting:
    """Turns the parts of a memo into what placeholders show, and numbers charts and tables as they come."""

    template: DocxTemplate
    layout: Layout
    text: Text
    native: bool = False
    drawings: int = 0
    passages: list[Passage] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def context(self, memo: Memo) -> dict[str, Any]:
        """Return what each placeholder stands for."""
        parts = {name: self.shown(part) for name, part in (memo.charts | memo.more_charts).items()}
        charts = {name: ChartView(self, part) for name, part in parts.items()}
        tables = {name: TableView(self, part) for name, part in (memo.tables | memo.more_tables).items()}
        return {
            "title": memo.title, "lead": memo.lead, "caution": memo.caution, "made": memo.made,
            "findings": memo.findings, "notes": memo.notes, "sources": memo.sources, "method": memo.method,
            "charts": Shelf(charts, tuple(memo.charts)),
            "tables": Shelf(tables, tuple(memo.tables)),
        }  # fmt: skip

    def bars(self, picture: Picture) -> tuple[Bars, ...]:
        """Return a chart as native charts of Word; none where it needs the picture or fits no page."""
        if not self.native or not drawable(picture):
            return ()
        made = tuple(bars(replace(picture, width_mm=self.layout.width_mm)))
        most = self.layout.height * MOST_OF_PAGE / EMU_PER_INCH
        return made if all(each.height <= most for each in made) else ()

    def shown(self, part: ChartPart) -> ChartPart:
        """Return a chart as it is drawn: with bars and the words for them where Word draws it itself."""
        if not (isinstance(part.picture, Chart) and self.bars(part.picture)):
            return part
        chart = as_bars(part.picture)
        note, alt = (replace(part.alt, text=tidy(text)) for text in (chart.note, chart.alt))
        self.passages += (note, alt)
        return replace(part, note=note, alt=alt)

    def say(self, text: str, part: ChartPart) -> str:
        """Return text of a chart as the document holds it, kept for the ledger."""
        self.passages.append(replace(part.alt, text=tidy(text)))
        return self.passages[-1].text

    @property
    def story(self) -> StoryPart:
        """The part of the document that is being filled: its body, a header or a footer."""
        return cast(StoryPart, self.template.current_rendering_part)

    def drawing(self) -> int:
        """Return a number for a drawing that no other one of the document has; raises at too many."""
        self.drawings += 1
        if self.drawings > MOST_DRAWN:
            raise jinja2.TemplateRuntimeError(
                f"it asks for more than {MOST_DRAWN} charts or tables; take them out of loops within loops"
            )
        return self.drawings

    def number(self, kind: str, name: str) -> int:
        """Return the number of a chart or table: in the order in which captions are asked for."""
        taken = sum(each == kind for each, _ in self.numbers)
        return self.numbers.setdefault((kind, name), taken + 1)

    def caption(self, kind: str, name: str, title: Passage) -> Passage:
        """Return the title after the kind and number of what it is the title of."""
        number = self.number(kind, name)
        label = self.text(f"memo.label_{kind}", number=number)
        fact = Fact(f"number of {kind} {name} in the memo", float(number), f"#{kind}", label)
        said = self.text("memo.caption", label=label, title=title.text)
        passage = Passage(tidy(said), (*title.rests_on, Basis(f"caption of {kind} {name}", (fact,))))
        self.passages.append(passage)
        return passage


class Markup(str):
    """XML that a placeholder puts in as it is."""

    def __html__(self) -> str:
        return str(self)


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
class ChartView:
    """A chart as placeholders show it."""

    setting: Setting
    part: ChartPart

    def __getattr__(self, name: str) -> Passage:
        if name in ("title", "subtitle", "note", "source"):
            return cast(Passage, getattr(self.part, name))
        raise AttributeError(name)

    @property
    def caption(self) -> Passage:
        """The title after its number."""
        return self.setting.caption("chart", self.part.name, self.part.title)

    @property
    def picture(self) -> Markup:
        """The chart itself, as wide as the text block."""
        native = self.setting.bars(self.part.picture)
        runs = self._bars(native) if native else self._picture()
        return Markup(f'</w:t></w:r>{runs}<w:r><w:t xml:space="preserve">')

    def _picture(self) -> str:
        chart = replace(self.part.picture, width_mm=self.setting.layout.width_mm)
        drawing = picture_xml(
            self.setting.story,
            self.setting.drawing(),
            self.part.name,
            self.part.alt.text,
            chart.svg(standalone=False),
            chart.png(standalone=False),
            most_height=round(self.setting.layout.height * MOST_OF_PAGE),
        )
        return f"<w:r>{drawing}</w:r>"

    def _bars(self, native: Iterable[Bars]) -> str:
        """Return a native chart for each group, below its heading and above what it says in words."""
        setting, runs = self.setting, []
        for group in native:
            for row in group.rows:
                setting.say(row.label, self.part)
            heading, *sentences = (setting.say(text, self.part) for text in (group.heading, *group.sentences))
            number, alt = setting.drawing(), setting.say(group.alt, self.part)
            drawn = barchart_xml(setting.story, number, f"{self.part.name} {number}", alt, group)
            lines = (_text(heading, "<w:b/>"), drawn if group.rows else "", *map(_text, sentences))
            runs.append("<w:r><w:br/></w:r>".join(f"<w:r>{line}</w:r>" for line in lines if line))
        return BETWEEN_GROUPS.join(runs)


def _text(text: str, properties: str = "") -> str:
    """Return text beside a chart, in the size of its labels."""
    size = round(2 * style.BODY)
    return f'<w:rPr>{properties}<w:sz w:val="{size}"/></w:rPr><w:t>{escape(text)}</w:t>' if text else ""


@dataclass(frozen=True)
class TableView:
    """A table as placeholders show it."""

    setting: Setting
    part: TablePart

    @property
    def title(self) -> Passage:
        """The title without a number."""
        return self.part.title

    @property
    def notes(self) -> tuple[Passage, ...]:
        """The lines below it."""
        return self.part.notes

    @property
    def caption(self) -> Passage:
        """The title after its number."""
        return self.setting.caption("table", self.part.name, self.part.title)

    @property
    def grid(self) -> Markup:
        """The table itself, as wide as the text block."""
        measure = self.setting.layout
        self.setting.drawing()
        heads = self.setting.text("number.list_separator").join(
            column.label for column in self.part.table.shown
        )
        described = self.setting.text("memo.described", columns=heads, rows=len(self.part.table.rows))
        return Markup(
            table_xml(
                self.part.table,
                styles=measure.styles,
                shares=column_shares(self.part.table, round(measure.width_mm * CHARACTERS_PER_MM)),
                width=measure.width_twips,
                title=self.part.title.text,
                description=described,
            )
        )


def _set_properties(document: Document, memo: Memo, author: str, date: str) -> None:
    properties = document.core_properties
    made = datetime.datetime.fromisoformat(date) if date else NO_DATE
    properties.title, properties.author = memo.title.text[:255], author[:255]
    properties.last_modified_by, properties.revision = author[:255], 1
    properties.language = LANGUAGES[memo.language].tag
    properties.created = properties.modified = made
    properties.comments = memo.made.text[:255]
