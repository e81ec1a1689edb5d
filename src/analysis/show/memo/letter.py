"""A sheet of questions for a letter to a county, in Word: the page of a memo, with room for answers."""

from __future__ import annotations

import io
from collections.abc import Iterable

from docx import Document as open_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Emu, Pt
from docx.text.paragraph import Paragraph

from analysis.estimates.questions import Question
from analysis.evidence.rows import Source, rows_of
from analysis.show.memo.archive import pack, unpack
from analysis.show.memo.document import NO_DATE
from analysis.show.memo.template import PageLayout, default_template
from analysis.words.labels import Labels
from analysis.words.questions import ask, options, settles

BOX = "□"


def letter(labels: Labels, programme: str, questions: Iterable[Question]) -> bytes:
    """Return the sheet as the bytes of a Word file; the same questions give the same bytes.

    Who sends it, and when, are fields to be filled in, and so are the answers. Questions on which nothing
    depends are left out.
    """
    sheet = _Sheet(labels, open_document(io.BytesIO(default_template(labels.text.language))))
    sheet.write(programme, [question for question in questions if question.touched])
    properties = sheet.document.core_properties
    properties.title, properties.revision = sheet.title(programme), 1
    properties.language = labels.text.rules.tag
    properties.created = properties.modified = NO_DATE
    buffer = io.BytesIO()
    sheet.document.save(buffer)
    return pack(unpack(buffer.getvalue()))


class _Sheet:
    """A document being written: the page and the styles of the memos without their text."""

    def __init__(self, labels: Labels, document: Document) -> None:
        self.labels, self.document = labels, document
        self.width = PageLayout.of(document).width
        for paragraph in document.paragraphs:
            paragraph._element.getparent().remove(paragraph._element)

    def title(self, programme: str) -> str:
        return self.say("title", place=self.labels.programme(programme))

    def write(self, programme: str, questions: Iterable[Question]) -> None:
        place = self.labels.programme(programme)
        self.add("Memo Title", self.title(programme))
        self.add("Memo Body", self.say("to", place=place)).paragraph_format.first_line_indent = Pt(0)
        self.add("Memo Body", self.say("lead", sources=self.sources(programme)))
        for number, question in enumerate(questions, start=1):
            self.question(number, question)
        # Who signs never stands on a page alone.
        self.add("Memo Body", self.say("close")).paragraph_format.keep_with_next = True
        for key in ("sender", "date", "contact"):
            self.field(self.say(key))
        self.blank(self.say("by"), self.say("on"))

    def say(self, key: str, **values: object) -> str:
        return self.labels.text(f"questions.letter_{key}", **values)

    def sources(self, programme: str) -> str:
        """Return the documents that the questions are about, each with its date."""
        rows = rows_of(Source, self.labels.data.sources, programme_id=programme)
        text = self.labels.text
        return text.listing(
            self.say(
                "source",
                title=text.pick(row.title_en or row.title, row.title),
                date=self.labels.attributes(self.labels.publication(row)),
            )
            for row in rows
        )

    def question(self, number: int, question: Question) -> None:
        """Add a question, what its answer is for, and room for it."""
        asked = self.say("question", number=number, question=ask(self.labels, question))
        paragraph = self.add("Memo Body", asked)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.runs[0].bold = True
        self.add("Memo Note", settles(self.labels, question)).paragraph_format.keep_with_next = True
        if ticked := options(self.labels, question):
            boxes = [f"{BOX} {each}" for each in (*ticked, self.say("other"))]
            self.blank("\u3000".join(boxes))
        else:
            self.blank(self.say("answer"))

    def add(self, style: str, text: str) -> Paragraph:
        return self.document.add_paragraph(text, style=style)

    def blank(self, *texts: str) -> Paragraph:
        """Add a line to write on after each text, together as far as the text block goes."""
        paragraph = self.add("Memo Body", "".join(f"{text}\t" for text in texts))
        paragraph.paragraph_format.first_line_indent = Pt(0)
        stops = paragraph.paragraph_format.tab_stops
        for number in range(1, len(texts) + 1):
            end = Emu(self.width * number // len(texts))
            stops.add_tab_stop(end, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
        return paragraph

    def field(self, text: str) -> None:
        """Add what the sender is to fill in, marked so that nobody overlooks it."""
        paragraph = self.add("Memo Body", "")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(text).font.highlight_color = WD_COLOR_INDEX.YELLOW
