"""Years that hang on the date of a document, guessed again when it is corrected."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from analysis.curation.draft import IntakeError, intake
from analysis.curation.redating import redate

ARTICLE = (
    "强基工程\n发布时间：2021-05-10\n全县新建场所8个，2019年撤销支部3个。\n"
    "今年整顿组织2个。\n补贴由去年的800元提高到900元。\n"
)


@pytest.fixture
def root(project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the draft of an article that is dated 2021."""
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    shutil.copytree(project_root / "data/raw", tmp_path / "data/raw")
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    intake(tmp_path / "a.txt", "songquan", tmp_path)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def years(root: Path) -> list[str]:
    rows = rows_of(root / "data/draft/songquan/numerals.csv")
    return [f"{row['printed']} {row['year']} {row['year_basis']}" for row in rows if not row["reason"]]


def correct(root: Path, published: str) -> None:
    path = root / "data/draft/songquan/sources.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("2021-05-10", published), encoding="utf-8-sig"
    )


def test_years_follow_the_corrected_date_and_named_ones_stay(root: Path) -> None:
    assert years(root) == [
        "8个 2021 inferred",
        "3个 2019 stated",
        "2个 2021 stated",
        "800元 2020 inferred",
        "900元 2021 inferred",
    ]
    correct(root, "2023-05-10")
    assert (
        str(redate("songquan", root)).splitlines()[0]
        == "songquan: published 2023-05-10; 4 years guessed again"
    )
    assert years(root) == [
        "8个 2023 inferred",
        "3个 2019 stated",
        "2个 2023 stated",
        "800元 2022 inferred",
        "900元 2023 inferred",
    ]


def test_a_year_that_a_curator_entered_stays(root: Path) -> None:
    path = root / "data/draft/songquan/numerals.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace(",2021,stated,", ",2016,inferred,"), encoding="utf-8-sig"
    )
    correct(root, "2023-05-10")
    redate("songquan", root)
    assert years(root)[2] == "2个 2016 inferred"


def test_a_range_of_years_asks_which_of_them_it_is(root: Path) -> None:
    correct(root, "2020/2021")
    redate("songquan", root)
    folder = root / "data/draft/songquan"
    assert [row["choice_id"] for row in rows_of(folder / "choices.csv")] == ["songquan.year-2020-2021"]
    assert [row["reading"] for row in rows_of(folder / "readings.csv")] == ["2020", "2021"]
    redate("songquan", root)
    assert len(rows_of(folder / "choices.csv")) == 1


def test_a_date_that_is_right_changes_nothing(root: Path) -> None:
    before = (root / "data/draft/songquan/numerals.csv").read_bytes()
    assert str(redate("songquan", root)) == "songquan: published 2021-05-10; 0 years guessed again"
    assert (root / "data/draft/songquan/numerals.csv").read_bytes() == before


def test_accepted_rows_are_dated_again_too(root: Path, project_root: Path, sources_dir: Path) -> None:
    path = root / "data/raw/sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2016-05-25", "2017-05-25"), encoding="utf-8")
    found = redate("weinan", root, sources_dir)
    assert ("weinan.problems-found", "2016", "2017") in found.years
    assert "weinan.rented-venues" not in {figure for figure, *_ in found.years}  # 2016年 is named


def test_a_source_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(IntakeError, match=r"^no draft and no source 'x'; check the id$"):
        redate("x", root)
