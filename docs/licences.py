"""Writes docs/licences.md: what of others is inside of what the project hands out. ``make licences`` runs it.

The licences are those that the fonts and the installed packages state themselves.
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.metadata import metadata
from pathlib import Path

from fontTools.ttLib import TTFont

PAGE = Path(__file__).resolve().parent / "licences.md"
STATEMENT = 13  # the name in a font that says its licence
HEAD = """# Licences of what is embedded

The project is under the [MIT licence](../LICENSE). This page lists what of others is inside of what it
hands out; what it only needs installed is in `pyproject.toml`. The page is made by `make licences`, and tests
compare it with what is built.
"""


def page() -> str:
    """Return the page."""
    rows = [
        ("the wheel, pages of reports, the site of all reports", "nothing of others", "–"),
        ("charts as SVG, PNG and PDF; pictures in memos and slides", "outlines of Noto Sans CJK", _of_font()),
        ("memos", "names of fonts, no fonts", "–"),
        ("slides", "layouts of python-pptx; names of fonts, no fonts", _of_package("python-pptx")),
        *(("the documentation site", what, licence) for what, licence in _of_site()),
    ]  # fmt: skip
    table = ["| in | is | licence |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join([HEAD, *table, ""])


def _of_font() -> str:
    """Return the licence that every file of the font of the charts states."""
    folder = resources.files("mpl_font").joinpath("fonts/noto")
    stated = set()
    for entry in folder.iterdir():
        with resources.as_file(entry) as path:
            stated.add(TTFont(path)["name"].getDebugName(STATEMENT) or "")
    [said] = stated
    return re.sub(r".*licensed under the (SIL Open Font License), Version (1\.1)\..*", r"\1 \2", said)


def _of_site() -> list[tuple[str, str]]:
    """Return the parts of the documentation site, each with its licence."""
    names = ("sphinx", "pydata-sphinx-theme", "myst-nb", "accessible-pygments")
    parts = [(name, _of_package(name)) for name in names]
    scripts = resources.files("pydata_sphinx_theme").joinpath("theme/pydata_sphinx_theme/static/scripts")
    for entry in sorted(scripts.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".LICENSE.txt"):
            banner = entry.read_text(encoding="utf-8")
            name = re.search(r"\* (\D+?) v?\d", banner)
            licence = re.search(r"Licensed under (\w+)|License - \S+ \((.*)\)", banner)
            assert name and licence, f"{entry.name} states its name or licence in another way than before"
            parts.append((f"{name[1]}, in the theme", licence[1] or licence[2].replace(" License", "")))
    return [*parts, ("the English stemmer of Snowball, in Sphinx", _of_package("snowballstemmer"))]


def _of_package(name: str) -> str:
    """Return the licence of an installed package by its metadata."""
    stated = metadata(name)
    if expression := stated.get("License-Expression"):
        return expression
    classes = [line for line in stated.get_all("Classifier", []) if line.startswith("License ::")]
    return stated.get("License") or classes[0].rsplit(" :: ", 1)[-1].removesuffix(" License")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
