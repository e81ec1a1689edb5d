"""What every report needs, imported once by the process that the reports are forked off."""

from __future__ import annotations

import builtins
import gc
import importlib
import os
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from analysis.operate.lean import lean
from analysis.operate.pool import PRELOADED_DATA

# Never matplotlib_inline.backend_inline: imported outside a kernel it hooks into none, and charts are lost.
MODULES = (
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "sqlite3",
    "encodings.idna",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "great_tables",
    "analysis.estimates.models",
    "analysis.show.comparison.report",
    "analysis.show.county",
)


def preload() -> None:
    """Import the libraries and the suite, read the dataset that ``PRELOADED_DATA`` names, and draw once."""
    _import_pandas_as_in_a_kernel()
    lean("analysis.operate.execution")
    for name in MODULES:
        importlib.import_module(name)
    _rehearse()
    if folder := os.environ.get(PRELOADED_DATA):
        _remember(Path(folder))
    gc.collect()
    # A collection in a child would write to every object, and so copy every page that it shares with us.
    gc.freeze()


def _import_pandas_as_in_a_kernel() -> None:
    """pandas asks once, while it is imported, whether it runs in a kernel, and shows frames accordingly.

    It looks for the name ``get_ipython`` that a kernel defines; outside of one it takes us for a terminal and
    shows as many columns as fit there.
    """
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        importlib.import_module("pandas")
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def _remember(root: Path) -> None:
    """Read a dataset for all reports; where it cannot be read, the first of them will say why."""
    from analysis.estimates.processed import remember

    with suppress(Exception):
        remember(root)


def _rehearse() -> None:
    """Do once what every report would do for itself: find fonts and codecs, read the texts, draw."""
    from matplotlib.backends.registry import backend_registry
    from PIL import Image

    from analysis.draw import Chart, ChartRow, Group
    from analysis.draw.tables import Column, Table
    from analysis.words.language import Text
    from analysis.words.languages import LANGUAGES

    backend_registry.list_all()  # type: ignore[no-untyped-call]
    Image.preinit()
    for language in LANGUAGES:
        Text.of(language)
        rows = (
            ChartRow("A", "2", 2.0, low=1.0, high=3.0, highlight=True),
            ChartRow("B", "C", absence="not reported"),
        )
        chart = Chart(
            name="x", language=language, title="A", subtitle="B", groups=(Group("C", rows),), source="D"
        )
        chart.svg()
        chart._repr_html_()
    Table("x", "A", (Column("a", "A"), Column("b", "B", listed=True)), ({"a": "1", "b": "2"},)).html()


preload()
