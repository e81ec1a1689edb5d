"""What every memo needs, imported and computed once by the process that the memos are forked off."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from pathlib import Path

import docx
import docxtpl  # noqa: F401  # what a memo is filled by
from matplotlib.backends import backend_agg, backend_svg  # noqa: F401  # what its chart is drawn by
from PIL import Image

from analysis.estimates.processed import remember, remembered
from analysis.operate.pool import PRELOADED_DATA
from analysis.show import memo
from analysis.show.memo import slides  # noqa: F401  # what slides are written by
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES


def preload(root: Path) -> None:
    """Read the dataset of a project, and compute of it what its memos have in common."""
    Image.preinit()
    docx.Document()
    for language in LANGUAGES:
        Text.of(language)
    remember(root)
    # Where it cannot be read, the first memo will say why.
    with suppress(Exception):
        memo.prepare(remembered(root))


if folder := os.environ.get(PRELOADED_DATA):
    preload(Path(folder))
    gc.collect()
    # A collection in a child would write to every object, and so copy every page that it shares with us.
    gc.freeze()
