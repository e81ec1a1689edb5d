"""A memo as slides: its headline, two charts, its table and what to ask; the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pptx
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from analysis.draw import style
from analysis.show.memo.archive import pack, unpack
from analysis.show.memo.document import set_properties
from analysis.show.memo.ledger import NumeralLedger, attach
from analysis.show.memo.passages import ChartPart, Memo, TablePart
from analysis.show.memo.slides_fit import (
    AFTER,
    FOOT,
    GAP,
    HEIGHT,
    LEADING,
    MARGIN,
    OPENING,
    PADDING,
    ROOM,
    TEXT,
    UNDER,
    WIDTH,
    Fitted,
    Frame,
    Grid,
    charts_shown,
)
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES
from analysis.words.sentences import split_sentences

PICTURE_DPI = 200
INDENT = 0.5  # of a question behind its number, inches
_RGB: Any = RGBColor  # which tells no types
TITLE_SLIDE, TITLE_ONLY = 0, 5  # layouts of the presentation that python-pptx starts from


def make_slides(memo: Memo, *, author: str, date: str) -> bytes:
    """Return a memo as the bytes of a PowerPoint file of at most five slides."""
    deck, charts = _Deck(memo), charts_shown(memo)
    deck.opening()
    for part, frame in charts:
        deck.chart(part, frame)
    if memo.headline:
        deck.table(memo.headline)
    if memo.questions:
        deck.questions()
    set_properties(deck.presentation.core_properties, memo, author, date)
    passages = (*memo.passages, *(part.alt for part, _ in charts))
    ledger = NumeralLedger.of({"language": memo.language, **memo.about}, passages)
    attach(deck.presentation, ledger, _part)
    buffer = io.BytesIO()
    deck.presentation.save(buffer)
    return pack(_in_house_style(unpack(buffer.getvalue()), memo.language))


def _part(name: str, kind: str, content: bytes, package: Any) -> Part:
    return Part(PackURI(name), kind, package, content)


def _in_house_style(files: Mapping[str, bytes], language: str) -> dict[str, bytes]:
    """Return the files of a presentation with the fonts, the colour and the language of all that is typed."""
    own, eastern = LANGUAGES[language], LANGUAGES["zh-Hans"]
    ours = own.sheet_font, (own if own.full_width else eastern).sheet_font
    fonts = '<a:latin typeface="{}"/><a:ea typeface="{}"/>'
    changes = {
        fonts.format("Calibri", ""): fonts.format(*ours),
        'srgbClr val="4F81BD"': f'srgbClr val="{style.HIGHLIGHT[1:]}"',
        'lang="en-US"': f'lang="{own.tag}"',
        "On-screen Show (4:3)": "Widescreen",
    }
    changed = dict(files)
    for name in files:
        if re.match(r"ppt/(?:theme|slideMasters|slideLayouts|notesMasters|presentation)|docProps/app", name):
            for old, new in changes.items():
                changed[name] = changed[name].replace(old.encode(), new.encode())
    return changed


class _Deck:
    """The slides of a memo being made, one after another."""

    def __init__(self, memo: Memo) -> None:
        self.memo, self.text = memo, Text.of(memo.language)
        self.presentation: Any = pptx.Presentation()
        self.presentation.slide_width, self.presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.presentation.element.sldSz.attrib.pop("type", None)
        master = self.presentation.slide_master
        for root in (master.element, *(layout.element for layout in master.slide_layouts)):
            _widen(root)

    def opening(self) -> None:
        """Add the slide with the headline, the lead, and who says so."""
        memo, (headline, *rest) = self.memo, split_sentences(self.memo.lead.text)
        given = [getattr(memo, name) for name in ("issuer", "date") if name in memo.about]
        about = Fitted.of([memo.title], UNDER, 0.8)
        title = Fitted.of([headline], OPENING, 2.6, weight="bold")
        foot = Fitted.of([*given, memo.caution, memo.made], FOOT, 1.5)
        bottom, top = HEIGHT - 0.6 * MARGIN - foot.height, MARGIN + about.height + 2 * GAP
        slide = self.add(TITLE_SLIDE)
        self.put(slide, about, MARGIN, colour=style.SOFT)
        self.place(slide.shapes.title, title, top, bold=True)
        top += title.height + 2 * GAP
        self.place(slide.placeholders[1], Fitted.of(rest, TEXT, bottom - GAP - top), top)
        self.put(slide, foot, bottom, colour=style.SOFT)
        if memo.lead.note:
            slide.notes_slide.notes_text_frame.text = memo.lead.note.text

    def chart(self, part: ChartPart, frame: Frame) -> None:
        """Add a slide with a chart: what it shows, the picture, how to read it, where it is from."""
        slide = self.framed(frame)
        content = io.BytesIO(part.picture.png(standalone=False, dpi=PICTURE_DPI))
        shape = slide.shapes.add_picture(content, 0, Inches(frame.top))
        factor = min(Inches(ROOM) / shape.width, Inches(frame.room) / shape.height)
        shape.width, shape.height = int(shape.width * factor), int(shape.height * factor)
        shape.left = (Inches(WIDTH) - shape.width) // 2
        _describe(shape, part.name, part.alt.text)
        if frame.foot.texts:
            # What is one object is copied with its source.
            slide.shapes.add_group_shape([shape, slide.shapes[-2]]).name = part.name

    def table(self, part: TablePart) -> None:
        """Add a slide with a table that PowerPoint can edit."""
        frame = Frame.of(self.text("report.section_indicators"), part.title, part.notes)
        grid = Grid.of(part.table, frame.room, part.source.text)
        if grid is None:
            return
        slide = self.framed(frame)
        place = Inches(MARGIN), Inches(frame.top), Inches(ROOM), Inches(sum(grid.heights))
        shape = slide.shapes.add_table(len(grid.rows), len(grid.widths), *place)
        shape.table.horz_banding = False
        for column, width in zip(shape.table.columns, grid.widths, strict=True):
            column.width = Inches(width)
        aligned = [
            PP_ALIGN.RIGHT if column.align == "right" else PP_ALIGN.LEFT for column in part.table.shown
        ]
        for row, height, texts in zip(shape.table.rows, grid.heights, grid.rows, strict=True):
            row.height = Inches(height)
            is_source = texts == (part.source.text,)
            if is_alone := len(texts) < len(grid.widths):
                row.cells[0].merge(row.cells[len(grid.widths) - 1])
            is_head = texts is grid.rows[0]
            colour = "#FFFFFF" if is_head else style.SOFT if is_source else style.INK
            is_bold = is_head or (is_alone and not is_source)
            self.cells(row, texts, aligned, grid.size, bold=is_bold, colour=colour)
        _describe(shape, part.name, part.title.text)

    def cells(self, row: Any, texts: Sequence[str], aligned: Sequence[Any], size: float, **how: Any) -> None:
        """Fill the cells of a row."""
        for cell, text, align in zip(row.cells, texts, aligned, strict=False):
            cell.margin_left = cell.margin_right = Inches(PADDING)
            cell.margin_top = cell.margin_bottom = Inches(PADDING / 2)
            self.write(cell.text_frame, Fitted((text,), size), align=align, **how)

    def questions(self) -> None:
        """Add a slide with what to ask, and below it what else is uncertain."""
        frame = Frame.of(self.text("memo.slide_questions"))
        asked = Fitted.of(self.memo.questions, TEXT, frame.room, width=ROOM - INDENT)
        slide, top = self.framed(frame), frame.top + asked.height + 4 * GAP
        self.put(slide, asked, frame.top, numbered=True)
        self.put(slide, Fitted.of(self.memo.doubts, UNDER, HEIGHT - MARGIN - top), top, colour=style.SOFT)

    def framed(self, frame: Frame) -> Any:
        """Return a new slide with its title, what stands below it, and its foot."""
        slide = self.add(TITLE_ONLY)
        self.place(slide.shapes.title, frame.head, 0.7 * MARGIN, bold=True)
        self.put(slide, frame.under, frame.under_top, colour=style.SOFT)
        self.put(slide, frame.foot, frame.foot_top, colour=style.SOFT)
        return slide

    def add(self, layout: int) -> Any:
        """Return a new slide."""
        return self.presentation.slides.add_slide(self.presentation.slide_layouts[layout])

    def put(self, slide: Any, fitted: Fitted, top: float, **how: Any) -> None:
        """Add a text box as wide as the slide, if there is anything to say."""
        if fitted.texts:
            self.place(slide.shapes.add_textbox(0, 0, 0, 0), fitted, top, **how)

    def place(self, shape: Any, fitted: Fitted, top: float, **how: Any) -> None:
        """Put texts into a shape; one without any is taken away."""
        if not fitted.texts:
            shape._element.getparent().remove(shape._element)
            return
        shape.left, shape.top = Inches(MARGIN), Inches(top)
        shape.width, shape.height = Inches(ROOM), Inches(fitted.height)
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame._txBody.bodyPr.set("anchor", "t")
        self.write(frame, fitted, **how)

    def write(
        self, frame: Any, fitted: Fitted, *, bold: bool = False, colour: str = style.INK,
        numbered: bool = False, align: Any = PP_ALIGN.LEFT,
    ) -> None:  # fmt: skip
        """Write paragraphs in one type; their lines are as far from each other in whatever font."""
        for place, text in enumerate(fitted.texts):
            paragraph = frame.add_paragraph() if place else frame.paragraphs[0]
            paragraph.alignment, paragraph.line_spacing = align, Pt(fitted.size * LEADING)
            paragraph.space_before = Pt(fitted.size * LEADING * AFTER if place else 0)
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = text, Pt(fitted.size), bold
            run.font.color.rgb = _RGB.from_string(colour[1:])
            run._r.get_or_add_rPr().set("lang", self.text.rules.tag)
            if numbered:
                _number(paragraph)


def _widen(root: Any) -> None:
    """Move what a master of 4:3 holds to its place on 16:9; both are as high."""
    for node in root.iter(qn("a:off"), qn("a:ext")):
        for name in ("x", "cx"):
            if node.get(name):
                node.set(name, str(int(node.get(name)) * 4 // 3))


def _describe(shape: Any, name: str, words: str) -> None:
    [own] = shape._element.xpath(".//p:cNvPr")
    own.set("name", name)
    own.set("descr", words)


def _number(paragraph: Any) -> None:
    """Have PowerPoint count a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Inches(INDENT)))
    properties.set("indent", str(-Inches(INDENT)))
    etree.SubElement(properties, qn("a:buFont"), typeface="+mj-lt")
    etree.SubElement(properties, qn("a:buAutoNum"), type="arabicPeriod")
