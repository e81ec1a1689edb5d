"""A native bar chart of Word in a run: DrawingML with a workbook behind it, which Word opens to edit it."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.parts.story import StoryPart

from analysis.draw import style
from analysis.show.memo.bars import AXIS, ENDS, LABELS, SHEET, Bar, Bars
from analysis.show.memo.pictures import EMU_PER_INCH, inline
from analysis.words.languages import LANGUAGES

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROWS, _VALUES = 111_111_111, 222_222_222  # ids of the two axes


def barchart_xml(part: StoryPart, number: int, name: str, alt: str, chart: Bars) -> str:
    """Return a run's drawing of a native chart, added with its workbook to a part of the document."""
    package = part.package
    # The workbook is the only part that the chart points to: rId1.
    own = Part(
        package.next_partname("/word/charts/chart%d.xml"),
        CONTENT_TYPE.DML_CHART,
        chart_part(chart, "rId1").encode(),
        package,
    )
    related = part.relate_to(own, RELATIONSHIP_TYPE.CHART)
    place = package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx")
    own.relate_to(Part(place, CONTENT_TYPE.SML_SHEET, chart.sheet, package), RELATIONSHIP_TYPE.PACKAGE)
    size = round(chart.width * EMU_PER_INCH), round(chart.height * EMU_PER_INCH)
    reference = f'<c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{related}"/>'
    return inline(number, name, alt, size, _C, reference)


def chart_part(chart: Bars, workbook: str) -> str:
    """Return the part that holds the chart; ``workbook`` is the id of its relation to the workbook."""
    return (
        f'{_DECLARATION}<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_R}"><c:date1904 val="0"/>'
        f'<c:lang val="{LANGUAGES[chart.language].tag}"/><c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea>{_layout(chart)}'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{_series(chart)}<c:gapWidth val="80"/><c:axId val="{_ROWS}"/><c:axId val="{_VALUES}"/>'
        f"</c:barChart>{_row_axis()}{_value_axis(chart)}</c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text(chart.language, style.BODY, style.INK)}"
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _layout(chart: Bars) -> str:
    """Return where the bars stand: right of the labels, above those of the axis."""
    places = {"x": LABELS, "y": 0.0, "w": 1 - LABELS - ENDS, "h": 1 - AXIS / chart.height}
    ends = "".join(f'<c:{name} val="{value:.5f}"/>' for name, value in places.items())
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f"{ends}</c:manualLayout></c:layout>"
    )


def _series(chart: Bars) -> str:
    title = (
        f'<c:strRef><c:f>{SHEET}!$B$1</c:f><c:strCache><c:ptCount val="1"/>{_point(0, chart.headings[0])}'
        "</c:strCache></c:strRef>"
    )
    points = "".join(
        f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"{_fill(row.highlight, chart.hatched)}</c:dPt>"
        for place, row in enumerate(chart.rows)
    )
    return (
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:tx>{title}</c:tx>{_fill(True, chart.hatched)}'
        f'<c:invertIfNegative val="0"/>{points}{_ranges(chart) if chart.ranged else ""}'
        f"<c:cat>{_labels(chart)}</c:cat><c:val>{_numbers(chart, 'B', lambda row: row.value)}</c:val></c:ser>"
    )


def _ranges(chart: Bars) -> str:
    """Return the ranges over readings as error bars with square ends."""
    return (
        '<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{_numbers(chart, 'F', lambda row: row.above)}</c:plus>"
        f"<c:minus>{_numbers(chart, 'E', lambda row: row.below)}</c:minus>"
        f"<c:spPr>{_line(style.INK, 1.5)}</c:spPr></c:errBars>"
    )


def _fill(highlight: bool, hatched: bool) -> str:
    colour = style.HIGHLIGHT if highlight else style.PEER
    white = '<a:srgbClr val="FFFFFF"/>'
    if highlight:
        fill = f"<a:solidFill>{_colour(colour)}</a:solidFill>"
    elif hatched:
        fill = (
            f'<a:pattFill prst="wdUpDiag"><a:fgClr>{_colour(colour)}</a:fgClr><a:bgClr>{white}</a:bgClr>'
            f"</a:pattFill>"
        )
    else:
        fill = f"<a:solidFill>{white}</a:solidFill>"
    return f"<c:spPr>{fill}{_line(colour, 1)}</c:spPr>"


def _labels(chart: Bars) -> str:
    points = "".join(_point(place, row.label) for place, row in enumerate(chart.rows))
    return (
        f'<c:strRef><c:f>{_cells(chart, "A")}</c:f><c:strCache><c:ptCount val="{len(chart.rows)}"/>{points}'
        "</c:strCache></c:strRef>"
    )


def _numbers(chart: Bars, column: str, value: Callable[[Bar], float | None]) -> str:
    """Return the numbers of a column; a row without one is left out, and draws nothing."""
    shown = [(place, number) for place, row in enumerate(chart.rows) if (number := value(row)) is not None]
    points = "".join(_point(place, f"{number:.16G}") for place, number in shown)
    return (
        f"<c:numRef><c:f>{_cells(chart, column)}</c:f><c:numCache><c:formatCode>{escape(chart.form)}"
        f'</c:formatCode><c:ptCount val="{len(chart.rows)}"/>{points}</c:numCache></c:numRef>'
    )


def _cells(chart: Bars, column: str) -> str:
    return f"{SHEET}!${column}$2:${column}${len(chart.rows) + 1}"


def _point(place: int, text: str) -> str:
    return f'<c:pt idx="{place}"><c:v>{escape(text)}</c:v></c:pt>'


def _row_axis() -> str:
    """Return the axis of the rows: the first on top, no label left out, left of bars below zero too."""
    return (
        f'<c:catAx><c:axId val="{_ROWS}"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr>{_line(style.SOFT, 0.8)}</c:spPr><c:crossAx val="{_VALUES}"/><c:crosses val="autoZero"/>'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:tickLblSkip val="1"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(chart: Bars) -> str:
    scale = chart.scale
    ends = "".join(
        f'<c:{name} val="{end:.12g}"/>' for name, end in (("max", scale.high), ("min", scale.low))
        if end is not None
    )  # fmt: skip
    step = "" if scale.step is None else f'<c:majorUnit val="{scale.step:.12g}"/>'
    return (
        f'<c:valAx><c:axId val="{_VALUES}"/><c:scaling><c:orientation val="minMax"/>{ends}</c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/>'
        f"<c:majorGridlines><c:spPr>{_line(style.RULE, 0.5)}</c:spPr></c:majorGridlines>"
        f'<c:numFmt formatCode="{escape(chart.form)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_text(chart.language, style.SMALL, style.SOFT)}"
        # The rows run downwards: the end of their axis is the bottom.
        f'<c:crossAx val="{_ROWS}"/><c:crosses val="max"/><c:crossBetween val="between"/>{step}</c:valAx>'
    )


def _text(language: str, size: float, colour: str) -> str:
    """Return the properties of text, in the fonts of the theme for both scripts."""
    return (
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr lang="{LANGUAGES[language].tag}" sz="{round(size * 100)}" b="0">'
        f"<a:solidFill>{_colour(colour)}</a:solidFill>"
        '<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{LANGUAGES[language].tag}"/></a:p></c:txPr>'
    )


def _line(colour: str, points: float) -> str:
    return f'<a:ln w="{round(points * 12_700)}"><a:solidFill>{_colour(colour)}</a:solidFill></a:ln>'


def _colour(colour: str) -> str:
    return f'<a:srgbClr val="{colour.removeprefix("#")}"/>'
