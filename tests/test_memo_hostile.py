"""Hostile templates: every one gives a memo or a fault that says what to do, soon, and runs no code."""

import io
import zipfile
from itertools import pairwise
from time import monotonic

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import example, given, settings
from hypothesis import strategies as st
from word_files import opened, saved

from analysis.evidence.dataset import Dataset
from analysis.show.memo import TemplateError, default_template, file_of, memo_on
from analysis.show.memo.archive import pack, unpack
from analysis.show.memo.passages import Memo
from analysis.show.memo.template import open_template

SECONDS = 60  # far above what any template takes, far below one that hangs
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def memo(data: Dataset) -> Memo:
    """A short memo without charts of its own, which take long to draw."""
    made = memo_on(data, {"programme": "weinan", "language": "en"})
    assert made is not None
    return made


@pytest.fixture(scope="module")
def bare() -> bytes:
    """The styles and the page of the default template, without its text."""
    document = opened(default_template("en"))
    for paragraph in document.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)
    return saved(document)


def with_paragraphs(bare: bytes, *paragraphs: list[str] | str) -> bytes:
    """Return a template of paragraphs, each text or a list of runs."""
    document = opened(bare)
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for text in [runs] if isinstance(runs, str) else runs:
            paragraph.add_run(text)
    return saved(document)


def outcome(data: Dataset, memo: Memo, template: bytes) -> docx.document.Document | list[str]:
    """Return the memo, or the faults of its template; anything else that is raised fails the test."""
    begun = monotonic()
    try:
        content = file_of(data, memo, template, "office.docx")
    except TemplateError as error:
        assert error.messages and all(each.startswith("template office.docx: ") for each in error.messages)
        return error.messages
    finally:
        assert monotonic() - begun < SECONDS
    for name, part in unpack(content).items():
        if name.endswith((".xml", ".rels")):
            parse_xml(part)
    return opened(content)


NAMES = st.sampled_from(
    ["title", "lead", "findings", "charts", "tables", "notes", "sources", "chart", "table", "note", "loop",
     "x", "tittle", "__class__", "self", "range(9)", "lipsum()", "1", "'a'", "9 ** 9 ** 9", "'a' * 999999999",
     "", "(", "figure", "figure('weinan.study-visit')", "estimate(programme, 'yearly_pay')",
     "chart('coverage')", "figure(title)", "table('figures')", "finding(programme, 'x')"]
)  # fmt: skip
FIELDS = st.sampled_from(
    ["", ".title", ".caption", ".grid", ".picture", ".index", ".__class__", ".__init__.__globals__", ".parts",
     ".setting", ".rests_on", ".format", "[0]", "['__class__']", "|safe", "|upper", "|center(999999999)",
     "()", "|length", "|first", "|default(figure('weinan.study-visit'))",
     ".__class__.__mro__[1].__subclasses__()", "|attr('__class__')", "|map(attribute='__class__')", "[9:]"]
)  # fmt: skip
VALUES = st.builds("{}{}".format, NAMES, FIELDS)
NOISE = st.sampled_from(
    ["{%p endfor %}", "{% endif %}", "{% endraw %}", "{% else %}", "{#", "#}", "{{", "}}", "{%", "%}", "{_{",
     "plain text", "<w:p>", "&lt;", "“", "{{}}", "{% set x = title %}", "{% include 'a' %}", "{% raw %}"]
)  # fmt: skip
SHOWN = st.builds(
    "{}{} {} {}".format, st.just("{{"), st.sampled_from(["", "", "p", "r"]), VALUES, st.just("}}")
)
LINES = st.recursive(
    st.lists(SHOWN | SHOWN | SHOWN | NOISE, min_size=1, max_size=3),
    lambda inner: st.builds(
        lambda kind, name, value, lines, word: [
            f"{{%{kind} {word} {f'{name} in {value}' if word == 'for' else value} %}}", *lines,
            f"{{%{kind} end{word} %}}",
        ],
        st.sampled_from(["p", "p", "", "tr"]), st.sampled_from(["x", "note", "chart", "title"]),
        st.sampled_from(["charts", "tables", "notes", "findings", "x", "x.sentences", "x.notes"]) | VALUES,
        inner, st.sampled_from(["for", "for", "if"]),
    ),
    max_leaves=4,
)  # fmt: skip


def split(text: str, places: list[int]) -> list[str]:
    """Return a text in runs, broken at places in it."""
    ends = sorted({0, *(place % (len(text) + 1) for place in places), len(text)})
    return [text[start:end] for start, end in pairwise(ends)]


@settings(max_examples=30, deadline=None)
@given(LINES, st.lists(st.integers(0, 60), max_size=3))
@example(["{{ title }}"], [5])
def test_any_placeholders_give_a_memo_or_a_fault(data, memo, bare, lines, places):
    outcome(data, memo, with_paragraphs(bare, *(split(line, places) for line in lines)))


def test_a_placeholder_split_over_runs_is_one(data, memo, bare):
    filled = outcome(data, memo, with_paragraphs(bare, ["{", "{ ti", "tle }", "}"]))
    assert [paragraph.text for paragraph in filled.paragraphs] == [memo.title.text]


@pytest.mark.parametrize(
    ("paragraphs", "fault"),
    [
        (["{{ title"], "paragraph 1 of the text, '{{ title': {{ is not closed in its paragraph"),
        (["{{" * 50_000], "{{ is not closed in its paragraph; write }} after it"),
        (["{{ tables.readings.grid }}"], "{{ tables.readings.grid }}: write {{p tables.readings.grid }}"),
        (["{{p charts.coverage.picture }}"], "write {{ charts.coverage.picture }}"),
        (["See {{p tables.readings.grid }}"], "takes the place of its whole paragraph; give it one"),
        (["{{p title }}"], "paragraph 1 of the text, {{p title }}: write {{ title }}"),
        (["{{ 9 ** 9 ** 9 }}"], "with texts in quotation marks; Pow is none of these"),
        (["{{ 'a' * 999999999 }}"], "Mul is none of these (allowed filters are capitalize, "),
        (["{{ title|safe }}"], "filter 'safe' is none of these"),
        (["{% for a in 'aaaaaaaaa' %}{% endfor %}"], "For is none of these"),
        (["{{ title.format() }}"], "Call is none of these"),
        (["{% include 'other.docx' %}"], "Include is none of these"),
        (["{% for a in notes %}" * 9 + "{% endfor %}" * 9], "more than 3 loops or 60 conditions stand"),
        (["{{ " + "(" * 5000 + "title" + ")" * 5000 + " }}"], "too deep within each other; write them more"),
        (["{{ charts['covrage'].title }}"], "'covrage' is none of what 'charts' has"),
        (["{{ sources[999] }}"], "it cannot be filled: "),
        (["{%p for a in notes %}", "{% for b in notes %}", "{%p endfor %}", "{% endfor %}"], "tears a p"),
    ],
)  # fmt: skip
def test_a_fault_says_what_to_do(data, memo, bare, paragraphs, fault):
    found = outcome(data, memo, with_paragraphs(bare, *paragraphs))
    assert isinstance(found, list)
    assert fault in "\n".join(found)


def test_what_reaches_for_python_gets_nothing(data, memo, bare):
    reached = outcome(
        data, memo, with_paragraphs(bare, "{% for s in findings %}{{ s.sentences.__class__ }}{% endfor %}")
    )
    assert reached == ["template office.docx: it cannot be filled: access to attribute '__class__' of "
                       "'list' object is unsafe."]  # fmt: skip


def test_tables_in_loops_within_loops_end(data, memo, bare):
    loops = ["{%p for s in tables %}", "{%p for t in tables %}", "{%p for u in sources %}"]
    many = with_paragraphs(bare, *loops, "{{p t.grid }}", *["{%p endfor %}"] * 3)
    found = outcome(data, memo, many)
    assert isinstance(found, docx.document.Document) or "more than 300 charts or tables" in found[0]


def test_the_same_chart_may_be_shown_twice(data, memo, bare):
    found = outcome(data, memo, with_paragraphs(bare, *["{{ charts.coverage.picture }}"] * 2))
    assert len(found.inline_shapes) == 2
    names = [str(part.partname) for part in found.part.package.iter_parts()]
    assert len(names) == len(set(names))


def test_placeholders_in_a_header_in_footnotes_and_in_properties_are_checked_too(data, memo, bare):
    document = opened(bare)
    document.sections[0].header.paragraphs[0].text = "{{ tittle }}"
    document.core_properties.subject = "{{ subject }}"
    header, subject = outcome(data, memo, saved(document))
    assert "of a header, {{ tittle }}: 'tittle' is no placeholder" in header
    assert "the file property 'subject': 'subject' is no placeholder" in subject
    document.sections[0].header.paragraphs[0].text = "{{ title }}"
    document.core_properties.subject = "{{ title }}"
    filled = outcome(data, memo, saved(document))
    assert filled.sections[0].header.paragraphs[0].text == filled.core_properties.subject == memo.title.text


def test_a_loop_over_the_rows_of_a_table_fills_it(data, memo, bare):
    document = opened(bare)
    table = document.add_table(3, 1)
    for row, text in zip(table.rows, ["{%tr for s in sources %}", "{{ s }}", "{%tr endfor %}"], strict=True):
        row.cells[0].text = text
    filled = outcome(data, memo, saved(document))
    assert [row.cells[0].text for row in filled.tables[0].rows] == [source.text for source in memo.sources]


def related(bare: bytes, kind: str, target: str, mode: str = "External") -> bytes:
    """Return a template whose text points to something."""
    files = unpack(bare)
    name = "word/_rels/document.xml.rels"
    relation = (
        f'<Relationship Id="rId99" Type="{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )
    return pack({**files, name: files[name].replace(b"</Relationships>", relation.encode())})


def test_what_a_template_loads_from_elsewhere_is_refused_and_a_link_is_not(data, memo, bare):
    for kind in ("image", "attachedTemplate", "frame", "subDocument"):
        found = outcome(data, memo, related(bare, f"{OFFICE}/{kind}", "http://example.org/x"))
        assert found == [f"template office.docx: it loads 'http://example.org/x' ({kind}) from elsewhere "
                         "when it is opened; embed it, or take it out"]  # fmt: skip
    assert not isinstance(
        outcome(data, memo, related(bare, f"{OFFICE}/hyperlink", "http://example.org")), list
    )


def field(*pieces: str) -> str:
    """Return the instruction of a field, in pieces as Word may split it."""
    texts = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"{begin}{texts}{end}"


def with_xml(bare: bytes, xml: str, name: str = "word/document.xml") -> bytes:
    """Return a template with a paragraph of that content, or with XML in the place of a part."""
    files = unpack(bare)
    whole = files[name].replace(b"<w:sectPr", f"<w:p>{xml}</w:p><w:sectPr".encode(), 1)
    return pack({**files, name: whole})


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["DDEAUTO c:\\\\cmd.exe"], "DDEAUTO c:\\\\cmd.exe"),
        (["D", "DEA", "UTO", " x"], "DDEAUTO x"),
        (["dde Excel x"], "dde Excel x"),
        ([" INCLUDEPICTURE http://example.org/x.png "], "INCLUDEPICTURE http://example.org/x.png"),
        (["IncludeText file:///x"], "IncludeText file:///x"),
        (["LINK Excel.Sheet x"], "LINK Excel.Sheet x"),
    ],
)
def test_a_field_that_reaches_beyond_the_template_is_refused(data, memo, bare, pieces, shown):
    said = [f"template office.docx: its field {shown!r} reaches for another file or program; take it out"]
    assert outcome(data, memo, with_xml(bare, field(*pieces))) == said
    simple = f'<w:fldSimple w:instr="{"".join(pieces)}"/>'
    assert outcome(data, memo, with_xml(bare, simple)) == said
    assert (
        outcome(
            data,
            memo,
            with_xml(bare, field(f"IF 1 = 1 </w:instrText></w:r>{field(*pieces)}<w:r><w:instrText>")),
        )
        == said
    )


def test_a_field_whose_kind_another_field_makes_is_refused(data, memo, bare):
    made = field(f"</w:instrText></w:r>{field('QUOTE 68 68 69')}<w:r><w:instrText> cmd")
    found = outcome(data, memo, with_xml(bare, made))
    assert found == [
        "template office.docx: its field '… cmd' reaches for another file or program; take it out"
    ]


@pytest.mark.parametrize(
    "harmless", ["PAGE", "SEQ chart", "REF x", 'HYPERLINK "https://example.org"', "HYPERLINK \\l mark"]
)
def test_a_field_of_the_text_is_kept(data, memo, bare, harmless):
    assert not isinstance(outcome(data, memo, with_xml(bare, field(harmless))), list)


@pytest.mark.parametrize(
    "target", ["file:///etc/x", "FILE://x", "\\\\server\\x", "smb://x", "C:\\x.exe", "x.docx"]
)
def test_a_link_to_a_file_is_refused(data, memo, bare, target):
    said = [
        f"template office.docx: it links to {target!r}; link to a web page or an address (mailto:), or take "
        "it out"
    ]
    assert outcome(data, memo, related(bare, f"{OFFICE}/hyperlink", target)) == said
    assert outcome(data, memo, with_xml(bare, field(f'HYPERLINK "{target}"'))) == said


def test_a_file_within_a_template_is_refused(data, memo, bare):
    for kind in ("package", "aFChunk"):
        found = outcome(data, memo, related(bare, f"{OFFICE}/{kind}", "styles.xml", "Internal"))
        assert found == [f"template office.docx: it holds another file ({kind}); paste what is to be shown, "
                         "or take it out"]  # fmt: skip
    found = outcome(data, memo, with_xml(bare, "</w:p><w:altChunk/><w:p>"))
    assert found == [
        "template office.docx: it takes in another file (altChunk); paste its text, or take it out"
    ]


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "docProps/core.xml"])
def test_a_part_with_another_root_makes_no_word_file(data, memo, bare, part):
    found = outcome(data, memo, pack({**unpack(bare), part: b"<a/>"}))
    assert found == ["template office.docx: it is no Word file; save it in Word as .docx"]


def test_a_template_without_a_page_is_refused(data, memo, bare):
    document = opened(bare)
    document.element.body.remove(document.element.body.sectPr)
    assert (
        "its text block is 0 mm wide; a chart needs at least 90 mm" in outcome(data, memo, saved(document))[0]
    )


def test_macros_are_refused(data, memo, bare):
    files = unpack(related(bare, "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
                             "vbaProject.bin", "Internal"))  # fmt: skip
    types = files["[Content_Types].xml"].replace(
        b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    holding = {**files, "word/vbaProject.bin": b"code", "[Content_Types].xml": types}
    found = outcome(data, memo, pack(holding))
    assert found == ["template office.docx: it holds a macro or a control (vbaProject); save it in Word "
                     "as .docx, which keeps none"]  # fmt: skip
    enabled = types.replace(b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")
    enabled = enabled.replace(b"openxmlformats-officedocument.ms-word", b"ms-word")
    found = outcome(data, memo, pack({**holding, "[Content_Types].xml": enabled}))
    assert found == ["template office.docx: it is no Word file; save it in Word as .docx"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(data, memo, bare):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in unpack(bare).items():
            archive.writestr(name, content)
        with archive.open("word/media/large.png", "w", force_zip64=True) as file:
            for _ in range(30):
                file.write(bytes(10_000_000))
    found = outcome(data, memo, buffer.getvalue())
    assert found == ["template office.docx: it is 300 MB large when unpacked, more than 200 MB; make its "
                     "pictures smaller"]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_still_opens(bare, draw):
    content = bytearray(bare)
    for _ in range(draw.draw(st.integers(1, 8))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))
    end = draw.draw(st.sampled_from([len(content), len(content) // 2, 100, 0]))
    template, faults = open_template(bytes(content[:end]))
    assert template is not None or faults


def test_what_xml_can_do_to_a_reader_does_nothing(data, memo, bare):
    files = unpack(bare)
    body = files["word/document.xml"]
    inside = body[body.index(b"<w:document") :].replace(
        b"<w:body>", b"<w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p>"
    )
    bomb = b'<!DOCTYPE x [<!ENTITY z "lol"><!ENTITY a "' + b"&z;" * 1000 + b'">]>'
    file = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    for doctype in (bomb, file):
        found = outcome(data, memo, pack({**files, "word/document.xml": doctype + inside}))
        if not isinstance(found, list):
            assert all("lollol" not in p.text for p in found.paragraphs)


def test_a_table_within_a_table_within_a_table_is_kept(data, memo, bare):
    document = opened(bare)
    inner = "<w:p><w:r><w:t>{{ title }}</w:t></w:r></w:p>"
    for _ in range(20):
        row = f"<w:tr><w:tc>{inner}<w:p/></w:tc></w:tr>"
        inner = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{row}</w:tbl>"
    document.element.body.insert(0, parse_xml(inner.replace("<w:tbl>", f"<w:tbl {nsdecls('w')}>", 1)))
    filled = outcome(data, memo, saved(document))
    assert memo.title.text in "".join(filled.element.body.itertext())
