"""Documents: the clean view, the way back to the file, damage, and what cannot be loaded."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.numerals import find
from analysis.evidence.sources import Document, SourceError, find_sources

# Invented: a county that exists nowhere, with the glosses and Traditional forms of a converter.
GLOSSED = (
    "青禾縣(xiàn)修建村級(jí)場(chǎng)所7處(chù)，投入近160萬(wàn)元。\n"
    "\n"
    "辦(bàn)實(shí)事4萬(wàn)多件(jiàn)；覆蓋12個(gè)社區(qū)(社区)。\n"
)


@pytest.fixture
def document() -> Document:
    return Document.from_text(GLOSSED, "qinghe")


def test_the_clean_view_is_without_glosses_and_simplified(document: Document) -> None:
    assert document.clean == (
        "青禾县修建村级场所7处，投入近160万元。\n\n办实事4万多件；覆盖12个社区(社区)。\n"
    )


def test_every_character_of_the_clean_view_maps_to_its_place_in_the_file(document: Document) -> None:
    for index, offset in enumerate(document.clean_to_raw):
        assert document.text(offset, offset + 1) == document.clean[index]


def test_a_span_goes_to_the_file_and_back(document: Document) -> None:
    start = document.clean.index("4万多件")
    span = document.raw_span(start, start + 4)
    assert document.raw[slice(*span)] == "4萬(wàn)多件"
    assert document.clean_span(*span) == (start, start + 4)
    assert document.text(*span) == "4万多件"


def test_quantities_of_the_clean_view_are_located_in_the_file(document: Document) -> None:
    spans = [document.raw_span(quantity.start, quantity.end) for quantity in find(document.clean)]
    assert [document.raw[slice(*span)] for span in spans] == [
        "7處",
        "近160萬(wàn)元",
        "4萬(wàn)多件",
        "12個",
    ]


def test_paragraphs_are_lines_with_text_counted_from_one() -> None:
    document = Document.from_text("甲\r\n \u00a0\r\n乙乙\n\n丙", "x")
    assert document.paragraphs == [(0, 1), (7, 9), (11, 12)]
    assert [document.paragraph(offset) for offset in (0, 1, 7, 9, 11)] == [1, 0, 2, 0, 3]


def test_a_sentence_is_shown_around_a_span(document: Document) -> None:
    start = GLOSSED.index("12")
    assert document.sentence(start, start + 3) == ("覆盖", "12个", "社区(社区)。")
    start = GLOSSED.index("7")
    assert document.sentence(start, start + 2) == ("青禾县修建村级场所", "7处", "，投入近160万元。")


@pytest.mark.parametrize("text", ["甲(1,2)", "甲(社区)", "甲(abc)", "甲(qū", "qū(qū)", "5(qū)"])
def test_what_is_no_gloss_stays(text: str) -> None:
    assert Document.from_text(text, "x").clean == text


@pytest.mark.parametrize("text", ["區(qū)", "區（qū）", "級(jí)", "強(qiáng)", "綠(lǜ)", "區(qu\u0304)"])
def test_a_gloss_is_pinyin_with_a_tone_mark_after_a_character(text: str) -> None:
    assert len(Document.from_text(text, "x").clean) == 1


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("解決\ufffd\ufffd問題", "\ufffd\ufffd"),
        ("把實?qū)嵔饷駪n。", "?qū)嵔饷駪n"),
        ("打?dǎ)好", "?dǎ)"),
        ("建?設", "?"),
        ("‘學做\\'", "\\"),
        ("甲\ue123乙", "\ue123"),
        ("甲\x00乙", "\x00"),
    ],
)
def test_damaged_characters_are_kept_and_reported(text: str, damaged: str) -> None:
    document = Document.from_text("首行\n" + text, "x")
    assert document.damaged == [(3 + text.index(damaged), damaged)]
    assert document.raw == "首行\n" + text


def test_an_undamaged_document_reports_nothing(document: Document) -> None:
    assert document.damaged == []


def test_a_document_is_loaded_as_it_stands_on_disk(tmp_path: Path) -> None:
    data = "投入3元。\r\n".encode()
    (tmp_path / "qinghe.txt").write_bytes(data)
    document = Document.load(tmp_path / "qinghe.txt")
    assert (document.source_id, document.raw) == ("qinghe", "投入3元。\r\n")
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_a_document_in_another_encoding_is_loaded_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("投入3元".encode("gb18030"))
    assert Document.load(path, "b", "gb18030").raw == "投入3元"
    with pytest.raises(SourceError) as error:
        Document.load(path)
    assert str(error.value) == (
        f"{path}: not utf-8 (byte 2 is 0xc8); name the encoding it has, such as gb18030 or big5"
    )


def test_a_missing_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        Document.load(tmp_path / "a.txt")
    assert str(error.value) == (
        f"{tmp_path / 'a.txt'}: cannot be read (No such file or directory); check the folder and name"
    )


def test_a_span_outside_the_document_is_refused() -> None:
    document = Document.from_text("甲乙", "x")
    with pytest.raises(SourceError, match=r"^x: 1\.\.3 is no span of the file \(0\.\.2\)$"):
        document.text(1, 3)
    with pytest.raises(SourceError, match=r"^x: 1\.\.1 is no span of the clean view \(0\.\.2\)$"):
        document.raw_span(1, 1)


@given(st.text("區实(qū)（ū）0萬a?\n。\r", max_size=40))
def test_offsets_lead_back_in_any_text(text: str) -> None:
    document = Document.from_text(text, "x")
    assert len(document.clean) == len(document.clean_to_raw)
    for index in range(len(document.clean)):
        assert document.clean_span(*document.raw_span(index, index + 1)) == (index, index + 1)


def test_the_folder_of_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    project = tmp_path / "project"
    assert find_sources(None, project) is None
    (project / "sources").mkdir(parents=True)
    assert find_sources(None, project) == project / "sources"
    (tmp_path / "sources").mkdir()
    assert find_sources(None, project) == Path("sources")
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("ANALYSIS_SOURCES", str(tmp_path / "other"))
    assert find_sources(None, project) == tmp_path / "other"
    assert find_sources(tmp_path, project) == tmp_path


def test_a_named_folder_that_is_missing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_SOURCES", "nowhere")
    with pytest.raises(SourceError) as error:
        find_sources(None, Path())
    assert str(error.value) == (
        "ANALYSIS_SOURCES: 'nowhere' is not a folder; name the folder that holds the documents"
    )
