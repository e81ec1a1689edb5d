"""A table as native WordprocessingML: header rows that repeat, headings between rows, a description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from analysis.draw.tables import Column, Table

MOST_DESCRIPTION = 255


def table_xml(
    table: Table,
    *,
    styles: Mapping[str, str],
    shares: Mapping[str, float],
    width: int,
    title: str,
    description: str,
) -> str:
    """Return the table as one ``w:tbl`` element of ``width`` twips.

    ``styles`` are the ids of the styles ``table``, ``text``, ``number`` and ``head``; ``shares`` the part of
    the width of each column by its key.
    """
    columns = table.shown
    widths = _widths([shares[column.key] for column in columns], width)
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    head = "".join(_cell(_head(column, styles), each) for column, each in zip(columns, widths, strict=True))
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    group = ""
    for row in table.rows:
        if table.group and row[table.group] != group:
            group = row[table.group]
            rows.append(_heading(group, styles["head"], len(columns), width))
        cells = "".join(
            _cell(_paragraph(row[column.key], _style(column, styles), break_ids=column.listed), each)
            for column, each in zip(columns, widths, strict=True)
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val={quoteattr(styles["table"])}/><w:tblW w:w="{width}" '
        f'w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="0" '
        f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(title)}/>'
        f"<w:tblDescription w:val={quoteattr(description[:MOST_DESCRIPTION])}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _widths(shares: Sequence[float], width: int) -> list[int]:
    """Return whole twips that sum to the width."""
    ends = [round(width * sum(shares[: place + 1])) for place in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _head(column: Column, styles: Mapping[str, str]) -> str:
    align = '<w:jc w:val="right"/>' if column.align == "right" else ""
    return _paragraph(column.label, styles["head"], extra=align)


def _style(column: Column, styles: Mapping[str, str]) -> str:
    return styles["number" if column.align == "right" else "text"]


def _cell(paragraph: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraph}</w:tc>'


def _heading(text: str, style: str, columns: int, width: int) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    paragraph = _paragraph(text, style, extra="<w:keepNext/>")
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr>"
        f'<w:tcW w:w="{width}" w:type="dxa"/>{span}</w:tcPr>{paragraph}</w:tc></w:tr>'
    )


def _paragraph(text: str, style: str, *, extra: str = "", break_ids: bool = False) -> str:
    runs = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in _lines(text, break_ids)
    )
    run = f"<w:r>{runs}</w:r>" if text else ""
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{extra}</w:pPr>{run}</w:p>"


def _lines(text: str, break_ids: bool) -> list[str]:
    if not break_ids:
        return [text]
    # A zero-width space lets a long id break after its dots.
    return [part.replace(".", ".\u200b") for part in text.split()]
