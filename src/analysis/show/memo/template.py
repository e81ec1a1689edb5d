"""The default templates of memos, made from nothing: GB/T 9704-2012 for Chinese, plain A4 for others.

``analysis memo --save-template`` writes one, so that an office can edit it in Word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from analysis.show.memo.styles import House, font_table, numbering, styles
from analysis.show.memo.theme import theme
from analysis.show.memo.zipped import zipped
from analysis.words.language import Text

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = f'xmlns:w="{_W}" xmlns:r="{_R}"'
_CP = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PARTS = {
    "word/document.xml": f"{_WORD}document.main+xml",
    "word/styles.xml": f"{_WORD}styles+xml",
    "word/settings.xml": f"{_WORD}settings+xml",
    "word/fontTable.xml": f"{_WORD}fontTable+xml",
    "word/numbering.xml": f"{_WORD}numbering+xml",
    "word/footer1.xml": f"{_WORD}footer+xml",
    "word/footer2.xml": f"{_WORD}footer+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_RELATED = ("styles", "settings", "fontTable", "numbering", "footer", "footer", "theme")


@cache
def default_template(language: str) -> bytes:
    """Return the default template of a language as a file."""
    house = House.of(language)
    document = _Document(house, Text.of(language))
    content = {
        "word/document.xml": document.body(),
        "word/styles.xml": styles(house, _NAMESPACES),
        "word/settings.xml": _settings(house),
        "word/fontTable.xml": font_table(house, _NAMESPACES),
        "word/numbering.xml": numbering(house, _NAMESPACES),
        "word/footer1.xml": _footer(house, "right"),
        "word/footer2.xml": _footer(house, "left"),
        "word/theme/theme1.xml": theme(house),
        "docProps/core.xml": _core(document.text("memo.template_title"), house.language.tag),
        "docProps/app.xml": _app(),
    }
    files = {"[Content_Types].xml": _types(), "_rels/.rels": _package_relations()}
    files |= {"word/_rels/document.xml.rels": _document_relations()} | content
    return zipped({name: (_DECLARATION + xml).encode() for name, xml in files.items()})


@dataclass(frozen=True)
class _Document:
    """The text of a template: headings, placeholders and loops, each paragraph in its style."""

    house: House
    text: Text

    def body(self) -> str:
        lines = "".join(self._lines())
        return f"<w:document {_NAMESPACES}><w:body>{lines}{_section(self.house)}</w:body></w:document>"

    def _lines(self) -> list[str]:
        heading = [
            self._heading(key) for key in ("findings", "charts", "tables", "notes", "sources", "method")
        ]
        findings, charts, tables, notes, sources, method = heading
        return [
            _p("MemoTitle", "{{ title }}"),
            _p("MemoBody", "{{ lead }}"),
            _p("MemoBody", "{{ caution }}"),
            findings,
            *_loop("section in findings", [
                _p("Heading2", "{{ section.heading }}"),
                *_loop("sentence in section.sentences", [_p("MemoFinding", "{{ sentence }}")]),
            ]),
            *_if("charts", [charts, *_loop("chart in charts", [
                _p("MemoCaption", "{{ chart.caption }}"),
                _p("MemoSubtitle", "{{ chart.subtitle }}"),
                _p("MemoPicture", "{{ chart.picture }}"),
                *_if("chart.note", [_p("MemoNote", "{{ chart.note }}")]),
                *_if("chart.source", [_p("MemoNote", "{{ chart.source }}")]),
            ])]),
            *_if("tables", [tables, *_loop("table in tables", [
                _p("MemoCaption", "{{ table.caption }}"),
                _p("MemoBody", "{{p table.grid }}"),
                *_loop("note in table.notes", [_p("MemoNote", "{{ note }}")]),
            ])]),
            *_if("notes", [notes, *_loop("note in notes", [_p("MemoBody", "{{ note }}")])]),
            sources,
            *_loop("source in sources", [_p("MemoSource", "{{ source }}")]),
            method,
            *_loop("line in method", [_p("MemoFinding", "{{ line }}")]),
            _p("MemoNote", "{{ made }}"),
        ]  # fmt: skip

    def _heading(self, key: str) -> str:
        return _p("Heading1", self.text(f"memo.heading_{key}"))


def _p(style: str, text: str) -> str:
    return (
        f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/></w:pPr>"
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _loop(what: str, lines: list[str]) -> list[str]:
    return [_p("MemoTag", f"{{%p for {what} %}}"), *lines, _p("MemoTag", "{%p endfor %}")]


def _if(what: str, lines: list[str]) -> list[str]:
    return [_p("MemoTag", f"{{%p if {what} %}}"), *lines, _p("MemoTag", "{%p endif %}")]


def _section(house: House) -> str:
    grid = f'<w:docGrid w:type="lines" w:linePitch="{house.line_pitch}"/>' if house.line_pitch else ""
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId5"/><w:footerReference w:type="even" '
        'r:id="rId6"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{house.top}" w:right="{house.right}" '
        f'w:bottom="{house.bottom}" w:left="{house.left}" w:header="851" w:footer="{house.footer}" '
        f'w:gutter="0"/>'
        f"{grid}</w:sectPr>"
    )


def _footer(house: House, alignment: str) -> str:
    dash = f'<w:t xml:space="preserve">{house.dash}</w:t>' if house.dash else ""
    after = f'<w:t xml:space="preserve">{house.dash[::-1]}</w:t>' if house.dash else ""
    indent = f'<w:ind w:{alignment}Chars="100" w:{alignment}="280"/>' if house.dash else ""
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return (
        f'<w:ftr {_NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/>{indent}<w:jc '
        f'w:val="{alignment}"/></w:pPr>'
        f"{f'<w:r>{dash}</w:r>' if dash else ''}{page}{f'<w:r>{after}</w:r>' if after else ''}</w:p></w:ftr>"
    )


def _settings(house: House) -> str:
    return (
        f'<w:settings {_NAMESPACES}><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="en-GB" w:eastAsia="{house.east_asia}"/></w:settings>'
    )


def _types() -> str:
    parts = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in _PARTS.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relations(pairs: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'


def _package_relations() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _relations(
        [(f"{_R}/officeDocument", "word/document.xml"), (core, "docProps/core.xml"),
         (f"{_R}/extended-properties", "docProps/app.xml")]
    )  # fmt: skip


def _document_relations() -> str:
    targets = (
        "styles.xml",
        "settings.xml",
        "fontTable.xml",
        "numbering.xml",
        "footer1.xml",
        "footer2.xml",
        "theme/theme1.xml",
    )
    return _relations([(f"{_R}/{kind}", target) for kind, target in zip(_RELATED, targets, strict=True)])


def _core(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_CP}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{language}</dc:language></cp:coreProperties>"
    )


def _app() -> str:
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>County programme analysis</Application></Properties>"
    )
