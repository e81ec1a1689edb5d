"""Tables and pictures as elements of WordprocessingML, each with its alternative text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from PIL import Image

from analysis.draw.tables import Column, Table

MOST_DESCRIPTION = 255
OF = "of"  # the key of a row of a table, and the attribute, for a while, that holds the ids of its figures
EMU_PER_INCH = 914_400
_PICTURE = """
<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 distT="0" distB="0" distL="0" distR="0"><wp:extent cx="" cy=""/><wp:docPr id="" name="" descr=""/>
<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 noChangeAspect="1"/></wp:cNvGraphicFramePr>
<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:nvPicPr><pic:cNvPr id="" name="" descr=""/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill>
<a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="">
<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">
<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed=""/>
</a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="" cy=""/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>
</w:drawing>
"""


def element(tag: str, *children: BaseOxmlElement, **values: object) -> BaseOxmlElement:
    """Return an element of WordprocessingML: ``element("p", element("pPr"))``."""
    made = OxmlElement(f"w:{tag}", {qn(f"w:{key}"): str(value) for key, value in values.items()})
    made.extend(children)
    return made


def text_element(tag: str, words: str) -> BaseOxmlElement:
    """Return an element that holds words with the spaces at their ends."""
    made = element(tag)
    made.text = words
    made.set(qn("xml:space"), "preserve")
    return made


def picture(
    part: StoryPart, number: int, name: str, alt: str, svg: bytes, png: bytes, *, most_height: int
) -> BaseOxmlElement:
    """Return a run with a picture in its own size: SVG for those who can show it, PNG for the others.

    ``number`` is that of the drawing, no other of the document has it. The picture is made smaller where it
    would be higher than ``most_height`` EMU.
    """
    width, height = _size(png)
    if height > most_height:
        width, height = round(width * most_height / height), most_height
    fallback, _ = part.get_or_add_image(io.BytesIO(png))
    place = part.package.next_partname("/word/media/chart%d.svg")
    scalable = part.relate_to(Part(place, "image/svg+xml", svg, part.package), RELATIONSHIP_TYPE.IMAGE)
    drawing = parse_xml(_PICTURE)
    own = {"id": str(number), "name": name, "descr": alt}
    size = {"cx": str(width), "cy": str(height)}
    for path, attributes in {
        "//wp:docPr": own,
        "//pic:cNvPr": own,
        "//wp:extent": size,
        "//a:xfrm/a:ext": size,
    }.items():
        for key, value in attributes.items():
            drawing.xpath(path)[0].set(key, value)
    for node, relation in zip(drawing.xpath("//*[@r:embed]"), (fallback, scalable), strict=True):
        node.set(qn("r:embed"), relation)
    return element("r", drawing)


def _size(png: bytes) -> tuple[int, int]:
    """Return the size of a picture in EMU, from its dots and their density."""
    with Image.open(io.BytesIO(png)) as image:
        density = float(image.info.get("dpi", (300.0, 300.0))[0])
        return round(image.width / density * EMU_PER_INCH), round(image.height / density * EMU_PER_INCH)


def grid(
    table: Table,
    *,
    styles: Mapping[str, str],
    shares: Mapping[str, float],
    width: int,
    title: str,
    description: str,
    foot: Sequence[str] = (),
    is_kept: bool = False,
) -> BaseOxmlElement:
    """Return a table of ``width`` twips, with header rows that repeat and headings between rows.

    The lines of its ``foot`` are its last row, so that they go along where the table is copied. A table that
    ``is_kept`` stands on one page.
    ``styles`` are the ids of the styles ``table``, ``text``, ``number`` and ``head``; ``shares`` the part of
    the width of each column by its key.
    """
    widths = _widths([shares[column.key] for column in table.shown], width)
    properties = element(
        "tblPr",
        element("tblStyle", val=styles["table"]),
        element("tblW", w=width, type="dxa"),
        element("tblLayout", type="fixed"),
        element(
            "tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1
        ),
        element("tblCaption", val=title),
        element("tblDescription", val=description[:MOST_DESCRIPTION]),
    )
    columns = element("tblGrid", *(element("gridCol", w=each) for each in widths))
    rows = [*_rows(table, styles, widths)]
    for paragraph in (p for row in rows for p in row.iter(qn("w:p"))) if is_kept else ():
        paragraph.get_or_add_pPr().get_or_add_keepNext()
    if foot:
        cell = _cell(_paragraph([foot[0]], styles["text"]), width, len(widths))
        cell.extend(_paragraph([line], styles["text"]) for line in foot[1:])
        rows.append(_row([cell]))
    return element("tbl", properties, columns, *rows)


def _widths(shares: Sequence[float], width: int) -> list[int]:
    """Return whole twips that sum to the width."""
    ends = [round(width * sum(shares[: place + 1])) for place in range(len(shares))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _rows(table: Table, styles: Mapping[str, str], widths: Sequence[int]) -> Iterator[BaseOxmlElement]:
    heads = [_paragraph([column.label], styles["head"], *_alignment(column)) for column in table.shown]
    yield _row(map(_cell, heads, widths), element("tblHeader"))
    group = ""
    for row in table.rows:
        if table.group and row[table.group] != group:
            group = row[table.group]
            heading = _paragraph([group], styles["head"], element("keepNext"))
            yield _row([_cell(heading, sum(widths), len(widths))])
        cells = (
            _paragraph(
                _lines(column, row[column.key]), styles["number" if column.align == "right" else "text"]
            )
            for column in table.shown
        )
        made = _row(map(_cell, cells, widths))
        if row.get(OF):
            made.set(OF, row[OF])
        yield made


def _row(cells: Any, *properties: BaseOxmlElement) -> BaseOxmlElement:
    return element("tr", element("trPr", element("cantSplit"), *properties), *cells)


def _cell(paragraph: BaseOxmlElement, width: int, columns: int = 1) -> BaseOxmlElement:
    span = [element("gridSpan", val=columns)] if columns > 1 else []
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa"), *span), paragraph)


def _alignment(column: Column) -> list[BaseOxmlElement]:
    return [element("jc", val="right")] if column.align == "right" else []


def _paragraph(lines: Sequence[str], style: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    paragraph = element("p", element("pPr", element("pStyle", val=style), *properties))
    if any(lines):
        run = element("r")
        for place, line in enumerate(lines):
            run.extend([*([element("br")] if place else []), text_element("t", line)])
        paragraph.append(run)
    return paragraph


def _lines(column: Column, text: str) -> list[str]:
    if not column.listed:
        return [text]
    # A zero-width space lets a long id break after its dots.
    return [part.replace(".", ".\u200b") for part in text.split()]
