"""A new document becomes a draft, the draft rows, and the rows a report."""

from __future__ import annotations

import csv
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis import cli
from analysis.curation.acceptance import accept
from analysis.curation.draft import IntakeError, intake
from analysis.curation.incoming import page_text
from analysis.estimates import processed
from analysis.evidence import checks
from analysis.evidence.audit import SourceAudit, audit
from analysis.evidence.raw import RawTable
from analysis.evidence.schema import TABLES
from analysis.evidence.sources import Document, SourceError
from analysis.show.county import CountyReport

ARTICLE = "tests/fixtures/songquan.txt"
Cells = dict[str, str]


@pytest.fixture
def root(project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's tables, parameters and notebooks, without any document."""
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    for folder in ("data/raw", "params", "notebooks"):
        shutil.copytree(project_root / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def article(project_root: Path) -> Path:
    return project_root / ARTICLE


def rows_of(path: Path) -> list[Cells]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def save(path: Path, rows: list[Cells], encoding: str = "utf-8-sig") -> None:
    """Write a table as a spreadsheet does."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# The draft


def test_the_draft_accounts_for_every_numeral_of_the_document(root: Path, article: Path) -> None:
    summary = intake(article, "songquan", root)
    assert (summary.figures, summary.exclusions) == (9, {"date": 2, "idiom": 1, "name": 2, "ordinal": 3})
    numerals = rows_of(root / "data/draft/songquan/numerals.csv")
    assert list(numerals[0])[:3] == ["context", "reason", "unsure"]
    assert list(numerals[0])[3:] == TABLES["figures"].columns
    assert numerals[4]["context"] == (
        "¶4 全县投入【960万元】，新建村级活动场所12个，每个场所不少于300平方米。"
    )
    account = account_of(root, numerals)
    assert [str(finding) for finding in account.findings] == []
    assert (root / "sources/songquan.txt").read_bytes() == article.read_bytes()


def account_of(root: Path, numerals: list[Cells]) -> SourceAudit:
    source = rows_of(root / "data/draft/songquan/sources.csv")
    document = Document.load(root / "sources/songquan.txt", "songquan", source[0]["encoding"])
    figures = frame("figures", [row for row in numerals if not row["reason"]])
    exclusions = frame("exclusions", [row for row in numerals if row["reason"]])
    return audit({"songquan": document}, frame("sources", source), figures, exclusions)[0]


def frame(table: str, rows: list[Cells]) -> pd.DataFrame:
    """Return rows of text as a typed frame of a raw table."""
    columns = TABLES[table].columns
    return RawTable(
        TABLES[table], columns, [[row.get(name, "") for name in columns] for row in rows], []
    ).frame()


def test_the_summary_says_what_is_left_to_decide(root: Path, article: Path, guide: str) -> None:
    assert str(intake(article, "songquan", root)) in guide


def test_nothing_curated_is_touched(root: Path, article: Path) -> None:
    before = {path: path.read_bytes() for path in (root / "data/raw").rglob("*.csv")}
    intake(article, "songquan", root)
    assert before == {path: path.read_bytes() for path in (root / "data/raw").rglob("*.csv")}


def test_a_text_from_outside_is_no_formula(root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("=HYPERLINK(12)\n@来源:=1+2\n-5个\n", encoding="utf-8")
    intake(tmp_path / "a.txt", "songquan", root)
    for path in (root / "data/draft/songquan").glob("*.csv"):
        cells = [cell for row in rows_of(path) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


PAGE = "<html><nav>第1页</nav><h1>松泉县 动态</h1><p>投入96万元，建场所8个。<script>n = 9</script></html>"


def test_of_a_web_page_the_text_is_the_document_of_record(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_bytes(PAGE.encode("gb18030"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("ANALYSIS_SOURCES", str(tmp_path / "elsewhere"))
    summary = intake(tmp_path / "page.html", "songquan", root)
    assert summary.document == Path("elsewhere/songquan.txt")
    document = Document.load(tmp_path / "elsewhere/songquan.txt")
    source = rows_of(root / "data/draft/songquan/sources.csv")[0]
    assert document.raw == page_text(PAGE)[0]
    assert {name: source[name] for name in ("title", "encoding", "sha256", "file", "paragraphs")} == {
        "title": "松泉县 动态",
        "encoding": "utf-8",
        "sha256": document.sha256,
        "file": "songquan.txt",
        "paragraphs": "2",
    }


def test_a_second_document_of_a_programme_gets_an_id_of_its_own(root: Path, article: Path) -> None:
    assert intake(article, "ludian", root).source_id == "ludian-2"
    assert not (root / "data/draft/ludian-2/programmes.csv").exists()
    assert not (root / "data/draft/ludian-2/params.yaml").exists()


def test_nothing_is_overwritten(root: Path, article: Path, tmp_path: Path) -> None:
    intake(article, "songquan", root)
    other = tmp_path / "other.txt"
    other.write_text("新建场所8个。", encoding="utf-8")
    for source_id, message in (
        (
            "songquan",
            "data/draft/songquan exists: finish it with analysis intake --accept songquan, "
            "or remove the folder to begin anew",
        ),
        (
            "ludian",
            "source 'ludian' has curated rows, which are never overwritten: "
            "choose another id with --source, such as ludian-2",
        ),
        (
            "../x",
            "source_id '../x': expected lower-case letters, digits and hyphens, beginning with a letter, "
            "such as ludian or ludian-2",
        ),
    ):
        with pytest.raises(IntakeError) as caught:
            intake(other, "songquan", root, source_id)
        assert str(caught.value) == message
    shutil.rmtree(root / "data/draft/songquan")
    with pytest.raises(
        IntakeError, match=r"songquan\.txt: another document has this name; choose another id"
    ):
        intake(other, "songquan", root, "songquan")


def test_a_document_with_a_draft_is_not_taken_in_again(root: Path, article: Path) -> None:
    intake(article, "songquan", root)
    with pytest.raises(IntakeError) as caught:
        intake(article, "songquan", root)
    assert str(caught.value) == (
        "this document was taken in before, and its draft is not accepted yet: data/draft/songquan; finish "
        "it with analysis intake --accept songquan, or remove the folder to begin anew"
    )


def test_a_file_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(
        IntakeError, match=r"^no\.txt: cannot be read \(No such file or directory\); check the name$"
    ):
        intake(Path("no.txt"), "songquan", root)


# The finished draft


@pytest.fixture(scope="module")
def guide(project_root: Path) -> str:
    return (project_root / "docs/curation.md").read_text(encoding="utf-8")


def tables_of(guide: str) -> Iterator[list[Cells]]:
    """Yield each table that the guide prints."""
    for block in re.findall(r"```csv\n(.*?)```", guide, re.DOTALL):
        yield list(csv.DictReader(io.StringIO(block)))


@pytest.fixture
def draft(root: Path, article: Path, guide: str) -> Path:
    """The draft of the article, finished with the tables of the guide."""
    intake(article, "songquan", root)
    finish(root / "data/draft/songquan", guide)
    return root / "data/draft/songquan"


def finish(folder: Path, guide: str) -> None:
    """Enter the tables of the guide into a draft, as a curator does in a spreadsheet."""
    corrected, source, programmes, codings = tables_of(guide)
    for table in ("numerals", "choices", "codings"):
        path = folder / f"{table}.csv"
        save(path, [row | {"unsure": ""} for row in rows_of(path)])
    numerals = {row["figure_id"]: row for row in rows_of(folder / "numerals.csv")}
    for row in corrected:
        numerals[row["draft_id"]][row["column"]] = row["value"]
    save(folder / "numerals.csv", list(numerals.values()))
    save(folder / "sources.csv", [rows_of(folder / "sources.csv")[0] | source[0]])
    save(folder / "programmes.csv", programmes)
    drafted = rows_of(folder / "codings.csv")
    save(folder / "codings.csv", [*drafted, *(dict.fromkeys(drafted[0], "") | row for row in codings)])


def commands_of(guide: str) -> list[list[str]]:
    """Return the commands that the guide prints, without the name of the program."""
    blocks = re.findall(r"```console\n(.*?)```", guide, re.DOTALL)
    return [shlex.split(line.removeprefix("analysis ")) for block in blocks for line in block.splitlines()]


@pytest.mark.kernel
@pytest.mark.usefixtures("forked")
def test_the_guide_takes_a_new_county_into_its_report_and_every_chart(
    root: Path, article: Path, guide: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / ARTICLE).parent.mkdir(parents=True)
    shutil.copy(article, root / ARTICLE)
    monkeypatch.chdir(root)
    take_in, _, accept_draft, check, build, account, run, *_ = commands_of(guide)  # the desk: test_desk_page
    assert cli.main(take_in) == 0
    finish(root / "data/draft/songquan", guide)
    assert [cli.main(command) for command in (accept_draft, check, build, run)] == [0, 0, 0, 0]
    assert cli.main(account) == 0  # the other documents are named as not at hand
    audited = next(line for line in capsys.readouterr().out.splitlines() if "disagreeing" in line)
    assert audited.startswith("songquan: 23 numerals")
    assert audited.endswith("hash 0, uncovered 0, double 0, split 0, disagreeing 0")
    assert "Songquan County" in (root / "reports/songquan/report.html").read_text(encoding="utf-8")
    data = processed.load(root)
    reports = [CountyReport(data, programme) for programme in data.programme_ids]
    drawn = [report.chart(theme) for report in reports for theme in ("investment", "stipends", "branches")]
    # A place that prints one number of a theme, or none, has a sentence there and no chart.
    charts = [chart for chart in drawn if chart]
    assert all("Songquan County" in chart.alt for chart in charts)
    assert len({chart.name for chart in charts}) == 3


def test_a_finished_draft_is_moved_into_the_tables(root: Path, draft: Path) -> None:
    assert str(accept("songquan", root)) == (
        "songquan: moved into data/raw: programmes 1, sources 1, figures 9, exclusions 8, choices 1, "
        "readings 2, codings 11\n"
        "wrote params/songquan.yaml\n"
        "next: analysis build, then: analysis run songquan"
    )
    assert checks.problems_of(root) == []


def test_a_reason_makes_the_row_an_exclusion(root: Path, draft: Path) -> None:
    rows = rows_of(draft / "numerals.csv")
    rows[6]["reason"] = "structural"
    save(draft / "numerals.csv", rows)
    moved = accept("songquan", root).rows
    assert (moved["figures"], moved["exclusions"]) == (8, 9)
    places = [(row["printed"], row["reason"]) for row in rows_of(root / "data/raw/exclusions.csv")]
    assert ("不少于300平方米", "structural") in places


def test_a_draft_saved_on_a_chinese_windows_is_read(root: Path, draft: Path) -> None:
    rows = rows_of(draft / "programmes.csv")
    save(draft / "programmes.csv", rows, encoding="gb18030")
    accept("songquan", root)
    assert rows_of(root / "data/raw/programmes.csv")[-1] == rows[0]


def test_an_interrupted_move_can_be_repeated(root: Path, draft: Path) -> None:
    figures = root / "data/raw/figures.csv"
    before = figures.read_bytes()
    accept("songquan", root)
    after = figures.read_bytes()
    assert str(accept("songquan", root)).startswith("songquan: all rows are in data/raw already\n")
    figures.write_bytes(before)
    assert accept("songquan", root).rows == {"figures": 9}
    assert figures.read_bytes() == after


def faults(root: Path, draft: Path, line: int, **cells: str) -> list[str]:
    """Return the faults of the draft with some cells of one line of numerals.csv changed."""
    rows = rows_of(draft / "numerals.csv")
    rows[line - 2] |= cells
    save(draft / "numerals.csv", rows)
    before = {path: path.read_bytes() for path in (root / "data/raw").rglob("*.csv")}
    with pytest.raises(IntakeError) as caught:
        accept("songquan", root)
    assert before == {path: path.read_bytes() for path in (root / "data/raw").rglob("*.csv")}
    first, *rest = str(caught.value).split("\n")
    assert first == f"the draft has {len(rest)} fault{'s' if len(rest) > 1 else ''}; nothing was moved:"
    return [line.removeprefix("data/draft/songquan/") for line in rest]


def test_a_draft_as_intake_wrote_it_is_refused_with_all_that_is_left(root: Path, article: Path) -> None:
    intake(article, "songquan", root)
    with pytest.raises(IntakeError) as caught:
        accept("songquan", root)
    codes = pd.Series([problem.code for problem in caught.value.problems]).value_counts().to_dict()
    assert codes == {"required": 6, "unsure": 4}


def test_a_draft_id_is_refused(root: Path, draft: Path) -> None:
    assert faults(root, draft, 7, figure_id="songquan.p4-3")[-1:] == [
        "numerals.csv:7: figure_id: 'songquan.p4-3' — expected an id that says what is counted, such as "
        "songquan.village-venues.count; rename it [provisional-id]"
    ]


def test_an_id_that_exists_is_never_overwritten(root: Path, draft: Path) -> None:
    first = faults(root, draft, 7, figure_id="ludian.village-venues.count")[0]
    assert "'ludian.village-venues.count' — expected each figure_id once, and line" in first


def test_a_numeral_without_a_row_is_found_in_the_document(root: Path, draft: Path) -> None:
    rows = rows_of(draft / "numerals.csv")
    save(draft / "numerals.csv", [row for row in rows if row["printed"] != "进一步"])
    assert faults(root, draft, 2) == [
        "numerals.csv: start: 照“三抓三促”的思路，进【一】步夯实基层基础。 — expected every numeral in "
        "exactly one row, as the document prints it; '一' is neither in a figure nor in an exclusion: "
        "add the row it belongs to [uncovered]"
    ]


def test_a_place_that_does_not_say_what_is_printed_is_found_in_the_document(root: Path, draft: Path) -> None:
    assert faults(root, draft, 7, start="100") == [
        "numerals.csv:7: end: '107' — expected 103, for 3 printed characters from 100; correct start, end or "
        "printed [impossible-span]",
        "numerals.csv:7: printed: 投入960万元，新建村级【活动场所12个】，每个场所不少于300平 — expected "
        "every numeral in exactly one row, as the document prints it; the table has '12个', the document "
        "'活动场所12个' at 100..107 [disagreeing]",
    ]


def test_faults_are_placed_in_the_draft_all_at_once(root: Path, draft: Path) -> None:
    found = faults(root, draft, 6, value="960", theme="money", end="x")
    assert [(fault.split(" ")[0], fault.split("[")[-1]) for fault in found] == [
        ("numerals.csv:6:", "type]"),
        ("numerals.csv:6:", "unknown-code]"),
        ("numerals.csv:6:", "value-disagrees]"),
    ]


def test_the_row_of_another_document_is_refused(root: Path, draft: Path) -> None:
    assert "numerals.csv:7: source_id: 'ludian' — expected songquan; correct the cell [source]" in faults(
        root, draft, 7, source_id="ludian"
    )


def test_two_rows_of_one_id_are_told_apart_by_their_lines_in_the_draft(root: Path, draft: Path) -> None:
    assert faults(root, draft, 7, figure_id="songquan.village-venues.amount")[0] == (
        "numerals.csv:7: figure_id: 'songquan.village-venues.amount' — expected each figure_id once, and "
        "line 6 of the draft has it already; remove the row, or give it an id of its own [duplicate-key]"
    )


def test_a_draft_without_a_column_is_refused(root: Path, draft: Path) -> None:
    rows = [
        {name: cell for name, cell in row.items() if name != "reason"}
        for row in rows_of(draft / "numerals.csv")
    ]
    save(draft / "numerals.csv", rows)
    assert faults(root, draft, 2)[0].startswith(
        "numerals.csv:1: no 'reason' — expected the columns context, reason,"
    )


def test_the_sentences_may_be_removed(root: Path, draft: Path) -> None:
    rows = [
        {name: cell for name, cell in row.items() if name != "context"}
        for row in rows_of(draft / "numerals.csv")
    ]
    save(draft / "numerals.csv", rows)
    assert accept("songquan", root).rows["figures"] == 9


@pytest.mark.parametrize("name", ["songquan", "../raw"])
def test_a_draft_that_is_not_there_is_named(root: Path, name: str) -> None:
    with pytest.raises(
        IntakeError, match=r"^(no draft data/draft/songquan; begin with|source_id '\.\./raw': expected)"
    ):
        accept(name, root)


def test_the_document_has_to_be_at_hand(root: Path, draft: Path) -> None:
    (root / "sources/songquan.txt").unlink()
    with pytest.raises(SourceError, match=r"songquan\.txt: cannot be read"):
        accept("songquan", root)


def test_faulty_tables_are_reported_first(root: Path, article: Path) -> None:
    (root / "data/raw/figures.csv").unlink()
    with pytest.raises(checks.DataError, match="missing-file"):
        intake(article, "songquan", root)
