"""Words that reports and documents no longer use, in catalogues, data, notebooks and documents."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READ = ("data/raw/*.csv", "src/analysis/words/text/*.yaml", "notebooks/*.ipynb", "docs/*.md", "README*.md")
FILES = sorted(path.relative_to(ROOT) for pattern in READ for path in ROOT.glob(pattern))
BANNED = re.compile(
    r"改革[前后]|逐一叙述|1种理解中1种|理解中的\S*成立"
    r"|(?:before|after) the reform|\battendances?\b|\b1 of 1 readings?\b|ranks 1 of|\b1 comparisons\b"
    r"|\d(?:k|m|bn) yuan\b",
    re.IGNORECASE,
)
# 项目 is a project, never a programme: support for village economies, and help that officials arrange.
PROJECTS = re.compile(
    r"集体经济项目|帮扶项目|个项目, per: 项目|元/项目|村数或项目数|若每个项目|、6个项目|、30个项目"
    r"|同句2021年项目|项目建设"
)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_no_word_stands_there_that_we_gave_up(file: Path) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert BANNED.findall(text) == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_place_is_no_project_in_chinese(file: Path) -> None:
    text = PROJECTS.sub("", (ROOT / file).read_text(encoding="utf-8"))
    assert [line for line in text.splitlines() if "项目" in line] == []


def test_one_word_says_reading_in_chinese() -> None:
    for file in (*ROOT.glob("data/raw/*.csv"), *ROOT.glob("src/analysis/words/text/*.yaml")):
        text = file.read_text(encoding="utf-8").replace("一图解读", "")  # the name of a poster
        assert "解读" not in text, file


def test_a_subsidy_is_no_pay() -> None:
    """What a text calls a subsidy (补贴, 补助) is called so in both languages."""
    with (ROOT / "data/raw/figures.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if re.search("补贴|补助", row["subject_zh"])]
    assert len(rows) > 10
    assert [r["figure_id"] for r in rows if not re.search("subsid", r["subject"], re.IGNORECASE)] == []
