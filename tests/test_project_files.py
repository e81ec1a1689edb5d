"""The files about the project: hooks, forms, licences and statements say what is so."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from browsers import AXE, LAPTOP, PHONE

ROOT = Path(__file__).resolve().parents[1]
FORMS = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/*.yml"))
FONTS = {".ttf", ".otf", ".ttc", ".woff", ".woff2", ".eot"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def hooks() -> list[dict[str, Any]]:
    [local] = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    return local["hooks"]


def steps() -> set[str]:
    """The commands that .ci/run runs, without what it does again after a failure."""
    found = re.findall(r"^\s*step ((?:make|\.venv/bin/)[^|\n]+)", text_of(".ci/run"), re.MULTILINE)
    return {command.strip() for command in found}


class TestHooks:
    def test_on_demand_they_run_what_ci_runs(self) -> None:
        assert {hook["entry"] for hook in hooks() if "manual" in hook["stages"]} == steps()

    def test_each_command_is_whole_and_takes_no_files(self) -> None:
        assert [
            hook["id"] for hook in hooks() if hook["language"] != "system" or hook["pass_filenames"]
        ] == []

    def test_a_commit_waits_for_style_types_and_data_alone(self) -> None:
        assert [hook["id"] for hook in hooks() if "pre-commit" in hook["stages"]] == [
            "lint",
            "types",
            "check",
        ]


class TestForms:
    @pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
    def test_a_form_has_what_a_code_host_asks_for(self, path: Path) -> None:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert {"name", "description", "body"} <= form.keys()
        ids = [field["id"] for field in form["body"]]
        assert len(set(ids)) == len(ids)
        for field in form["body"]:
            assert field["type"] in ("input", "textarea", "checkboxes")
            assert " · " in field["attributes"]["label"], "English and Chinese"

    def test_a_form_on_data_asks_for_the_place_and_not_for_the_article(self) -> None:
        assert "do not paste the article" in text_of(".github/ISSUE_TEMPLATE/figure.yml")


class TestLicences:
    def test_the_page_is_what_the_packages_state(self) -> None:
        if importlib.util.find_spec("pydata_sphinx_theme") is None:
            pytest.skip("the packages of the documentation are not installed; make test installs them")
        spec = importlib.util.spec_from_file_location("licences", ROOT / "docs/licences.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert text_of("docs/licences.md") == module.page(), "run make licences"

    def test_the_wheel_holds_no_font_and_no_script_of_others(self) -> None:
        files = [path for path in (ROOT / "src").rglob("*") if path.is_file()]
        assert [path for path in files if path.suffix in FONTS or path.name.endswith(".min.js")] == []
        scripts = [path for path in files if path.suffix in (".js", ".css")]
        assert len(scripts) > 10
        noted = re.compile(r"@license|copyright|SPDX|@font-face|url\(", re.IGNORECASE)
        assert [path.name for path in scripts if noted.search(path.read_text(encoding="utf-8"))] == []


class TestAccessibility:
    def test_the_statement_names_what_the_tests_use(self) -> None:
        statement = text_of("docs/accessibility.md")
        assert AXE.replace("axe-core@", "axe-core](https://github.com/dequelabs/axe-core) ") in statement
        assert statement.count(f"{LAPTOP['width']} and {PHONE['width']} pixels wide") == 3


class TestSecurity:
    def test_the_tests_that_it_names_are_there(self) -> None:
        named = re.findall(r"`(tests/\w+\.py)`", text_of("SECURITY.md"))
        assert len(named) > 4
        assert [name for name in named if not (ROOT / name).is_file()] == []
