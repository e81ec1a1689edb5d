"""A chart as a picture in a run: SVG for those who can show it, PNG for the others, alternative text."""

from __future__ import annotations

import io
from xml.sax.saxutils import quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.parts.story import StoryPart
from PIL import Image

EMU_PER_INCH = 914_400
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ASVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def picture_xml(
    part: StoryPart, number: int, name: str, alt: str, svg: bytes, png: bytes, *, most_height: int
) -> str:
    """Return a run's drawing of a chart in its own size, added to a part of the document.

    ``number`` is that of the drawing, no other of the document has it. The picture is made smaller where it
    would be higher than ``most_height`` EMU.
    """
    width, height = _size(png)
    if height > most_height:
        width, height = round(width * most_height / height), most_height
    fallback, _ = part.get_or_add_image(io.BytesIO(png))
    place = part.package.next_partname("/word/media/chart%d.svg")
    scalable = part.relate_to(Part(place, "image/svg+xml", svg, part.package), RELATIONSHIP_TYPE.IMAGE)
    return inline(
        number, name, alt, (width, height), _PIC,
        f'<pic:pic xmlns:pic="{_PIC}"><pic:nvPicPr><pic:cNvPr {_described(number, name, alt)}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{_R}" r:embed="{fallback}">'
        f'<a:extLst><a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{_ASVG}" r:embed="{scalable}"/>'
        "</a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>',
    )  # fmt: skip


def inline(number: int, name: str, alt: str, size: tuple[int, int], uri: str, content: str) -> str:
    """Return the drawing that stands in a run as a character would, of a width and a height in EMU."""
    width, height = size
    return (
        f'<w:drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {_described(number, name, alt)}/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_A}" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_A}"><a:graphicData uri="{uri}">{content}'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _described(number: int, name: str, alt: str) -> str:
    return f'id="{number}" name={quoteattr(name)} descr={quoteattr(alt)}'


def _size(png: bytes) -> tuple[int, int]:
    """Return the size of a picture in EMU, from its dots and their density."""
    with Image.open(io.BytesIO(png)) as image:
        density = float(image.info.get("dpi", (300.0, 300.0))[0])
        return round(image.width / density * EMU_PER_INCH), round(image.height / density * EMU_PER_INCH)
