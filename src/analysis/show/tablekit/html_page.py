"""One table as an HTML page that stands by itself, as wide as a memo or a slide."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from analysis.draw.tables import Table
from analysis.show.foreign import with_languages
from analysis.show.tablekit.text_widths import column_shares
from analysis.words.language import Text


@dataclass(frozen=True)
class Width:
    """A width in millimetres, with the size of the text in points and the paper to print on."""

    mm: int
    points: float
    paper: str

    @property
    def characters(self) -> int:
        """How many Latin characters of a mixed text stand side by side."""
        return int(self.mm / 25.4 * 72 / (self.points * 0.6))


WIDTHS = {
    "memo": Width(156, 8.5, "size: A4; margin: 37mm 26mm 35mm 28mm"),
    "slide": Width(254, 11, "size: 254mm 143mm; margin: 0"),
}

TEMPLATE = Path(__file__).parents[1] / "templates" / "table" / "page.html.j2"


def page(table: Table, language: str, width: str = "memo", variant: str = "standalone") -> str:
    """Return a table as a whole HTML page as wide as ``width``, nothing of it loaded from elsewhere.

    ``standalone`` holds title, notes and source; in ``memo`` they are text of the memo (``words``), and the
    page is the grid alone.
    """
    size = WIDTHS[width]
    alone = table.alone(Text.of(language)("tables.blank"))
    shares = column_shares(alone, size.characters)
    widths = {key: f"{share:.2%}" for key, share in shares.items()}
    return _template().render(
        language=language,
        title=html.escape(table.title),
        size=size,
        rules=Text.of(language).rules,
        table=with_languages(alone.html(bare=variant == "memo", widths=widths), Text.of(language)),
    )


@cache
def _template() -> Template:
    return Template(TEMPLATE.read_text(encoding="utf-8"), keep_trailing_newline=True)


def words(table: Table) -> str:
    """Return title, notes and source of a table as plain text, a paragraph each."""
    return "".join(f"{line}\n" for line in (table.title, *table.lines))
