"""The project: the dataset with the verbs that show what is in it, as ``analysis.load()`` returns it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.estimates import processed
from analysis.evidence.dataset import Dataset
from analysis.show import cards
from analysis.show.cards import ChoiceCard, EstimateCard, FigureCard, SourceCard

if TYPE_CHECKING:
    from analysis.draw.tables import Table
    from analysis.estimates.comparison import Comparison


class Project(Dataset):
    """A dataset that shows itself. The frames are shared: copy one before you change it."""

    def figure(self, figure_id: str, language: str = "en", sources: str | Path | None = None) -> FigureCard:
        """Return the card of a figure: its sentence, place, codings, and every estimate that uses it.

        ``language`` is ``en``, ``zh-Hans`` or ``zh-Hant``; ``sources`` the folder of the documents, if it is
        neither ``sources/`` nor named in ``ANALYSIS_SOURCES``. Raises ``KeyError`` naming the closest ids.

        >>> card = data.figure("ludian.village-venues.amount")
        >>> card.value, card.row["printed"]
        ('59,560,000 yuan', '5956万元')
        """
        return cards.find_card(FigureCard, self, figure_id, language, sources)

    def source(self, source_id: str, language: str = "en", sources: str | Path | None = None) -> SourceCard:
        """Return the card of a source document; arguments and errors as for ``figure``.

        >>> data.source("ludian").row["published"]
        '2021-09-26'
        """
        return cards.find_card(SourceCard, self, source_id, language, sources)

    def choice(self, choice_id: str, language: str = "en", sources: str | Path | None = None) -> ChoiceCard:
        """Return the card of a choice and its readings; arguments and errors as for ``figure``.

        >>> list(data.choice("wushan.within-year").readings["reading"])
        ['target', 'result']
        """
        return cards.find_card(ChoiceCard, self, choice_id, language, sources)

    def estimate(
        self,
        programme: str,
        measure: str,
        language: str = "en",
        sources: str | Path | None = None,
        **dimensions: str,
    ) -> EstimateCard:
        """Return the card of one estimate: ``estimate("ludian", "cost_per_venue", object="village_venue")``.

        ``dimensions`` are ``object``, ``works``, ``funder``, ``place``, ``post`` and ``stage``, as many as it
        takes. Raises ``ValueError`` listing the estimates there are where not exactly one fits.

        >>> round(data.estimate("ludian", "cost_per_venue", object="village_venue").row["value"])
        753924
        """
        return cards.estimate(self, programme, measure, dimensions, language, sources)

    def show(
        self,
        what: str | pd.DataFrame | Comparison,
        language: str = "en",
        *,
        columns: Iterable[str] = (),
        rows: int = 40,
        **where: object,
    ) -> Table:
        """Return a table to read, with headings in words and units: of a table, a frame, or a comparison.

        ``what`` is the name of one of ``tables``, a frame taken from one, or a comparison; ``language`` is
        ``en``, ``zh-Hans`` or ``zh-Hant``; ``columns`` are those to show, ``rows`` the most of them, and
        ``where`` keeps rows: ``show("estimates", programme_id="ludian", measure="yearly_pay")``. Raises
        ``ValueError`` for a name or value that there is not, with those that there are.

        >>> shown = data.show("estimates", programme_id="ludian", measure="branches_established")
        >>> [row["value"] for row in shown.rows]
        ['94 Party branches']
        """
        # The libraries that draw take seconds to import: who looks up a card does not wait for them.
        from analysis.show import display

        return display.show(self, what, language, columns=columns, rows=rows, **where)


def load(root: str | Path | None = None) -> Project:
    """Return the dataset as built; builds it anew first when the raw data has changed since.

    ``root`` is the project folder, found from the working folder without it. Where nothing can be written
    the dataset is built in memory. Raises ``checks.DataError`` with every fault of the raw data, and
    ``FileNotFoundError`` where there is no project.

    >>> data = analysis.load()
    >>> data.programme_ids
    ['shangzhou', 'ludian', 'wushan', 'weinan', 'minjia']
    """
    data = processed.load(root)
    project = Project(data.root, data.tables, data.data_hash)
    # What has been computed of a remembered dataset is not computed again.
    vars(project).update(vars(data))
    return project
