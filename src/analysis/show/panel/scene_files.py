"""The chart of a scene as a kit: pictures, data, evidence, words, and the call that shows it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from analysis.files import write_file
from analysis.show.chartbook.chart_files import files_of
from analysis.show.export import CHART_FORMATS
from analysis.show.export.request import Request
from analysis.show.panel.scene import Scene


def write_scene(scene: Scene, out: Path) -> list[Path]:
    """Write what a scene shows below ``out`` and return the files; same settings, same folder and bytes.

    Beside the files of ``analysis charts`` stands ``panel.py``, the call that opens the panel like this.
    """
    request = Request(languages=(scene.state.language,)).validate(scene.data, CHART_FORMATS)
    folder = out / folder_of(scene)
    return [write_file(folder / name, content) for name, content in _files(scene, request)]


def _files(scene: Scene, request: Request) -> Iterator[tuple[str, bytes]]:
    yield from files_of(scene.chart, scene.data, request)
    yield "panel.py", f"import analysis\n\ndata = analysis.load()\n{scene.code}\n".encode()


def folder_of(scene: Scene) -> str:
    """Return the folder of a scene: one for each combination of settings, so that none overwrites another."""
    state = scene.state
    settings = repr((state.question.cell, state.programmes, state.price_year, sorted(scene.settled.items())))
    return f"panel-{state.measure}-{hashlib.sha256(settings.encode()).hexdigest()[:8]}"
