"""What the zygote imports before it forks, and the marks by which it knows that a file has changed since."""

from __future__ import annotations

import builtins
import gc
import importlib
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

# Never matplotlib_inline.backend_inline: imported outside a kernel it hooks into none, and charts are lost.
MODULES = (
    "pandas",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "sqlite3",
    "encodings.idna",
    "faulthandler",
    "pdb",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "great_tables",
    "analysis.show.comparison.report",
    "analysis.show.county",
    "analysis.operate.engine.kernel",
    "analysis.estimates.processed",
)
# Libraries that would otherwise start threads when they are imported; the last is the allocator of pyarrow.
ONE_THREAD = {
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMEXPR")},
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
PACKAGE = Path(__file__).parents[2]
TASKS = Path("/proc/self/task")
# What libraries read while they are imported: with another value the imports must be made anew.
_READ_AT_IMPORT = ("PYTHON", "MPL", "MATPLOTLIB", "LC_", "LANG", "PANDAS", "ARROW", "LD_", "IPYTHON", "XDG_")

Marks = Mapping[str, tuple[int, int] | None]


def preload(data: str | None = None) -> Marks:
    """Import the libraries and the suite; return the marks of every file that this rests on.

    The dataset of the project folder ``data`` is read, too, if it can be.
    """
    # Before the imports: what is saved in between must count as changed.
    own = marks(str(path) for path in PACKAGE.rglob("*") if "__pycache__" not in path.parts)
    with _as_in_a_kernel():
        importlib.import_module(MODULES[0])
    for name in MODULES[1:]:
        importlib.import_module(name)
    _rehearse()
    if data is not None:
        _remember(data)
    gc.collect()
    # A collection in a child would write to every object, and so copy every page that it shares with us.
    gc.freeze()
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return {**marks(file for file in files if file), **own}


def marks(files: Iterable[str]) -> Marks:
    """Return time of change and size of each file, ``None`` for one that is not there."""
    return {file: _mark(file) for file in files}


def changed(old: Marks) -> str | None:
    """Return the first file that has changed since, or ``None``."""
    return next((file for file, mark in old.items() if _mark(file) != mark), None)


def import_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that libraries read while they are imported."""
    return {key: value for key, value in environment.items() if key.startswith(_READ_AT_IMPORT)}


def threads() -> int:
    """Return how many threads this process has, those of libraries too where the system tells."""
    with suppress(OSError):
        return len(os.listdir(TASKS))
    return threading.active_count()


def _mark(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Pandas asks once, while it is imported, whether it runs in a kernel, and shows frames accordingly.

    It looks for the name ``get_ipython`` that a kernel defines; outside of one it takes us for a terminal and
    shows as many columns as fit there.
    """
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def _remember(data: str) -> None:
    """Read a dataset for all kernels; where it cannot be read, the first of them will say why."""
    from analysis.estimates.processed import remember

    with suppress(Exception):
        remember(Path(data))


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
