"""The curator's desk in a notebook; ``server`` serves it, ``view`` says what its page draws."""

from __future__ import annotations

from html import escape
from pathlib import Path

from analysis.curation.desk import Desk
from analysis.evidence.folders import find_root
from analysis.show.desk.server import Served

__all__ = ["DeskFrame", "desk"]


class DeskFrame:
    """A desk that is served by this process, and shows itself in a frame."""

    def __init__(self, served: Served) -> None:
        self.address = served.address
        served.start()

    def _repr_html_(self) -> str:
        return f'<iframe src="{escape(self.address)}" width="100%" height="720" title="Desk"></iframe>'


def desk(draft: str, language: str = "en", *, beside: str = "", root: str | Path | None = None) -> DeskFrame:
    """Return the desk of a draft in a frame; it is served on this machine until the notebook ends.

    ``draft`` is the id of a source that ``analysis intake`` has drafted, or ``SOURCE.CODER``; ``beside``
    another draft of the same document, to see where it differs. Raises ``IntakeError`` where there is no
    such draft. What is done at the desk is saved at once.

    >>> analysis.desk("nowhere")
    Traceback (most recent call last):
    analysis.curation.draft.IntakeError: no draft data/draft/nowhere;
    begin with analysis intake FILE --programme ID
    """
    folder = find_root(Path(root) if root is not None else None)
    return DeskFrame(Served(Desk(folder, draft, beside=beside), language))
