"""The documents say what is true today: links, commands, numbers, lists and the pictures.

``python tests/test_documents.py`` draws the pictures of the READMEs anew and writes their descriptions.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import shlex
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import INLINE, PAGES, READMES, ROOT, blocks_of, links_of, prose_of, shell_lines, text_of, words_of
from PIL import Image

import analysis
from analysis import cli
from analysis.draw import Chart
from analysis.estimates.prices import series
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import CPI, MEASURES
from analysis.evidence.schema import ABSENCES, EXCLUSION_REASONS
from analysis.evidence.theme import RURAL_INCOME

DPI = 144  # every font size of the charts is a whole number of pixels, so that no line grows by rounding
BLOCK, TOLERANCE = 4, 15  # in pixels; of 255: a changed digit moves a block by 20 or more

HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def slug(heading: str) -> str:
    """The anchor that a heading gets on the common code hosts."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


def table_after(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, as cells."""
    body = text_of(page).split(f"\n{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\|\n)+", body, re.MULTILINE)
    assert lines is not None, f"{page}: no table below {heading!r}"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]
    return rows[2:]


def codes_after(page: str, heading: str) -> list[str]:
    return [row[0].strip("`") for row in table_after(page, heading)]


@cache
def dataset() -> Dataset:
    return analysis.load(ROOT)


def picture_of(page: str) -> tuple[Path, str]:
    """The file of the page's one picture, and its description."""
    [image] = [link for link in links_of(page) if link["image"]]
    return ROOT / image["target"], image["text"]


def chart_of(language: str) -> Chart:
    report = analysis.CountyReport(dataset(), "ludian", language=language)
    return report.chart("investment").at("slide")


@cache
def script(name: str) -> Any:
    """A script of docs/ that writes a page."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def gallery() -> Any:
    return script("gallery")


def pixels(png: bytes) -> np.ndarray:
    """The picture in grey, as the mean of each block: the same on every platform to within the tolerance."""
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("L").reduce(BLOCK), dtype=float)


class TestLinks:
    @pytest.mark.parametrize("page", PAGES)
    def test_every_relative_link_leads_to_a_file_and_a_heading(self, page: str) -> None:
        dead = []
        for link in links_of(page):
            name, _, anchor = link["target"].partition("#")
            target = (ROOT / page).parent / name if name else ROOT / page
            if link["target"].startswith(("https://", "http://")):
                continue
            if not target.exists():
                dead.append(link["target"])
            elif anchor:
                headings = HEADING.findall(prose_of(target.relative_to(ROOT).as_posix()))
                dead += [link["target"]] if anchor not in {slug(title) for _, title in headings} else []
        assert dead == []

    def test_the_index_lists_every_page_of_its_folder(self) -> None:
        listed = {link["target"] for link in links_of("docs/README.md")}
        assert {path.name for path in ROOT.glob("docs/*.md")} - {"README.md"} <= listed


class TestCommands:
    @pytest.mark.parametrize("page", PAGES)
    def test_every_command_in_a_block_is_one_that_exists(self, page: str) -> None:
        for words in shell_lines(page):
            self.check(words, page)

    @pytest.mark.parametrize("page", PAGES)
    def test_every_command_in_a_sentence_is_one_that_exists(self, page: str) -> None:
        for match in INLINE.finditer(prose_of(page)):
            program, name = words_of(match[1])[:2]
            known = targets() if program == "make" else subcommands()
            assert name in known, f"{page}: {match[1]!r} names none of {', '.join(sorted(known))}"

    def check(self, words: list[str], page: str) -> None:
        line = shlex.join(words)
        if words[0] in ("analysis", ".venv/bin/analysis"):
            try:
                cli.parser().parse_args(words[1:])
            except SystemExit as stop:
                assert stop.code == 0, f"{page}: analysis does not understand {line!r}"
        elif words[0] == "make":
            named = {word for word in words[1:] if "=" not in word}
            assert named <= targets(), f"{page}: the Makefile has no {named - targets()}"
        for word in words:
            if word.startswith(("notebooks/", "params/", "tests/", "data/raw")):
                assert (ROOT / word).exists(), f"{page}: {word} in {line!r} is not there"


@cache
def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))


@cache
def subcommands() -> set[str]:
    [choices] = [action.choices for action in cli.parser()._actions if isinstance(action.choices, dict)]
    return set(choices)


class TestReadmes:
    def test_both_have_headings_of_the_same_levels(self) -> None:
        english, chinese = ([marks for marks, _ in HEADING.findall(prose_of(page))] for page in READMES)
        assert english == chinese

    def test_both_have_the_same_commands(self) -> None:
        english, chinese = (shell_lines(page) for page in READMES)
        assert english == chinese
        english, chinese = (sorted(INLINE.findall(prose_of(page))) for page in READMES)
        assert english == chinese

    def test_both_have_the_same_python_but_for_the_language(self) -> None:
        english, chinese = (blocks_of(page, "python")[0] for page in READMES)
        assert ast.dump(ast.parse(english)) == ast.dump(
            ast.parse(chinese.replace(', language="zh-Hans"', ""))
        )

    def test_both_have_the_same_links_but_for_each_other_and_the_picture(self) -> None:
        english, chinese = (
            {link["target"] for link in links_of(page) if not link["image"]} - READMES.keys()
            for page in READMES
        )
        assert english == chinese
        assert "README.zh.md" in {link["target"] for link in links_of("README.md")}
        assert "README.md" in {link["target"] for link in links_of("README.zh.md")}

    def test_both_have_the_same_tables(self) -> None:
        english, chinese = (re.findall(r"^\|.*\|$", text_of(page), re.MULTILINE) for page in READMES)
        assert [row.count("|") for row in english] == [row.count("|") for row in chinese]

    def test_the_numbers_of_the_dataset_are_those_of_the_data(self) -> None:
        tables = dataset().tables
        ruled_out = int((~tables["readings"]["feasible"]).sum())
        size = {name: len(frame) for name, frame in tables.items()} | {
            "measures": len(MEASURES),
            "ruled_out": ruled_out,
        }
        english = (
            "{programmes} programmes, {sources} documents, {figures} figures, "
            "{exclusions} numerals that are no figure (each with the reason), {choices} choices with "
            "{readings} readings, of which arithmetic rules out {ruled_out}, and {measures} measures"
        )
        chinese = (
            "{programmes}个项目、{sources}份文献、{figures}个数字；另有{exclusions}处序数、日期、口号等不计为数字，"
            "逐处注明理由；原文存疑或须由分析者界定的问题{choices}个，共{readings}种理解，其中{ruled_out}种在算术上"
            "不成立，予以排除；指标{measures}项"
        )
        assert english.format(**size) in " ".join(text_of("README.md").split())
        assert chinese.format(**size) in text_of("README.zh.md")


class TestPictures:
    @pytest.mark.parametrize(("page", "language"), READMES.items())
    def test_the_description_is_that_of_the_chart(self, page: str, language: str) -> None:
        _, description = picture_of(page)
        assert description == chart_of(language).alt, REDRAW

    @pytest.mark.parametrize(("page", "language"), READMES.items())
    def test_the_picture_is_what_the_code_draws(self, page: str, language: str) -> None:
        path, _ = picture_of(page)
        committed, drawn = pixels(path.read_bytes()), pixels(chart_of(language).png(dpi=DPI))
        assert committed.shape == drawn.shape, REDRAW
        assert float(np.abs(committed - drawn).max()) < TOLERANCE, REDRAW

    def test_the_span_that_the_text_names_is_that_of_the_chart(self) -> None:
        rows = [row for group in chart_of("en").groups for row in group.rows if row.label]
        [span] = {(row.low, row.high) for row in rows if row.low is not None and row.low != row.high}
        assert span == (950_000, 3_800_000)
        assert "from 950,000 to 3.8 million yuan" in " ".join(text_of("README.md").split())
        assert "95万元到380万元" in text_of("README.zh.md")


class TestGallery:
    """``make gallery`` has been run since a chart changed."""

    def test_the_page_is_what_the_code_writes(self) -> None:
        assert text_of("docs/gallery.md") == gallery().page(dataset()), "run make gallery"

    def test_the_pictures_are_what_the_code_draws(self) -> None:
        for file, png in gallery().pictures(dataset()):
            committed, drawn = pixels((ROOT / "docs" / file).read_bytes()), pixels(png)
            assert committed.shape == drawn.shape, f"{file}: run make gallery"
            assert float(np.abs(committed - drawn).max()) < TOLERANCE, f"{file}: run make gallery"

    def test_each_call_gives_the_chart(self) -> None:
        book = analysis.Book(dataset(), "en")
        names = {"book": book, "Book": analysis.Book, "load": dataset}
        for exhibit in gallery().EXHIBITS:
            assert eval(exhibit.call, names).name == exhibit.chart


class TestApi:
    """``make api`` has been run since a docstring changed; tests/test_api.py runs the examples."""

    def test_the_page_is_what_the_code_writes(self) -> None:
        assert text_of("docs/api.md") == script("api").page(), "run make api"

    def test_it_has_every_verb(self) -> None:
        headings = {title for _, title in HEADING.findall(prose_of("docs/api.md"))}
        verbs = {f"analysis.{name}" for name in analysis.__all__ if name != "Dataset"}
        assert verbs | {"Dataset"} <= headings


class TestMethodology:
    page = "docs/methodology.md"

    def test_the_measures_are_those_of_the_register(self) -> None:
        expected = [
            [
                f"`{measure.code}`",
                measure.theme,
                measure.formula,
                " ".join(map(shown_unit, measure.unit_forms)),
            ]
            for measure in MEASURES.values()
        ]
        assert table_after(self.page, "## Measures") == expected

    def test_the_kinds_of_absence_are_those_of_the_schema(self) -> None:
        assert codes_after(self.page, "## Absence") == list(ABSENCES)

    def test_the_reasons_of_exclusion_are_those_of_the_schema(self) -> None:
        named = re.findall(r"`(\w+)`", text_of(self.page).split("| exclusion |")[1].splitlines()[0])
        assert named == list(EXCLUSION_REASONS)

    def test_the_years_of_the_series_are_those_of_the_data(self) -> None:
        prices, income = series(dataset(), CPI), series(dataset(), RURAL_INCOME)
        page = " ".join(text_of(self.page).split())
        assert f"annual changes for {min(prices)} to {max(prices)}" in page
        assert f"prices from {min(prices) - 1} to {max(prices)}" in page
        assert f"in yuan for {min(income)} to {max(income)}" in page

    def test_the_two_income_series_are_quoted_as_they_stand(self) -> None:
        old, new = series(dataset(), "rural_net_income_pc_old_scope"), series(dataset(), RURAL_INCOME)
        page = " ".join(text_of(self.page).split())
        for year in (2013, 2014):
            assert f"{old[year]:,.0f} against {new[year]:,.0f} yuan in {year}" in page


def shown_unit(form: str) -> str:
    return f"`{form}…`" if form.endswith("/") else f"`{form}`"


class TestMap:
    def test_it_lists_every_module(self) -> None:
        source = ROOT / "src/analysis"
        modules = {path.stem for path in source.glob("[a-z]*.py")}
        modules |= {path.parent.name for path in source.glob("*/__init__.py")}
        assert sorted(module for row in self.rows() for module in row) == sorted(modules)

    def rows(self) -> list[set[str]]:
        return [
            set(re.findall(r"`(\w+)/?`", row[0]))
            for row in table_after("CONTRIBUTING.md", "## Map of the code")
        ]


REDRAW = (
    "draw the pictures anew with `.venv/bin/python tests/test_documents.py`, look at them and commit them"
)


def redraw() -> None:
    """Write the pictures of the READMEs, and their descriptions into the pages."""
    for page, language in READMES.items():
        path, description = picture_of(page)
        chart = chart_of(language)
        path.write_bytes(chart.png(dpi=DPI))
        (ROOT / page).write_text(
            text_of(page).replace(description, chart.alt), encoding="utf-8", newline="\n"
        )
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    redraw()
