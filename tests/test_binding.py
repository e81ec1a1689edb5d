"""Numbers bound in a memo by hidden bookmarks, which stay with them wherever a person puts them."""

import pytest
from docx.oxml.ns import qn
from word_files import edited, opened, saved

from analysis.show.memo import audit, file_of, memo_on
from analysis.show.memo.ledger import find
from analysis.show.memo.reading import BOUND, blocks
from analysis.words.scan import numerals

HEAD = "figure ludian.pay.head.after, value"


@pytest.fixture(scope="module")
def made(data) -> bytes:
    return file_of(data, memo_on(data, {"programme": "ludian", "language": "en"}))


def bookmark(document, name):
    """Return the bookmark of the first number that is of a fact."""
    keys = [key for key, names in find(document).bound.items() if names[0] == name]
    starts = document.element.body.iter(qn("w:bookmarkStart"))
    return next(each for each in starts if each.get(qn("w:name")).startswith(f"{BOUND}{keys[0]}_"))


def put_into(document, before, after):
    """Take the higher pay of a head out of its sentence, into one of a person's own."""
    start = bookmark(document, HEAD)
    run, end = start.getnext(), start.getnext().getnext()
    own = document.add_paragraph(before)
    own._element.extend([start, run, end])
    own.add_run(after)


def test_each_number_of_the_memo_is_bound(made):
    document = opened(made)
    bound, free = 0, set()
    for block in blocks(document):
        if block.where.startswith("document") and block.element is not None:
            for numeral in numerals(block.text, "en"):
                inside = any(start <= numeral.start < end for start, end, _ in block.bound)
                bound += inside
                free |= set() if inside else {numeral.text}
    assert bound > 700
    # What is fixed in our wording ("SHA-256", "in two ways"), the number of a document in the list, and
    # years within the ids of figures.
    assert free == {"0", "1", "256", "two", "2019", "2021"}


def test_a_bookmark_leads_to_what_the_number_is_of(made):
    document = opened(made)
    start = bookmark(document, HEAD)
    assert start.getnext().find(qn("w:t")).text == "4,200"
    about = find(document).about
    assert (about["language"], len(about["data"])) == ("en", 64)


def test_other_programs_see_the_text_with_its_numbers(made):
    [lead] = [each.text for each in opened(made).paragraphs if each.text.startswith("Ludian County more")]
    assert "rose from 2,000 to 4,200 yuan a month." in lead


def test_a_bound_number_in_a_false_sentence_is_still_told(made, data):
    content = edited(made, lambda document: put_into(document, "A head in Minjia gets ", " yuan a month."))
    assert [each.numeral.text for each in audit(content, data).lost] == ["4,200"]


def test_a_paragraph_from_another_memo_is_bound_to_nothing(made, data):
    other = opened(file_of(data, memo_on(data, {"programme": "minjia", "language": "en"})))
    document = opened(made)
    document.element.body.insert(0, other.paragraphs[2]._element)
    found = next(each for each in blocks(opened(saved(document))) if "Minjia" in each.text)
    keys = {key for *_, key in found.bound}
    assert keys and not keys & set(find(opened(made)).bound)


def test_libreoffice_keeps_what_numbers_are_bound_to(made, tmp_path, writer):
    path = tmp_path / "memo.docx"
    path.write_bytes(made)
    before, after = ([b.bound for b in blocks(opened(content)) if b.bound] for content in (
        made, writer.convert(path, "docx").read_bytes()
    ))  # fmt: skip
    assert after == before


def test_a_memo_with_bound_numbers_is_valid_open_xml(made, tmp_path):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    path = tmp_path / "memo.docx"
    path.write_bytes(made)
    assert [str(error) for error in openxml_audit.OpenXmlValidator().validate(path).errors] == []
