"""The documentation site: one build for each language, made by ``make docs``.

The source folder is the project itself, so that a link leads to the same page here as on a code host.
Notebooks are run while the site is built, and their outputs are kept nowhere else.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pygments.lexers.special import TextLexer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

from site_search import SiteSearch  # noqa: E402  (it stands beside this file)

from analysis import __version__  # noqa: E402

language = os.environ.get("DOCS_LANGUAGE", "en")
CHINESE = language == "zh_CN"
MENUS = {
    "en": {
        "Start": ["docs/README", "notebooks/00_first_hour", "docs/worked-examples", "docs/gallery"],
        "Tutorials": [
            "notebooks/01_explore", "notebooks/10_investment_per_venue", "notebooks/20_stipend_levels",
            "notebooks/30_branch_restructuring", "notebooks/40_policy_memo",
            "notebooks/50_sources_and_evidence", "notebooks/60_readings", "notebooks/70_models_at_size",
        ],
        "Guides": [
            "docs/research-desk", "docs/charts-and-tables", "docs/memo-template", "docs/curation",
            "docs/operations", "deploy/README",
        ],
        "Reference": ["docs/methodology", "docs/data-dictionary", "docs/sql", "docs/api", "docs/limits"],
        "Project": [
            "CHANGELOG", "CONTRIBUTING", "docs/releasing", "docs/accessibility", "docs/licences", "SECURITY",
            "CODE_OF_CONDUCT",
        ],
    },
    "zh_CN": {
        "使用指南": [
            "docs/curation.zh", "docs/memo-template.zh", "docs/charts-and-tables.zh", "docs/limits.zh",
        ],
    },
}  # fmt: skip
MENU = MENUS[language]
ALL = {page for menu in MENUS.values() for pages in menu.values() for page in pages} | {"README", "README.zh"}
LINK = re.compile(r"(?<=\]\()(?!https?:)([^)\s#]+)(\.md|\.ipynb)(#[^)\s]*)?(?=\))")

FIGURE = re.compile(r'<a\b[^>]*href="#(figure-[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)

project = "县域党建工作数据分析" if CHINESE else "County programme analysis"
author = copyright = "The county programme analysis contributors"
version = release = __version__
root_doc = "README.zh" if CHINESE else "README"
PAGES = [root_doc, *(page for pages in MENU.values() for page in pages)]
include_patterns = [f"{page}.{'ipynb' if page.startswith('notebooks/') else 'md'}" for page in PAGES]

extensions = ["myst_nb"]
myst_heading_anchors = 4
# A page that is in the build of the other language, by its address; see with_links.
myst_url_schemes = {"http": None, "https": None, "site": {"url": "{{path}}#{{fragment}}"}}

nb_execution_mode = os.environ.get("DOCS_NOTEBOOKS", "force")
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_execution_show_tb = True
# A page has no kernel for widgets: it shows the words that the panel has instead, and loads nothing.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
os.environ["ANALYSIS_DATA"] = str(ROOT)
# Cards quote the documents where these are at hand; the site holds no text of them.
NO_DOCUMENTS = TemporaryDirectory()
os.environ["ANALYSIS_SOURCES"] = NO_DOCUMENTS.name

html_theme = "pydata_sphinx_theme"
html_title = project
html_theme_options = {
    "navbar_center": [],
    "navbar_end": ["languages", "theme-switcher"],
    "navbar_persistent": ["search-button"],
    "primary_sidebar_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"**": ["menu"]}
templates_path = ["site"]
html_static_path = ["site/site.css", "site/theme.js"]
html_css_files = ["site.css"]
html_js_files = ["theme.js"]
html_copy_source = False
html_use_index = False
html_search_language = SiteSearch.lang


def with_menu(page: str) -> str:
    """Return the page with the menu of the site at its end, where a code host would show it as it is."""
    menus = (
        "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```"])
        for caption, pages in MENU.items()
    )
    return "\n\n".join([page, *menus, ""])


def with_links(page: str, name: str) -> str:
    """Return the page with its links to what this build lacks leading to the other build, or the file."""
    up = "../" * name.count("/") + ("../" if CHINESE else "zh/")

    def target(link: re.Match[str]) -> str:
        path = os.path.normpath(Path(name).parent / link[1])
        if path in PAGES:
            return link[0]
        return f"site:{up}{path}.html{link[3] or ''}" if path in ALL else f"path:{link[1]}{link[2]}"

    return LINK.sub(target, page)


def on_read(app: Any, name: str, source: list[str]) -> None:
    """Bring the text of a page into the site as it is read."""
    if not name.startswith("notebooks/"):
        source[0] = with_links(source[0], name)
    if name == root_doc:
        source[0] = with_menu(source[0])


def without_dead_links(body: str) -> str:
    """Return the body of a page without links to figures that it does not show, which a report would list."""
    shown = set(re.findall(r'id="(figure-[^"]+)"', body))
    return FIGURE.sub(lambda link: link[0] if link[1] in shown else link[2], body)


def on_page(app: Any, name: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Tell the template the other language, and the address of the page in it, or of its README."""
    context["body"] = without_dead_links(context.get("body", ""))
    own = name.removesuffix(".zh")
    other = own if CHINESE else f"{own}.zh"
    there = other if other in ALL else "README" if CHINESE else "README.zh"
    up = "../" * name.count("/")
    context["other"] = (
        ("en", "English", f"{up}../{there}.html") if CHINESE else ("zh", "简体中文", f"{up}zh/{there}.html")
    )


def on_end(app: Any, failed: Exception | None) -> None:
    """Write the first page under the name that servers look for."""
    if failed is None:
        built = Path(app.outdir)
        (built / "index.html").write_bytes((built / f"{root_doc}.html").read_bytes())


def setup(app: Any) -> None:
    """Register what this file adds to Sphinx."""
    app.add_lexer("csv", TextLexer)
    app.add_search_language(SiteSearch)
    app.connect("source-read", on_read)
    app.connect("html-page-context", on_page)
    app.connect("build-finished", on_end)
