"""What changed between two states of the raw data, word for word, with the small invented dataset."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from qingxi import VALID, Rows, with_cells, write

from analysis.curation.changes import changes
from analysis.evidence.checks import DataError

CORRECTED = {"value": "9", "printed": "9个", "note": "Misread as 8.", "note_zh": "误作8。"}


def text(old: Path, new: Path) -> list[str]:
    """Return the lines of the changes, without the first, which names the two folders."""
    return str(changes(str(old), str(new), new)).splitlines()[2:]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path / "old")


def after(tmp_path: Path, tables: Rows) -> Path:
    return write(tmp_path / "new", tables)


def corrected(**more: str) -> Rows:
    """Return the valid tables with the number of all venues and what follows from it corrected."""
    tables = with_cells("figures", 4, **CORRECTED, **more)
    tables["identities"][0]["left"] = "qingxi.venues.new + 6 venue"
    return tables


def test_nothing_changed(old: Path, tmp_path: Path) -> None:
    found = changes(str(old), str(after(tmp_path, VALID)), tmp_path)
    assert (found.rows, found.moves, found.without_note) == ((), (), ())
    assert str(found).splitlines()[1:] == [
        "", "no row of the raw data changed", "", f"estimates that moved: 0 of {found.estimates}"
    ]  # fmt: skip


def test_a_corrected_figure_and_the_estimate_that_moved(old: Path, tmp_path: Path) -> None:
    assert text(old, after(tmp_path, corrected())) == [
        "figures: 1 changed",
        "  ~ qingxi.venues.all",
        "      printed: 8个 → 9个",
        "      value: 8 → 9",
        "      note: empty → Misread as 8.",
        "      note_zh: empty → 误作8。",
        "",
        "identities: 1 changed",
        "  ~ qingxi.new-venues: left",
        "",
        "estimates that moved: 1 of 46",
        "  青溪县: Cost per venue",
        "      value: ≤ 200,000 yuan per venue → ≤ 177,778 yuan per venue (−22,222 yuan per venue, −11.1%)",
    ]


def test_a_figure_changed_without_a_note_is_pointed_out(old: Path, tmp_path: Path) -> None:
    new = after(tmp_path, with_cells("figures", 6, value="3100", printed="3100元"))
    lines = text(old, new)
    start = lines.index("! 1 figure changed without a note: say in its note what was corrected")
    assert lines[start + 1] == "  qingxi.pay.deputy"
    assert changes(str(old), str(new), new).without_note == ("qingxi.pay.deputy",)


def test_estimates_are_sorted_by_size(old: Path, tmp_path: Path) -> None:
    tables = with_cells("figures", 6, value="3300", printed="3300元")
    tables["figures"][3] |= {"value": "4242", "printed": "4242元"}
    moves = changes(str(old), str(after(tmp_path, tables)), tmp_path).moves
    found = [(move.measure, move.name.split(" · ")[1], round(move.percent or 0, 2)) for move in moves]
    assert found == sorted(found, key=lambda move: -move[2])
    assert set(found) == {
        ("yearly_pay", "Deputy, after", 10.0),
        ("pay_to_rural_income", "Deputy, after", 10.0),
        ("pay_to_regional_income", "Deputy, after", 10.0),
        ("pay_to_head", "Deputy, after", 8.91),
        ("yearly_pay", "Head_split, after", 1.0),
        ("pay_to_rural_income", "Head_split, after", 1.0),
        ("pay_to_regional_income", "Head_split, after", 1.0),
    }
    [pay] = [move for move in moves if (move.measure, move.percent) == ("yearly_pay", pytest.approx(10))]
    assert (pay.kind, pay.absolute) == ("moved", 3600.0)


def test_a_value_lost_and_an_id_renamed(old: Path, tmp_path: Path) -> None:
    tables = copy.deepcopy(VALID)
    tables["codings"][2]["coding_id"] = "qingxi.head"
    tables["codings"][3] |= {"numerator": "", "absence": "not_comparable"}
    found = changes(str(old), str(after(tmp_path, tables)), tmp_path)
    assert str(found).splitlines()[2:9] == [
        "codings: 1 changed, 1 added, 1 removed",
        "  + qingxi.head",
        "  ~ qingxi.pay-deputy: numerator, absence",
        "  - qingxi.pay-head",
        "",
        "estimates that moved: 5 of 46",
        "  青溪县: Yearly pay · Deputy, after",
    ]
    assert [(move.kind, move.measure, move.size, move.percent) for move in found.moves] == [
        ("value lost", "yearly_pay", float("inf"), None),
        ("value lost", "pay_to_head", float("inf"), None),
        ("absence", "pay_rise", float("inf"), None),
        ("value lost", "pay_to_rural_income", float("inf"), None),
        ("value lost", "pay_to_regional_income", float("inf"), None),
    ]


def test_an_estimate_that_is_gone(old: Path, tmp_path: Path) -> None:
    tables = copy.deepcopy(VALID)
    tables["codings"] = tables["codings"][2:]
    tables["choices"] = [row for row in tables["choices"] if row["choice_id"] != "qingxi.scope"]
    tables["readings"] = [row for row in tables["readings"] if row["choice_id"] != "qingxi.scope"]
    lines = text(old, after(tmp_path, tables))
    place = lines.index("  青溪县: Cost per venue")
    assert lines[place + 1 : place + 3] == [
        "      value: ≤ 200,000 yuan per venue → not coded yet",
        "      span: 0 to 533,333 yuan per venue → none",
    ]


def test_a_reading_that_is_ruled_out_moves_the_span(old: Path, tmp_path: Path) -> None:
    tables = copy.deepcopy(VALID)
    more = {"requires": "qingxi.venues.all <= qingxi.venues.new", "reason": "Too few.", "reason_zh": "太少。"}
    tables["readings"][3] |= more
    assert text(old, after(tmp_path, tables)) == [
        "readings: 1 changed",
        "  ~ qingxi.scope new: requires, reason, reason_zh",
        "",
        "estimates that moved: 1 of 46",
        "  青溪县: Cost per venue",
        "      span: 0 to 533,333 yuan per venue → none",
        "      qingxi.scope=new: ≤ 533,333 yuan per venue → ≤ 533,333 yuan per venue (ruled out)",
    ]


def test_a_year_moves_only_constant_prices(old: Path, tmp_path: Path) -> None:
    tables = with_cells("figures", 2, year="2020", note="Year corrected.", note_zh="更正年份。")
    (move,) = changes(str(old), str(after(tmp_path, tables)), tmp_path).moves
    assert (move.name, move.price_basis) == ("青溪县: Cost per venue · prices of 2021", "constant-2021")


def test_a_price_index_is_compared_as_well(old: Path, tmp_path: Path) -> None:
    lines = text(old, after(tmp_path, with_cells("reference_series", 4, value="1.9")))
    assert lines[:2] == ["reference_series: 1 changed", "  ~ cpi_annual_change_nbs 2021: value"]
    assert "  青溪县: Cost per venue · prices of 2021" in lines


def test_how_a_number_is_written_does_not_matter(old: Path, tmp_path: Path) -> None:
    new = after(tmp_path, with_cells("figures", 4, value="8.0"))
    assert changes(str(old), str(new), tmp_path).rows == ()


def test_the_folder_may_be_data_raw_itself(old: Path, tmp_path: Path) -> None:
    new = after(tmp_path, corrected())
    found = changes(str(old / "data/raw"), str(new / "data/raw"), tmp_path)
    assert [row.key for row in found.rows] == ["qingxi.venues.all", "qingxi.new-venues"]


def test_json(old: Path, tmp_path: Path) -> None:
    found = json.loads(changes(str(old), str(after(tmp_path, corrected())), tmp_path).to_json())
    assert found["rows"][1] == {
        "table": "identities",
        "key": "qingxi.new-venues",
        "kind": "changed",
        "cells": [
            {"column": "left", "old": "qingxi.venues.new + 5 venue", "new": "qingxi.venues.new + 6 venue"}
        ],
        "note": "3 new ones and 5 others make 8.",
        "without_note": False,
    }
    (move,) = found["moves"]
    assert (move["kind"], move["measure"], round(move["percent"], 1)) == ("moved", "cost_per_venue", -11.1)
    assert (move["old"]["value"], move["old"]["high"]) == (200000.0, 1600000 / 3)
    assert move["old"]["by_reading"]["qingxi.scope=new"] == "≤ 533,333 yuan per venue"


def test_faults_name_their_side(old: Path, tmp_path: Path) -> None:
    new = after(tmp_path, with_cells("figures", 4, unit="venues"))
    (old / "data/raw/terms.csv").unlink()
    with pytest.raises(DataError) as caught:
        changes(str(old), str(new), tmp_path)
    first, second, *_ = str(caught.value).splitlines()[1:]
    assert first.startswith(f"OLD ({old}): data/raw/terms.csv: no such file")
    assert second.startswith(f"NEW ({new}): data/raw/figures.csv:4: unit: 'venues'")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose first commit, tagged ``v1``, holds the valid tables; the files are corrected since."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "curator")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "curator@example.org")
    project = tmp_path / "repository" / "project"
    for arguments in (["init", "-q", str(project.parent)], ["-C", str(project.parent), "commit", "-q",
                      "--allow-empty", "-m", "empty"]):  # fmt: skip
        subprocess.run(["git", *arguments], check=True)
    write(project)
    for arguments in (["add", "."], ["commit", "-q", "-m", "data"], ["tag", "v1"]):
        subprocess.run(["git", "-C", str(project), *arguments], check=True)
    return write(project, corrected())


def test_a_git_revision_against_the_working_tree(repository: Path) -> None:
    found = changes("v1", None, repository)
    assert str(found).startswith("v1 → the working tree\n\nfigures: 1 changed\n  ~ qingxi.venues.all\n")
    assert len(found.moves) == 1
    assert changes("HEAD", "v1", repository).rows == ()


def test_what_is_neither_folder_nor_revision(repository: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        changes("v2", None, repository)
    assert str(caught.value) == (
        "OLD: 'v2' is neither a folder with data/raw nor a git revision of the project; "
        "name a folder, a tag, a branch or a commit such as HEAD~1"
    )
    with pytest.raises(FileNotFoundError, match="NEW: '--help' is neither a folder"):
        changes("v1", "--help", repository)
    with pytest.raises(
        FileNotFoundError, match="OLD: the revision 'HEAD~1' holds no data/raw; name a later one"
    ):
        changes("HEAD~1", None, repository)
