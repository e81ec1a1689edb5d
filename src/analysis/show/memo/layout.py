"""What a memo takes from its template: the size of the text block, and the styles by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE

MM = 36_000  # EMU
TWIP = 635  # EMU
LEAST_MM = 90.0
STYLES = {
    "table": ("Memo Table", WD_STYLE_TYPE.TABLE),
    "text": ("Memo Table Text", WD_STYLE_TYPE.PARAGRAPH),
    "number": ("Memo Table Number", WD_STYLE_TYPE.PARAGRAPH),
    "head": ("Memo Table Head", WD_STYLE_TYPE.PARAGRAPH),
}


@dataclass(frozen=True)
class Layout:
    """The text block of the first section in EMU, and the ids of the styles of tables."""

    width: int
    height: int
    styles: dict[str, str]

    @staticmethod
    def of(document: Document) -> Layout:
        """Return the layout of a template whose ``faults`` are none."""
        width, height = _block(document)
        known = {(style.name, style.type): style.style_id for style in document.styles}
        return Layout(width, height, {key: known[named] for key, named in STYLES.items()})

    @property
    def width_mm(self) -> float:
        """The width of the text block in millimetres."""
        return self.width / MM

    @property
    def width_twips(self) -> int:
        """The width of the text block in twentieths of a point."""
        return round(self.width / TWIP)


def faults(document: Document) -> Iterator[str]:
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
    section = document.sections[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    height = (section.page_height or 0) - (section.top_margin or 0) - (section.bottom_margin or 0)
    return int(width), int(height)
