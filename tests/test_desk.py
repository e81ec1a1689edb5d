"""The desk without its page: edits of a draft, what is saved, what is seen of it, and two people."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import cli
from analysis.curation.acceptance import accept
from analysis.curation.agreement import both, compare, take
from analysis.curation.desk import Desk
from analysis.curation.draft import IntakeError, intake
from analysis.curation.sheets import DeskError, Sheets
from analysis.show.desk.view import View
from analysis.words.language import Text

ARTICLE = """松泉县建好阵地

来源：松泉党建网 发布时间：2023-06-15

一是改善阵地。投入960万元，新建村级活动场所12个。

二是提高待遇。支部书记每月补贴3000元，副职每月补贴2100元，年底再补一百二十三元。

村名	场所面积（平方米）	投入（万元）
上河村	200	20
下河村	320	35.5
"""


@pytest.fixture
def root(project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the draft of the article."""
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    for folder in ("data/raw", "params"):
        shutil.copytree(project_root / folder, tmp_path / folder)
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    intake(tmp_path / "article.txt", "songquan", tmp_path)
    return tmp_path


@pytest.fixture
def desk(root: Path) -> Desk:
    return Desk(root, "songquan")


def printed(sheets: Sheets) -> list[str]:
    return [row["printed"] for row in sheets.numerals]


def place(sheets: Sheets, text: str) -> int:
    return printed(sheets).index(text)


def state(desk: Desk, language: str = "en") -> dict:
    return View(desk, Text.of(language)).state()


# Edits


def test_the_draft_is_all_undecided_and_a_step_can_be_taken_back_and_made_again(desk: Desk) -> None:
    row = place(desk.sheets, "一是")
    desk.do(lambda sheets: sheets.decide(row))
    assert desk.sheets.is_decided(row)
    desk.undo()
    assert not desk.sheets.is_decided(row) and desk.can_redo
    desk.undo(again=True)
    assert desk.sheets.is_decided(row) and not desk.can_redo


def test_a_reason_makes_an_exclusion_and_no_reason_a_figure(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    excluded = desk.sheets.decide(row, "structural")
    assert excluded.numerals[row]["reason"] == "structural" and excluded.missing(row) == []
    assert excluded.decide(row, "").numerals[row]["reason"] == ""


def test_a_figure_lacks_what_is_required_of_it_and_an_id_of_its_own(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    bare = desk.sheets.set("numerals", row, {"figure_id": "songquan.p3-3", "subject_zh": "", "unit": ""})
    assert bare.missing(row) == ["figure_id", "unit", "subject_zh"]
    assert bare.decide(row, "idiom").missing(row) == []


def test_one_decision_holds_for_all_that_are_like_it(desk: Desk) -> None:
    first, second = place(desk.sheets, "一是"), place(desk.sheets, "二是")
    assert desk.sheets.alike(first) == [second]
    changed = desk.sheets.set("numerals", first, {"reason": "structural"}).decide_alike(first)
    assert changed.is_decided(second) and changed.numerals[second]["reason"] == "structural"
    assert changed.alike(first) == []


def test_a_column_of_a_table_is_decided_at_once(desk: Desk) -> None:
    first, second = place(desk.sheets, "20"), place(desk.sheets, "35.5")
    cells = {"figure_id": "songquan.cost", "subject_zh": "上河村投入", "status": "planned"}
    changed = desk.sheets.set("numerals", first, cells).decide_alike(first)
    names = ("figure_id", "subject_zh", "status", "value")
    assert [[changed.numerals[row][name] for name in names] for row in (first, second)] == [
        ["songquan.cost", "上河村投入", "planned", "200000"],
        ["songquan.cost-2", "下河村投入", "planned", "355000"],
    ]
    assert not changed.is_decided(place(changed, "200"))


def test_all_that_is_sure_is_decided_at_once_and_nothing_that_lacks_a_cell(desk: Desk) -> None:
    unsure, lacking, sure = (place(desk.sheets, text) for text in ("12个", "3000元", "2100元"))
    sheets = desk.sheets.set("numerals", unsure, {"unsure": "unit: noun_near “场所”"})
    sheets = sheets.set("numerals", lacking, {"subject": ""}).decide_sure()
    assert [sheets.is_decided(row) for row in (unsure, lacking, sure)] == [False, False, True]


def test_numerals_are_joined_and_split_with_what_stands_between(desk: Desk) -> None:
    row = place(desk.sheets, "960万元")
    joined = desk.sheets.join(row)
    assert joined.numerals[row]["printed"] == "960万元，新建村级活动场所12个"
    back = joined.split(row, 5)
    assert printed(back)[row : row + 2] == ["960万元", "，新建村级活动场所12个"]
    assert back.numerals[row]["value"] == "9600000"


def test_a_numeral_takes_in_a_character_more_and_keeps_what_was_entered(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    named = desk.sheets.set("numerals", row, {"subject": "Venues", "status": "planned"})
    longer = named.resize(row, 2, 0).numerals[row]
    assert (longer["printed"], longer["subject"], longer["status"]) == ("场所12个", "Venues", "planned")
    assert named.resize(row, 2, 0).resize(row, -2, 0).numerals[row]["printed"] == "12个"


def test_words_of_the_document_become_one_numeral(desk: Desk) -> None:
    start = desk.sheets.document.clean.index("新建村级活动场所12个")
    changed = desk.sheets.chosen(start, start + len("新建村级活动场所12个"))
    assert "新建村级活动场所12个" in printed(changed) and "12个" not in printed(changed)


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (lambda sheets: sheets.split(0, 0), "split_nowhere"),
        (lambda sheets: sheets.split(place(sheets, "960万元"), 4), "no_numeral"),
        (lambda sheets: sheets.chosen(0, 3), "no_numeral"),
        (lambda sheets: sheets.join(len(sheets.numerals) - 1), "last"),
        (lambda sheets: sheets.remove("numerals", 0), "stays"),
        (lambda sheets: sheets.set("codings", 7, {"note": ""}), "gone"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(desk: Desk, edit: Callable, key: str) -> None:
    before = desk.sheets
    with pytest.raises(DeskError) as caught:
        desk.do(edit)
    assert caught.value.key == key and Text.of("zh-Hans")(f"desk.{key}")
    assert desk.sheets is before and not desk.can_undo


def test_a_new_id_is_followed_by_the_codings_that_name_the_figure(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    old = desk.sheets.numerals[row]["figure_id"]
    coded = desk.sheets.code(row, "songquan")
    assert coded.rows["codings"][-1]["measure"] == "venues_upgraded"
    named = coded.set("numerals", row, {"figure_id": "songquan.venues"})
    assert (coded.rows["codings"][-1]["numerator"], named.rows["codings"][-1]["numerator"]) == (
        old, "songquan.venues",
    )  # fmt: skip


def test_a_figure_without_an_id_gets_one_and_nothing_else_changes(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    bare = desk.sheets.having(
        numerals=[
            {**each, "figure_id": ""} if each["printed"] == "12个" else each for each in desk.sheets.numerals
        ]
    )
    named = bare.set("numerals", row, {"figure_id": "songquan.venues"})
    assert named.rows["codings"] == desk.sheets.rows["codings"]


def test_a_question_is_removed_with_its_answers(desk: Desk) -> None:
    number = len(desk.sheets.rows["readings"])
    asked = desk.sheets.ask(0, "songquan")
    assert [row["reading"] for row in asked.rows["readings"][number:]] == ["first", "second"]
    assert len(asked.remove("choices", len(asked.rows["choices"]) - 1).rows["readings"]) == number


def test_a_drafted_question_that_is_none_leaves_one_coding_that_always_holds(desk: Desk) -> None:
    row = {**desk.sheets.rows["codings"][0], "status": "planned", "unsure": "when: ambiguous"}
    choice = {"choice_id": "songquan.q"}
    readings = [{**choice, "reading": name, "is_default": str(name == "a").lower()} for name in "ab"]
    asked = desk.sheets.having(codings=[{**row, "when": f"songquan.q={name}"} for name in "ab"])
    asked = asked.having(choices=[choice], readings=readings)
    [left] = asked.remove("choices", 0).rows["codings"]
    assert (left["when"], left["status"], left["unsure"]) == ("", "", "")


def test_what_a_person_has_entered_is_no_unsure_guess_any_more(desk: Desk) -> None:
    row = place(desk.sheets, "2100元")
    unsure = desk.sheets.set("numerals", row, {"unsure": "unit: noun_near “补贴”; year: not_decided"})
    assert unsure.set("numerals", row, {"unit": "CNY"}).numerals[row]["unsure"] == "year: not_decided"
    assert unsure.decide(row).numerals[row]["unsure"] == ""


# What is saved


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "data/draft/songquan").glob("*.csv")}


def test_the_desk_writes_what_intake_writes_byte_for_byte(root: Path, desk: Desk) -> None:
    before = contents(root)
    row = place(desk.sheets, "12个")
    desk.do(lambda sheets: sheets.set("numerals", row, {"subject": 'Venues, "new"'}))
    expected = list(csv.DictReader(io.StringIO(before["numerals.csv"].decode("utf-8-sig"))))
    expected[row]["subject"] = 'Venues, "new"'
    text = io.StringIO()
    writer = csv.DictWriter(text, list(expected[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(expected)
    assert contents(root) == before | {"numerals.csv": text.getvalue().encode("utf-8-sig")}
    desk.undo()
    assert contents(root) == before


def test_what_a_spreadsheet_saves_meanwhile_is_read_and_never_written_over(root: Path, desk: Desk) -> None:
    path = root / "data/draft/songquan/sources.csv"
    desk.do(lambda sheets: sheets.decide(0))
    path.write_bytes(path.read_bytes().replace("松泉党建网".encode(), "松泉日报".encode()))
    with pytest.raises(DeskError, match="Another program has changed the draft"):
        desk.do(lambda sheets: sheets.decide(1))
    assert desk.sheets.rows["sources"][0]["publisher"] == "松泉日报"
    assert not desk.can_undo and not desk.sheets.is_decided(1) and desk.sheets.is_decided(0)
    desk.do(lambda sheets: sheets.decide(1))
    assert "松泉日报".encode() in path.read_bytes()


def test_a_broken_file_stops_the_desk_with_the_fault(root: Path, desk: Desk) -> None:
    path = root / "data/draft/songquan/numerals.csv"
    path.write_text("reason\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(DeskError, match=r"restore the first line"):
            desk.do(lambda sheets: sheets.decide(0))
    assert path.read_text(encoding="utf-8") == "reason\n"


def test_a_row_without_a_place_in_the_document_is_named(root: Path) -> None:
    path = root / "data/draft/songquan/numerals.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    rows[1]["end"] = "9999"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(DeskError) as caught:
        Desk(root, "songquan")
    assert str(caught.value) == "Row 3 of numerals.csv has no place in the document. Correct it there."


def test_a_draft_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(IntakeError, match=r"^no draft data/draft/nowhere; begin with analysis intake FILE"):
        Desk(root, "nowhere")


# What is seen of it


def test_the_faults_are_those_that_accept_names(root: Path, desk: Desk) -> None:
    with pytest.raises(IntakeError) as caught:
        accept("songquan", root)
    assert {*desk.faults()} == {*caught.value.problems}


def test_a_fault_stands_at_the_numeral_it_concerns_once_that_is_decided(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    assert state(desk)["numerals"][row]["state"] == "undecided"
    desk.do(lambda sheets: sheets.set("numerals", row, {"value": "13"}).decide(row))
    shown = state(desk)["numerals"][row]
    assert shown["state"] == "fault"
    assert "value-disagrees" in [fault["code"] for fault in shown["faults"]]


def test_estimates_come_to_stand_while_other_rows_are_still_at_fault(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    desk.do(lambda sheets: sheets.having(codings=[]).code(row, "songquan"))
    found = next(each for each in state(desk)["estimates"] if each["coding"] == "songquan.venues-upgraded")
    assert (found["what"], found["value"]) == ("Venues built or upgraded", "12 venues")


def test_what_is_left_is_counted_in_the_language_of_the_reader(desk: Desk) -> None:
    number = len(desk.sheets.numerals)
    assert state(desk)["left"].startswith(f"{number} numerals undecided, ")
    assert state(desk, "zh-Hant")["left"].startswith(f"還有{number}個數字未定，")


def test_what_an_unsure_guess_rests_on_is_said_in_words(desk: Desk) -> None:
    row = place(desk.sheets, "12个")
    desk.do(
        lambda sheets: sheets.set("numerals", row, {"unsure": "unit: noun_near “场所”; year: not_decided"})
    )
    assert state(desk)["numerals"][row]["unsure"] == {
        "unit": "“场所” stands elsewhere in the sentence",
        "year": "the text does not say",
    }


def test_the_document_is_shown_whole_with_each_numeral_at_its_place(desk: Desk) -> None:
    shown = state(desk)
    pieces = [piece for paragraph in shown["paragraphs"] for piece in paragraph["pieces"]]
    assert "".join(piece["text"] for piece in pieces) == ARTICLE.replace("\n", "")
    assert [piece["text"] for piece in pieces if "row" in piece] == printed(desk.sheets)
    assert all(desk.sheets.document.clean.startswith(piece["text"], piece["at"]) for piece in pieces)


# Two people


@pytest.fixture
def other(root: Path) -> Desk:
    """The draft of a second person, who does not know the first one's."""
    intake(root / "article.txt", "songquan", root, coder="li")
    return Desk(root, "songquan.li")


def test_agreement_is_told_by_column_and_each_difference_with_its_place(desk: Desk, other: Desk) -> None:
    row = place(desk.sheets, "2100元")
    other.do(lambda sheets: sheets.set("numerals", row, {"period": "year"}).decide(0, "name"))
    found = compare(desk.sheets, other.sheets)
    assert [str(each) for each in found.differences] == [
        "¶2 2023-06-15: reason: date | name",
        "¶4 2100元: period: month | year",
    ]
    # Of 18 cells 12 are none, 5 month, 1 year, and of their 18 coincidences 2 are off.
    assert found.alpha("period") == pytest.approx(1 - 17 * 2 / (18**2 - 12**2 - 5**2 - 1))
    assert found.alpha("value_to") is None


def test_a_numeral_that_one_person_has_otherwise_is_named(desk: Desk, other: Desk) -> None:
    other.do(lambda sheets: sheets.join(place(sheets, "960万元")))
    told = str(compare(desk.sheets, other.sheets))
    assert "  ¶3 960万元，新建村级活动场所12个: only one of them has it so" in told.splitlines()


def test_a_difference_is_settled_by_taking_the_other_side(desk: Desk, other: Desk) -> None:
    row = place(desk.sheets, "2100元")
    desk.do(lambda sheets: sheets.set("numerals", row, {"subject": "Deputy"}))
    other.do(lambda sheets: sheets.set("numerals", row, {"period": "year", "subject": "Vice"}))
    settled = take(desk.sheets, other.sheets, row)
    assert (settled.numerals[row]["period"], settled.numerals[row]["subject"]) == ("year", "Deputy")
    assert settled.is_decided(row)


def test_a_difference_becomes_a_choice_with_two_readings(desk: Desk, other: Desk) -> None:
    row = place(desk.sheets, "12个")
    desk.do(lambda sheets: sheets.having(codings=[]).code(row, "songquan"))
    other.do(lambda sheets: sheets.set("numerals", row, {"status": "planned"}))
    settled = both(desk.sheets, other.sheets, row, "songquan")
    choice, answers = settled.rows["choices"][-1], settled.rows["readings"][-2:]
    assert choice["question_zh"] == "第3段的“12个”是什么意思？"
    assert [answer["label"] for answer in answers] == ["Status: achieved", "Status: planned"]
    assert [(row["when"].split("=")[-1], row["status"]) for row in settled.rows["codings"][-2:]] == [
        ("first", "achieved"),
        ("second", "planned"),
    ]


def test_two_codings_of_one_figure_become_a_choice_between_them(desk: Desk, other: Desk) -> None:
    row = place(desk.sheets, "12个")
    desk.do(lambda sheets: sheets.set("numerals", row, {"figure_id": "songquan.venues"}))
    desk.do(lambda sheets: sheets.having(codings=[]).code(row, "songquan"))
    other.do(lambda sheets: sheets.having(codings=[]).code(row, "songquan"))
    other.do(lambda sheets: sheets.set("codings", 0, {"object": "village_venue"}))
    settled = both(desk.sheets, other.sheets, row, "songquan")
    codings = [row for row in settled.rows["codings"] if row["numerator"] == "songquan.venues"]
    assert [(row["when"].split("=")[-1], row["object"]) for row in codings] == [
        ("first", ""),
        ("second", "village_venue"),
    ]


def test_what_the_other_has_stands_beside_the_numeral(root: Path, other: Desk) -> None:
    row = place(other.sheets, "2100元")
    other.do(lambda sheets: sheets.set("numerals", row, {"period": "year"}))
    beside = Desk(root, "songquan", beside="songquan.li")
    assert state(beside)["numerals"][row]["other"] == [
        {"label": "Period", "mine": "per month", "theirs": "per year"}
    ]


def test_the_command_prints_agreement_and_differences(
    root: Path, desk: Desk, other: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    other.do(lambda sheets: sheets.decide(0, "name"))
    assert cli.main(["--data", str(root), "agreement", "songquan", "songquan.li"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["column", "both", "agree", "alpha"]
    number = len(desk.sheets.numerals)
    assert lines[1].split()[:3] == ["reason", str(number), str(number - 1)]
    assert lines[-2:] == ["1 difference", "  ¶2 2023-06-15: reason: date | name"]


def test_the_desk_of_no_draft_is_refused_in_a_sentence(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--data", str(root), "desk", "nowhere", "--no-browser"]) == 2
    assert capsys.readouterr().err == (
        "no draft data/draft/nowhere; begin with analysis intake FILE --programme ID\n"
    )
