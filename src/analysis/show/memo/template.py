"""Templates: the default ones, and whether one from outside is a plain Word file that a memo fits into."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import cast

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate

from analysis.show.memo.archive import unpack
from analysis.show.memo.foreign import foreign

NO_WORD_FILE = "it is no Word file; save it in Word as .docx"
MM = 36_000  # EMU
TWIP = 635  # EMU
LEAST_MM = 90.0
STYLES = {
    "table": ("Memo Table", WD_STYLE_TYPE.TABLE),
    "text": ("Memo Table Text", WD_STYLE_TYPE.PARAGRAPH),
    "number": ("Memo Table Number", WD_STYLE_TYPE.PARAGRAPH),
    "head": ("Memo Table Head", WD_STYLE_TYPE.PARAGRAPH),
}


def default_template(language: str) -> bytes:
    """Return the default template of a language, or the English one where it has none."""
    folder = resources.files("analysis.show") / "templates" / "memo"
    own = folder / f"memo.{language}.docx"
    return (own if own.is_file() else folder / "memo.en.docx").read_bytes()


class StrictTemplate(DocxTemplate):  # type: ignore[misc]
    """A template that is filled, or raises ``SyntaxError`` where placeholders tear a paragraph apart."""

    def fix_tables(self, xml: str) -> object:
        """Return the tree of the filled text."""
        parse_xml(xml)
        return super().fix_tables(xml)

    def render_properties(self, *values: object) -> None:
        """Fill the properties of the file, which are no part of the text."""
        self.current_rendering_part = None
        super().render_properties(*values)

    def render_footnotes(self, *values: object) -> None:
        """Fill the footnotes."""
        super().render_footnotes(*values)
        for part in self.get_docx().part.package.iter_parts():
            if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
                parse_xml(part.blob)


def open_template(content: bytes) -> tuple[StrictTemplate | None, list[str]]:
    """Return a template ready to be filled, and why it must not be: every fault of the file itself."""
    try:
        unpack(content)
    except zipfile.BadZipFile:
        return None, [NO_WORD_FILE]
    except ValueError as error:
        return None, [str(error)]
    except Exception:  # whatever else a broken zip makes of itself: encrypted, an unknown compression
        return None, [NO_WORD_FILE]
    template = StrictTemplate(io.BytesIO(content))
    try:
        document = cast(Document, template.get_docx())
        _ = document.core_properties.author, document.settings.odd_and_even_pages_header_footer
        return template, [*dict.fromkeys(foreign(document.part.package)), *_unfit(document)]
    except Exception:  # of a part that is none, python-docx says so in many ways
        return None, [NO_WORD_FILE]


def _unfit(document: Document) -> Iterator[str]:
    """Yield what a template lacks for charts and tables."""
    width, _ = _block(document)
    if width / MM < LEAST_MM:
        yield (
            f"its text block is {width / MM:.0f} mm wide; a chart needs at least {LEAST_MM:.0f} mm: make the "
            "margins smaller"
        )
    known = {(style.name, style.type) for style in document.styles}
    for name, kind in STYLES.values():
        if (name, kind) not in known:
            what = "table style" if kind == WD_STYLE_TYPE.TABLE else "paragraph style"
            yield f"it has no {what} {name!r}; copy it from the default template, or make one of that name"


def _block(document: Document) -> tuple[int, int]:
    """Return the width and the height of the text block; none where the template has no page."""
    if not document.sections:
        return 0, 0
    section = document.sections[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    height = (section.page_height or 0) - (section.top_margin or 0) - (section.bottom_margin or 0)
    return int(width), int(height)


@dataclass(frozen=True)
class PageLayout:
    """The text block of the first section in EMU, and the ids of the styles of tables."""

    width: int
    height: int
    styles: dict[str, str]

    @staticmethod
    def of(document: Document) -> PageLayout:
        """Return the layout of a template without faults."""
        width, height = _block(document)
        known = {(style.name, style.type): style.style_id for style in document.styles}
        return PageLayout(width, height, {key: known[named] for key, named in STYLES.items()})

    @property
    def width_mm(self) -> float:
        """The width of the text block in millimetres."""
        return self.width / MM

    @property
    def width_twips(self) -> int:
        """The width of the text block in twentieths of a point."""
        return round(self.width / TWIP)
