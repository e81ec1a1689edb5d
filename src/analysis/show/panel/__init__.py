"""The panel of the research desk: settings on one side, and what follows from them on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.estimates.prices import PriceYear
from analysis.evidence.dataset import Dataset
from analysis.show.panel.scene import Scene
from analysis.show.panel.state import Desk, PanelState

if TYPE_CHECKING:
    from analysis.show.panel.widgets import Panel

__all__ = ["Desk", "PanelState", "Scene", "explore"]


def explore(
    data: Dataset | None = None,
    language: str = "en",
    *,
    theme: str = "",
    measure: str = "",
    programmes: str | Iterable[str] = (),
    price_year: PriceYear = None,
    readings: Mapping[str, str] | None = None,
    out: str | Path = "charts",
    sources: str | Path | None = None,
    **dimensions: str,
) -> Panel:
    """Return a panel to explore the data with: change a setting, and chart, order and sentence follow.

    Without ``data`` it loads the dataset. ``language`` is ``en``, ``zh-Hans`` or ``zh-Hant``. The other
    arguments say what it opens with: a ``theme``, or a ``measure`` and ``dimensions`` (``object``, ``works``,
    ``funder``, ``place``, ``post``, ``stage``) that narrow it; ``programmes`` (none: all); money in prices of
    ``price_year`` (none: of the latest year with a value; ``"printed"``: as printed); ``readings`` settled,
    by choice. Its button writes below ``out``; ``sources`` is the folder of the documents. ``panel.scene`` is
    what is shown, ``panel.comparison`` the comparison in it. Raises ``ValueError`` for a name that there is
    not, with those that there are.

    >>> import analysis
    >>> panel = analysis.explore(measure="yearly_pay", post="deputy")
    >>> panel.comparison.programmes
    ['shangzhou', 'ludian']
    """
    from analysis.estimates.processed import load
    from analysis.show.panel.widgets import Panel

    desk = Desk(load() if data is None else data)
    state = desk.start(
        language, theme=theme, measure=measure, programmes=programmes, price_year=price_year,
        readings=readings, **dimensions,
    )  # fmt: skip
    return Panel(desk, state, Path(out).resolve(), Path(sources) if sources is not None else None)
