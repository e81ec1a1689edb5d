"""The styles of the default templates: page, fonts and what may stand for them, paragraphs, tables."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from xml.sax.saxutils import quoteattr

from analysis.words.languages import Language


@dataclass(frozen=True)
class House:
    """How the memos of a language look; lengths in twips, sizes in half points."""

    language: Language
    top: int
    right: int
    bottom: int
    left: int
    footer: int
    line_pitch: int
    body: int
    dash: str

    @staticmethod
    def of(language: str) -> House:
        """Return the page of GB/T 9704-2012 where the memos of a language follow it, else a plain one."""
        rules = Language.parse(language)
        if rules.official:  # top 37 mm, left 28 mm, text block 156 by 225 mm, 22 lines of 28 characters
            return House(rules, 2098, 1475, 1984, 1587, footer=1304, line_pitch=579, body=32, dash="— ")
        return House(rules, 1417, 1417, 1417, 1417, footer=709, line_pitch=0, body=22, dash="")

    @property
    def official(self) -> bool:
        """Whether it follows GB/T 9704-2012."""
        return self.language.official

    @property
    def east_asia(self) -> str:
        """How Word names the language of its Chinese text."""
        return self.language.tag if self.official else "zh-CN"


# Names under which the same or a like font is found where the one named is not installed.
ALTERNATIVES = {
    "方正小标宋简体": "FZXiaoBiaoSong-B05S,小标宋,宋体",
    "仿宋": "FangSong,仿宋_GB2312,STFangsong",
    "黑体": "SimHei,STHeiti",
    "楷体": "KaiTi,楷体_GB2312,STKaiti",
    "宋体": "SimSun,STSong",
    "Arial": "Liberation Sans,Helvetica",
    "Times New Roman": "Liberation Serif",
    "標楷體": "DFKai-SB,BiauKai",
    "新細明體": "PMingLiU,Apple LiSung",
    "微軟正黑體": "Microsoft JhengHei,Apple LiGothic",
}
_SPACING = -5  # a quarter of a point between characters, in twentieths


def styles(house: House, namespaces: str) -> str:
    """Return the part that holds the styles."""
    paragraphs = _official(house) if house.official else _plain(house)
    return f"<w:styles {namespaces}>{_defaults(house)}{paragraphs}{_table(house)}</w:styles>"


def _defaults(house: House) -> str:
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(house, 'body')}{_size(house.body)}"
        f'<w:lang w:val="{"en-US" if house.official else house.language.tag}" w:eastAsia="{house.east_asia}" '
        f'w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


def _official(house: House) -> str:
    line = f'<w:spacing w:line="{house.line_pitch}" w:lineRule="exact"/>'
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    spaced = f'<w:spacing w:val="{_SPACING}"/>'
    small = '<w:spacing w:line="340" w:lineRule="exact"/>'
    body = f'<w:widowControl w:val="0"/>{line}'
    quiet = '<w:snapToGrid w:val="0"/>'
    return "".join(
        (
            _style("Normal", "Normal", f'{body}<w:jc w:val="both"/>', spaced, default=True),
            _style("MemoTitle", "Memo Title",
                   '<w:keepNext/><w:spacing w:after="579" w:line="700" w:lineRule="exact"/><w:jc '
                   'w:val="center"/>',
                   f"{_fonts(house, 'title')}{_size(44)}"),
            _style("MemoBody", "Memo Body", indent),
            _style("MemoFinding", "Memo Finding", indent),
            *(
                _style(f"Heading{level}", f"heading {level}",
                       f'<w:keepNext/><w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
                       f'{indent}<w:outlineLvl w:val="{level - 1}"/>',
                       _fonts(house, {1: "one", 2: "two"}.get(level, "body")))
                for level in (1, 2, 3, 4)
            ),
            _style("MemoCaption", "Memo Caption",
                   f'<w:keepNext/>{quiet}<w:spacing w:before="240" w:line="400" w:lineRule="exact"/>',
                   f"{_fonts(house, 'one')}{_size(24)}"),
            _style("MemoSubtitle", "Memo Subtitle", f"<w:keepNext/>{quiet}{small}", _size(21)),
            _style("MemoPicture", "Memo Picture",
                   f'<w:keepNext/>{quiet}<w:spacing w:before="60" w:after="60" w:line="240" '
                   f'w:lineRule="auto"/>'
                   '<w:jc w:val="center"/>', ""),
            _style("MemoNote", "Memo Note",
                   f'{quiet}<w:spacing w:before="60" w:line="320" w:lineRule="exact"/>',
                   _size(20)),
            _style("MemoSource", "Memo Source",
                   f'{quiet}<w:spacing w:line="400" w:lineRule="exact"/>', _size(24)),
            _style("MemoTag", "Memo Tag", small, f'<w:color w:val="7F7F7F"/>{_size(20)}'),
            _style("Footer", "footer", f'{quiet}<w:spacing w:line="240" w:lineRule="auto"/>',
                   f"{_fonts(house, 'small', latin=house.language.word_fonts.small)}{_size(28)}"),
            *_cells(house, 300, 20),
        )
    )  # fmt: skip


def _plain(house: House) -> str:
    line = '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/>'
    return "".join(
        (
            _style("Normal", "Normal", line, "", default=True),
            _style("MemoTitle", "Memo Title",
                   '<w:keepNext/><w:spacing w:after="240" w:line="240" w:lineRule="auto"/>',
                   f"<w:b/>{_size(36)}"),
            _style("MemoBody", "Memo Body", ""),
            _style("MemoFinding", "Memo Finding",
                   '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr><w:spacing w:after="80"/>', ""),
            *(
                _style(f"Heading{level}", f"heading {level}",
                       f'<w:keepNext/><w:spacing w:before="{before}" w:after="80"/>'
                       f'<w:outlineLvl w:val="{level - 1}"/>', f"<w:b/>{_size(size)}")
                for level, before, size in ((1, 320, 28), (2, 200, 24), (3, 160, 22), (4, 160, 22))
            ),
            _style("MemoCaption", "Memo Caption",
                   '<w:keepNext/><w:spacing w:before="240" w:after="40"/>', "<w:b/>"),
            _style("MemoSubtitle", "Memo Subtitle", '<w:keepNext/><w:spacing w:after="40"/>', _size(19)),
            _style("MemoPicture", "Memo Picture",
                   '<w:keepNext/><w:spacing w:after="60" w:line="240" w:lineRule="auto"/>', ""),
            _style("MemoNote", "Memo Note",
                   '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>',
                   _size(18)),
            _style("MemoSource", "Memo Source",
                   '<w:spacing w:after="80"/>', _size(20)),
            _style("MemoTag", "Memo Tag", "", f'<w:color w:val="7F7F7F"/>{_size(18)}'),
            _style("Footer", "footer", '<w:spacing w:after="0"/>', _size(18)),
            *_cells(house, 0, 17),
        )
    )  # fmt: skip


def _cells(house: House, exact: int, size: int) -> list[str]:
    line = f'<w:spacing w:line="{exact}" w:lineRule="exact"/>' if exact else ""
    line = line or '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    left = '<w:snapToGrid w:val="0"/>' + line + '<w:jc w:val="left"/>'
    right = '<w:snapToGrid w:val="0"/>' + line + '<w:jc w:val="right"/>'
    bold = _fonts(house, "one") if house.official else "<w:b/>"
    return [
        _style("MemoTableText", "Memo Table Text", left, _size(size)),
        _style("MemoTableNumber", "Memo Table Number", right, _size(size)),
        _style("MemoTableHead", "Memo Table Head", left, f"{bold}{_size(size)}"),
    ]


def _style(name: str, label: str, paragraph: str, run: str = "", *, default: bool = False) -> str:
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    flag = ' w:default="1"' if default else ""
    custom = ' w:customStyle="1"' if label.startswith("Memo") else ""
    inside = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    inside += f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{flag}{custom} w:styleId={quoteattr(name)}><w:name '
        f"w:val={quoteattr(label)}/>"
        f"{based}<w:qFormat/>{inside}</w:style>"
    )


def _table(house: House) -> str:
    """Return the table style: rules above, below and under the head, none between columns."""
    rule = 'w:val="single" w:sz="{0}" w:space="0" w:color="auto"'
    cell = f"<w:tcBorders><w:bottom {rule.format(6)}/></w:tcBorders>"
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="60" '
        'w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="MemoTable"><w:name w:val="Memo Table"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblStyleRowBandSize w:val="1"/>'
        '<w:tblBorders>'
        f"<w:top {rule.format(12)}/><w:bottom {rule.format(12)}/>"
        f'<w:insideH {rule.format(2).replace("auto", "BFBFBF")}/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom '
        'w:w="20" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr>{cell}</w:tcPr></w:tblStylePr></w:style>'
    )  # fmt: skip


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _fonts(house: House, kind: str, latin: str = "") -> str:
    western, eastern = latin or house.language.word_fonts.latin, house.language.word_fonts.of(kind)
    return f'<w:rFonts w:ascii="{western}" w:hAnsi="{western}" w:eastAsia="{eastern}" w:cs="{western}"/>'


def font_table(house: House, namespaces: str) -> str:
    """Return the part that names the fonts and what may stand for each."""
    named = dict.fromkeys(astuple(house.language.word_fonts))
    return f"<w:fonts {namespaces}>{''.join(map(_font, named))}</w:fonts>"


def _font(name: str) -> str:
    others = f'<w:altName w:val="{ALTERNATIVES[name]}"/>' if name in ALTERNATIVES else ""
    return f'<w:font w:name="{name}">{others}</w:font>'


def numbering(house: House, namespaces: str) -> str:
    """Return the part that numbers headings (一、 （一） 1. （1）) and marks the findings of a list."""
    counting = house.language.counting
    levels = ((counting, "%1、"), (counting, "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))
    listed = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle '
        f'w:val="Heading{place + 1}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for place, (kind, text) in enumerate(levels)
    )
    headings = (
        f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{listed}</w:abstractNum>'
    )
    bullet = (
        '<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>'
    )
    used = (headings if house.official else "") + bullet
    numbers = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>' if house.official else ""
    return (
        f"<w:numbering {namespaces}>{used}{numbers}"
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
