"""An edited memo brought to the data of today: what moved is tracked, what turned remarked, no more."""

import datetime
import shutil
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from test_binding import HEAD, bookmark, put_into
from updates import texts
from word_files import edited as changed
from word_files import opened

from analysis.cli import main
from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.show.memo import AuditError, audit, file_of, memo_on, update
from analysis.show.memo.ledger import find

DAY = datetime.date(2026, 11, 27)
OWN = "A sentence of mine: a head in Ludian now gets 4,200 yuan a month."


def with_figures(project_root, root: Path, *changes: tuple[str, str, str]) -> Dataset:
    """The data with some figures as others."""
    for name in ("data", "notebooks", "params", "pyproject.toml"):
        copy = shutil.copytree if (project_root / name).is_dir() else shutil.copy
        copy(project_root / name, root / name)
    figures = root / "data" / "raw" / "figures.csv"
    lines = figures.read_text("utf-8").splitlines(keepends=True)
    for own, old, new in changes:
        [place] = [i for i, line in enumerate(lines) if line.startswith(f"{own},")]
        assert old in lines[place]
        lines[place] = lines[place].replace(old, new, 1)
    figures.write_text("".join(lines), "utf-8")
    return processed.checked(root)


@pytest.fixture(scope="module")
def moved(project_root, tmp_path_factory) -> Dataset:
    """The data with a higher pay, cheaper venues, and more branches founded than were dissolved."""
    return with_figures(
        project_root,
        tmp_path_factory.mktemp("moved"),
        ("ludian.pay.head.after", "4200元,4200", "4300元,4300"),
        ("ludian.branches-established", "752,755,94个,94", "751,755,194个,194"),
        ("ludian.village-venues.amount", "5956万元,59560000", "5856万元,58560000"),
    )


@pytest.fixture(scope="module")
def made(data) -> bytes:
    return file_of(data, memo_on(data, {"programme": "ludian", "language": "en"}))


@pytest.fixture(scope="module")
def edited(made) -> bytes:
    """A memo on Ludian to which a person has added a sentence."""
    return changed(made, lambda document: document.add_paragraph(OWN))


@pytest.fixture(scope="module")
def updated(edited, moved):
    return update(edited, moved, "ludian.docx", DAY)


def test_what_has_moved_is_tracked_in_its_own_form(updated):
    sentence = "The pay of a village or community head with one post rose from 2,000 to 4,200 yuan a month."
    assert f"4,200 is now 4,300: “{sentence}”" in updated.changed
    accepted = "\n".join(texts(updated.content, without="del"))
    assert "rose from 2,000 to 4,300 yuan a month." in accepted
    assert "gets 2.7 to 3.0 times the national rural income" in accepted


def test_nothing_that_a_person_wrote_is_lost(edited, updated):
    assert texts(updated.content, without="ins") == texts(edited, without="ins")
    assert OWN in texts(updated.content, without="del")


def test_a_sentence_that_has_turned_and_a_number_that_fails_get_a_comment(updated):
    comments = [each.text for each in opened(updated.content).comments]
    assert any(each.startswith("4,200: The data has no such number.") for each in comments)
    # 194 were founded, so the memo no longer opens with more dissolved than founded.
    assert any("Today’s memo says: “Ludian County more than doubled the pay" in each for each in comments)
    assert not updated.is_whole
    assert sorted(comments) == sorted(set(updated.remarked))


def test_pictures_are_replaced_by_those_of_today(updated):
    body = opened(updated.content).element.body
    parents = [drawing.getparent().getparent().tag for drawing in body.iter(qn("w:drawing"))]
    assert parents.count(qn("w:del")) == parents.count(qn("w:ins")) >= 1


def test_a_second_update_changes_nothing_more(updated, moved):
    again = update(updated.content, moved, "ludian.docx", DAY)
    assert again.changed == ()
    assert len(list(opened(again.content).comments)) == len(set(updated.remarked))
    # What is left to the audit is the sentence of a person.
    assert {lost.text for lost in audit(updated.content, moved).lost} >= {OWN}


def test_a_memo_of_today_stays_as_it_is(data):
    content = file_of(data, memo_on(data, {"programme": "minjia", "language": "zh-Hans"}))
    found = update(content, data, "minjia.docx", DAY)
    assert (found.changed, found.remarked, str(found)) == ((), (), "已作修订0处，批注0处")
    assert texts(found.content, without="ins") == texts(content, without="ins")


def test_an_updated_memo_is_valid_open_xml(updated, tmp_path):
    openxml_audit = pytest.importorskip("openxml_audit", reason="the validator is not installed")
    path = tmp_path / "updated.docx"
    path.write_bytes(updated.content)
    assert [str(error) for error in openxml_audit.OpenXmlValidator().validate(path).errors] == []


def test_libreoffice_opens_an_updated_memo(updated, tmp_path, writer):
    path = tmp_path / "updated.docx"
    path.write_bytes(updated.content)
    assert writer.convert(path, "pdf").stat().st_size > 10_000


def test_a_number_that_was_moved_into_an_own_sentence_is_updated(made, moved):
    content = changed(made, lambda document: put_into(document, "We would pay a prefect ", " yuan by 2030."))
    found = update(content, moved, "ludian.docx", DAY)
    accepted = texts(found.content, without="del")
    assert "We would pay a prefect 4,300 yuan by 2030." in accepted
    assert texts(found.content, without="ins") == texts(content, without="ins")
    # It stays bound, to the number of today.
    document = opened(found.content)
    assert HEAD in find(document).bound[bookmark(document, HEAD).get(qn("w:name")).split("_")[2]]


def write_another(document):
    bookmark(document, HEAD).getnext().find(qn("w:t")).text = "4,444"


def test_a_number_that_a_person_has_changed_is_theirs_and_gets_a_comment(made, moved):
    content = changed(made, write_another)
    found = update(content, moved, "ludian.docx", DAY)
    assert any("rose from 2,000 to 4,444 yuan" in each for each in texts(found.content, without="del"))
    assert any(each.startswith("4,444: ") for each in found.remarked)


def test_of_two_figures_that_are_printed_alike_the_one_that_moved_is_changed(data, project_root, tmp_path):
    changes = ("wushan.management-rules", "5个,5,", "7个,7,")
    later = with_figures(project_root, tmp_path, changes)
    made = file_of(data, memo_on(data, {"programme": "wushan", "language": "zh-Hans"}))
    found = update(made, later, "wushan.docx", DAY)
    assert found.changed[:2] == ("5个现为7个：“5个”", "5份现为7份：“5份文件”")
    assert found.remarked == ()
    # The other, 新设产业联盟党组织5个, stands.
    assert any("产业联盟党组织5个" in each for each in texts(found.content, without="del"))


def test_a_sentence_that_is_told_with_other_numbers_has_those_and_no_remark(data, project_root, tmp_path):
    later = with_figures(project_root, tmp_path, ("ludian.pay.deputy.before", "1800元,1800", "1500元,1500"))
    made = file_of(data, memo_on(data, {"programme": "ludian", "language": "en"}))
    found = update(made, later, "ludian.docx", DAY)
    question = "Of which year are the amounts that are printed without one ({})?"
    before = question.format("2,000 yuan, 2,200 yuan, 1,800 yuan, 600 yuan, 50,000 yuan")
    assert f"1,800 is now 1,500: “{before}”" in found.changed
    assert before.replace("1,800", "1,500") in texts(found.content, without="del")
    assert found.remarked == ()


def test_a_number_that_was_written_in_full_is_so_today(data, project_root, tmp_path):
    own = ("ludian.pay.secretary-group-leader", "600元,600,", "171元,171,")
    later = with_figures(project_root, tmp_path, own)
    made = file_of(data, memo_on(data, {"programme": "ludian", "language": "en"}))
    assert "7,200 is now 2,052: “7,200”" in update(made, later, "ludian.docx", DAY).changed


def test_a_note_that_holds_is_kept_where_the_memo_of_today_cites_otherwise(data, project_root, tmp_path):
    later = with_figures(project_root, tmp_path, ("wushan.plan-measures", "20条,20", "64条,64"))
    content = file_of(data, memo_on(data, {"programme": "wushan", "language": "zh-Hans"}))
    found = update(content, later, "wushan.docx", DAY)
    # No note of today is that of paragraph 13 alone; it would be taken for another one, changed by hand.
    again = audit(found.content, later)
    own = "《[武山县基层党建基础攻坚行动]》，发布者未写明，2022—2024（推断），第13段。"
    assert own in {each.text for each in again.supports if each.where.startswith("endnotes")}
    assert own not in {passage.text for passage in again.memo.passages}
    assert [each.numeral.text for each in again.lost if each.where.startswith("endnotes")] == []


def test_a_memo_on_what_is_gone_is_refused(edited, data):
    programmes = data.programmes[data.programmes["programme_id"] != "ludian"]
    other = Dataset(data.root, {**data.tables, "programmes": programmes}, "another")
    with pytest.raises(AuditError, match=r"ludian\.docx: what it is on is no longer in the data"):
        update(edited, other, "ludian.docx", DAY)


def test_the_command_writes_beside_the_file(project_root, edited, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(project_root)
    file = tmp_path / "mine.docx"
    file.write_bytes(edited)
    assert main(["memo", "--update", str(file)]) == 0
    printed = capsys.readouterr()
    assert printed.out == "changes tracked: 0; comments: 0\n"
    assert Path(printed.err.strip()) == tmp_path / "mine.updated.docx"
