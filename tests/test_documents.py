"""The documents say what is true today: links, commands, numbers, lists and the descriptions of pictures."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pages import (
    FENCE,
    INLINE,
    PAGES,
    READMES,
    ROOT,
    TRANSLATIONS,
    blocks_of,
    links_of,
    prose_of,
    shell_lines,
    text_of,
    words_of,
)  # fmt: skip

import analysis
from analysis import cli
from analysis.estimates.prices import series
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import CPI, MEASURES
from analysis.evidence.schema import ABSENCES, EXCLUSION_REASONS
from analysis.evidence.theme import RURAL_INCOME

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


@cache
def script(name: str) -> Any:
    """A script of docs/ that writes a page."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


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

    @pytest.mark.parametrize("page", PAGES)
    def test_every_picture_has_a_description(self, page: str) -> None:
        assert [link["target"] for link in links_of(page) if link["image"] and not link["text"]] == []

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


@pytest.mark.parametrize(("chinese", "english"), TRANSLATIONS.items())
class TestTranslations:
    """A page in Chinese says what the English one says, in its own words."""

    def test_both_have_headings_of_the_same_levels(self, chinese: str, english: str) -> None:
        marks = [[marks for marks, _ in HEADING.findall(prose_of(page))] for page in (english, chinese)]
        assert marks[0] == marks[1]

    def test_both_have_the_same_commands(self, chinese: str, english: str) -> None:
        assert shell_lines(chinese) == shell_lines(english)
        assert sorted(INLINE.findall(prose_of(chinese))) == sorted(INLINE.findall(prose_of(english)))

    def test_both_have_the_same_python_but_for_the_language(self, chinese: str, english: str) -> None:
        blocks = [[block.replace(', language="zh-Hans"', "") for block in blocks_of(page, "python")]
                  for page in (english, chinese)]  # fmt: skip
        assert [ast.dump(ast.parse(block)) for block in blocks[1]] == [
            ast.dump(ast.parse(block)) for block in blocks[0]
        ]

    def test_all_other_blocks_are_the_same(self, chinese: str, english: str) -> None:
        blocks = [
            [each for each in FENCE.findall(text_of(page)) if each[0] not in ("sh", "python")]
            for page in (english, chinese)
        ]
        assert blocks[0] == blocks[1]

    def test_both_have_the_same_tables(self, chinese: str, english: str) -> None:
        rows = [re.findall(r"^\|.*\|$", text_of(page), re.MULTILINE) for page in (english, chinese)]
        assert [row.count("|") for row in rows[0]] == [row.count("|") for row in rows[1]]

    def test_both_lead_to_the_same_pages_and_to_each_other(self, chinese: str, english: str) -> None:
        targets = [{self.english(link["target"]) for link in links_of(page) if not link["image"]}
                   for page in (english, chinese)]  # fmt: skip
        assert targets[0] == targets[1]
        names = [page.rpartition("/")[2] for page in (chinese, english)]
        for page, other in zip((english, chinese), names, strict=True):
            assert other in {link["target"] for link in links_of(page)}

    def english(self, target: str) -> str:
        """The page that a link leads to, in English; where it has two languages, without the heading."""
        name, mark, anchor = target.partition("#")
        name = name.replace(".zh.md", ".md")
        is_translated = not name or Path(name).name in {Path(page).name for page in TRANSLATIONS.values()}
        return name if is_translated else f"{name}{mark}{anchor}"


class TestReadmes:
    def test_the_numbers_of_the_dataset_are_those_of_the_data(self) -> None:
        for path, content in script("facts").pages(dataset()):
            assert path.read_text(encoding="utf-8") == content, f"{path.name}: run make facts"

    @pytest.mark.parametrize(("page", "language"), READMES.items())
    def test_the_picture_is_described_in_the_words_of_the_chart(self, page: str, language: str) -> None:
        [image] = [link for link in links_of(page) if link["image"]]
        chart = script("gallery").picture_of_readme(dataset(), language)
        assert image["text"] == chart.alt, "run make gallery, look at the pictures and commit them"

    def test_the_span_that_the_text_names_is_that_of_the_chart(self) -> None:
        chart = script("gallery").picture_of_readme(dataset(), "en")
        rows = [row for row in chart.rows if row.label]
        [span] = {(row.low, row.high) for row in rows if row.low is not None and row.low != row.high}
        assert span == (760_000, 3_800_000)
        numbers = {"README.md": ("760,000", "3.8 million"), "README.zh.md": ("76万", "380万")}
        for page, named in numbers.items():
            assert all(number in prose_of(page) for number in named)


class TestGallery:
    """``make gallery`` has been run since a chart changed; test_commands.py runs the calls."""

    def test_the_page_is_what_the_code_writes(self) -> None:
        assert text_of("docs/gallery.md") == script("gallery").page(dataset()), "run make gallery"


class TestApi:
    """``make api`` has been run since a docstring changed; tests/test_api.py runs the examples."""

    def test_the_page_is_what_the_code_writes(self) -> None:
        assert text_of("docs/api.md") == script("api").page(), "run make api"

    def test_it_has_every_verb(self) -> None:
        headings = {title for _, title in HEADING.findall(prose_of("docs/api.md"))}
        verbs = {f"analysis.{name}" for name in analysis.__all__ if name not in ("Dataset", "Project")}
        assert verbs | {"Dataset"} <= headings


class TestMethodology:
    page = "docs/methodology.md"

    def test_the_measures_are_those_of_the_register(self) -> None:
        assert [row[0] for row in table_after(self.page, "## Measures")] == [f"`{code}`" for code in MEASURES]

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
