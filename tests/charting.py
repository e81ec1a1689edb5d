"""What tests of charts share: drawing one, and proving that all of it can be read."""

import itertools
import warnings

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as MplText
from matplotlib.transforms import Bbox

from analysis.draw import Picture, style


def drawn(chart: Picture, standalone: bool = True) -> Figure:
    """The figure with everything in its place, and warned of what the font lacks; nothing is painted."""
    drawing = chart.figure(standalone=standalone)
    drawing.draw_without_rendering()
    return drawing


def texts(drawing: Figure) -> list[tuple[str, Bbox]]:
    renderer = drawing.canvas.get_renderer()
    found = [text for text in drawing.findobj(MplText) if text.get_visible() and text.get_text().strip()]
    # That of an annotation would hold its arrow.
    return [(text.get_text(), MplText.get_window_extent(text, renderer)) for text in found]


def marks(axes: Axes) -> list[Bbox]:
    renderer = axes.figure.canvas.get_renderer()
    return [mark.get_window_extent(renderer) for mark in (*axes.lines, *axes.patches)]


def overlap(one: Bbox, other: Bbox) -> bool:
    """Whether two boxes share more than their edges, by more than half a pixel."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return width > 0.5 and height > 0.5


def data_share(chart: Picture) -> float:
    """The share of the width between the smallest and the largest mark that may be drawn."""
    drawing = chart._drawing(standalone=False)
    return round(getattr(drawing, "marks", drawing.room) / drawing.width, 6)


def assert_readable(chart: Picture, standalone: bool = True) -> None:
    with mpl.rc_context(style.settings()), warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = drawn(chart, standalone)
        page = drawing.bbox
        assert data_share(chart) >= 0.5
        words = texts(drawing)
        for word, box in words:
            inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1
            assert inside, f"{word!r} at {box} leaves the picture {page}"
        for (word, box), (other, place) in itertools.combinations(words, 2):
            assert not overlap(box, place), f"{word!r} meets {other!r}"
        for mark, (word, box) in itertools.product(marks(drawing.axes[0]), words):
            assert not overlap(mark, box), f"{word!r} meets a mark"
