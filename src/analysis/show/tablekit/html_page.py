"""One table as an HTML page that stands by itself, as wide as a memo or a slide."""

from __future__ import annotations

import html
from dataclasses import dataclass

from analysis.draw.tables import Table
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

# No web fonts: what the reader's system has, in an order that suits the language of the page.
CSS = """\
@page {{ {paper}; }}
* {{ box-sizing: border-box; }}
body {{ width: {mm}mm; margin: 0; background: #fff; color: #1f2328; line-height: {leading};
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, {cjk}, sans-serif; }}
[id^="table-"] {{ overflow: visible !important; padding: 0 !important; }}
.gt_table, .gt_table * {{ font-family: inherit !important; line-height: inherit; }}
.gt_table {{ width: 100% !important; font-size: {points}pt !important;
  font-variant-numeric: tabular-nums lining-nums; }}
.gt_table :is(.gt_row, .gt_col_heading, .gt_group_heading) {{ padding: .35em .55em !important;
  overflow-wrap: anywhere; }}
.gt_table .gt_row {{ vertical-align: top !important; }}
.gt_table .gt_title {{ font-weight: 600 !important; font-size: {title}pt !important;
  padding: 0 0 .5em !important; }}
.gt_table .gt_sourcenote {{ font-size: {small}pt !important; padding: .3em 0 !important; }}
thead {{ display: table-header-group; }}
tr {{ break-inside: avoid; }}
@media print {{ * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }} }}
@media screen {{ body {{ margin: 6mm auto; }} }}
"""
PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
{table}
</body>
</html>
"""


def page(table: Table, language: str, width: str = "memo", variant: str = "standalone") -> str:
    """Return a table as a whole HTML page as wide as ``width``, nothing of it loaded from elsewhere.

    ``standalone`` holds title, notes and source; in ``memo`` they are text of the memo (``words``), and the
    page is the grid alone.
    """
    size = WIDTHS[width]
    alone = table.alone(Text.of(language)("tables.blank"))
    shares = column_shares(alone, size.characters)
    widths = {key: f"{share:.2%}" for key, share in shares.items()}
    return PAGE.format(
        language=language,
        title=html.escape(table.title),
        css=_css(language, size),
        table=alone.html(bare=variant == "memo", widths=widths),
    )


def words(table: Table) -> str:
    """Return title, notes and source of a table as plain text, a paragraph each."""
    return "".join(f"{line}\n" for line in (table.title, *table.lines))


def _css(language: str, size: Width) -> str:
    rules = Text.of(language).rules
    return CSS.format(
        mm=size.mm,
        paper=size.paper,
        cjk=rules.font_stack,
        points=size.points,
        title=size.points + 1.5,
        small=size.points - 1,
        leading=rules.leading,
    )
