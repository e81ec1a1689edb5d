"""Figures that nobody has coded: every output says so, and none says that the source prints nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis import CountyReport, load
from analysis.cli import main
from analysis.estimates import processed
from analysis.evidence import checks
from analysis.evidence.uncoded import Uncoded, uncoded
from analysis.project import Project

PAY = ("yearly_pay", "monthly_rise", "pension_subsidy", "office", "operating_funds")
ABOUT_PAY = ("ludian.combined-post-pay", "ludian.group-leader-pay", "ludian.office-increase")


@pytest.fixture
def root(project_root: Path, tmp_path: Path) -> Path:
    """A project in which nobody has coded what Ludian pays."""
    for folder in ("data", "params", "docs", "notebooks"):
        shutil.copytree(project_root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("images"))
    for name in ("codings", "choices", "readings"):
        path = tmp_path / f"data/raw/{name}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [
            line for line in lines
            if not line.startswith(ABOUT_PAY)
            and not (line.startswith("ludian.") and any(f",ludian,{measure}" in line for measure in PAY))
        ]  # fmt: skip
        path.write_text("".join(kept), encoding="utf-8")
    return tmp_path


def test_figures_without_codings_are_counted_by_theme(data: Project, root: Path) -> None:
    assert uncoded(data) == []
    found = uncoded(checks.load(root))
    assert found == [Uncoded("ludian", "stipends", 19)]
    assert str(found[0]) == (
        "ludian: 19 figures of stipends and no coding of its measures, so reports say “not coded yet”; "
        "add rows to codings.csv, or one with an absence and a note [not-coded]"
    )


def test_check_warns_of_them(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(root), "check"]) == 0
    assert capsys.readouterr().err == f"{Uncoded('ludian', 'stipends', 19)}\n"


@pytest.mark.parametrize(
    ("language", "line", "silent", "word"),
    [
        (
            "en",
            "Not coded yet, so nothing is said of it here: pay and operating funds.",
            "The documents print no figure on pay",
            "not coded yet",
        ),
        ("zh-Hans", "数字已录入、尚未编码，本报告暂不涉及：待遇与工作经费。", "没有待遇", "尚未编码"),
    ],
)
def test_reports_say_not_coded_and_not_that_nothing_is_printed(
    root: Path, language: str, line: str, silent: str, word: str
) -> None:
    processed.build(root)
    report = CountyReport(load(root), "ludian", language=language)
    themes = report.themes().content
    assert line in themes
    assert silent not in themes
    assert "stipends" not in report.charts
    assert word in report.missing().html()
    other = CountyReport(load(root), "shangzhou", language=language).charts["stipends"]
    own = next(row for row in other.rows for row in (row, *row.others) if row.programme == "ludian")
    assert (own.text, own.absence) == (word, "not_coded")


def test_every_measure_of_the_theme_has_the_absence(root: Path) -> None:
    estimates = processed.build(root).tables["estimates"]
    own = estimates[(estimates["programme_id"] == "ludian") & (estimates["theme"] == "stipends")]
    assert set(own["absence"]) == {"not_coded"}
    assert set(own["reason"]) == {"not_coded"}
