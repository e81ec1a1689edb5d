"""Valid data, however odd, goes through every command: none ends in a traceback, none says that it failed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hostile.texts import EVIL, tables
from invented import write_country
from qingxi import VALID, Rows, bilingual, with_twin, write
from running import write_parameters

from analysis import cli
from analysis.estimates import processed
from analysis.evidence.themes import THEMES
from analysis.show.panel.scene import Scene
from analysis.show.panel.state import Desk

pytestmark = pytest.mark.usefixtures("forked")


def changed(change: Callable[[Rows], object]) -> Rows:
    rows = copy.deepcopy(VALID)
    change(rows)
    return rows


def no_question(rows: Rows) -> None:
    rows["choices"], rows["readings"] = rows["choices"][:1], rows["readings"][:2]
    rows["codings"] = [row for row in rows["codings"] if "when" not in row]
    rows["figures"][0]["year"] = "2021"


def no_value(rows: Rows) -> None:
    no_question(rows)
    rows["codings"] = [row for row in rows["codings"] if row.get("absence")]


def no_figure(rows: Rows) -> None:
    no_question(rows)
    for table in ("figures", "exclusions", "codings", "identities"):
        rows[table] = []


def no_year(rows: Rows) -> None:
    no_question(rows)
    for row in rows["figures"]:
        row |= {"year": "", "year_basis": "unknown"}


def nothing_of_it(rows: Rows) -> None:
    for row in rows["figures"]:
        if row["printed"].endswith("个"):
            row |= {"value": "0", "printed": "0个"}
    rows["codings"] = rows["codings"][2:]
    no_question(rows)
    rows["identities"] = []


def only_ruled_out(rows: Rows) -> None:
    rows["readings"][3] |= {"requires": "qingxi.venues.all <= qingxi.venues.new"} | bilingual(reason="no")


def second_without_figures(rows: Rows) -> None:
    rows["programmes"].append(rows["programmes"][0] | {"programme_id": "baishui"} | bilingual(label="白水"))
    rows["sources"].append(
        rows["sources"][0] | {"source_id": "baishui", "programme_id": "baishui", "file": "baishui.txt"}
    )


ODD: dict[str, Callable[[], Rows]] = {
    "as it is": lambda: VALID,
    "two counties": with_twin,
    "texts that want to be code": lambda: tables(EVIL),
    "no open question": lambda: changed(no_question),
    "no value": lambda: changed(no_value),
    "no figure": lambda: changed(no_figure),
    "no year": lambda: changed(no_year),
    "nothing but zeros": lambda: changed(nothing_of_it),
    "a reading that arithmetic rules out": lambda: changed(only_ruled_out),
    "a county without figures": lambda: changed(second_without_figures),
}


def commands(programmes: list[str], figure: str | None, themes: str) -> list[list[str]]:
    return [
        ["check"],
        ["build"],
        ["charts", "--programme", ",".join(programmes[:2]), "--format", "svg"],
        ["charts", "--programme", programmes[0], "--format", "svg", "--language", "zh-Hant"],
        ["tables", "--programme", ",".join(programmes[:2])],
        ["tables", "--language", "zh-Hans"],
        ["memo", *programmes[:2], "--compare", themes],
        ["memo", programmes[0], "--price-year", "printed", "--language", "zh-Hans"],
        ["changes", "."],
        *([["figure", figure], ["figure", figure, "--language", "zh-Hant"]] if figure else []),
        ["run"],
    ]


def go_through_all(
    root: Path, capsys: pytest.CaptureFixture[str], themes: Iterable[str] = THEMES, most: int = 2
) -> None:
    data = processed.load(root)
    programmes, figures = data.programme_ids[:most], data.figures["figure_id"].to_list()
    for arguments in commands(programmes, figures[0] if figures else None, ",".join(themes)):
        assert cli.main(arguments) == 0, (arguments, capsys.readouterr())
    desk = Desk(processed.load(root))
    for theme in desk.themes:
        look_at(Scene(desk, desk.start("zh-Hans", theme=theme)))


def look_at(scene: Scene) -> None:
    """Have a scene compute all that it shows."""
    assert scene.chart.svg() and scene.sentences and scene.code and scene.unit is not None
    for piece in (scene.order, scene.left_out, *map(scene.evidence, scene.items)):
        assert piece is None or piece._repr_html_()
    assert all(choice.answers for choice in scene.choices)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    for theme in THEMES:
        write_parameters(f"comparison-{theme.replace('_', '-')}", f"theme: {theme}\n")
    write_parameters("county", "programme: qingxi\nprice_year: 2021\n")
    return tmp_path


@pytest.mark.kernel
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_dataset_goes_through_every_command(odd, project, capsys):
    go_through_all(write(project, ODD[odd]()), capsys)


@pytest.mark.kernel
def test_an_invented_country_goes_through_every_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_country(tmp_path, 3, 1, sources=True)
    go_through_all(tmp_path, capsys, ["investment", "stipends"], most=1)
    assert cli.main(["audit", "--sources", "sources"]) == 0
