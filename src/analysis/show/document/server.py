"""The page of a document, served to this machine alone."""

from __future__ import annotations

from typing import Any, ClassVar

from analysis.evidence.dataset import Dataset
from analysis.show.document.marks import Marked
from analysis.show.document.view import DocumentView
from analysis.show.local import Local
from analysis.words.language import Text


class Served(Local):
    """A document that is served; nothing of it can be changed."""

    name = "document"
    parts: ClassVar = {
        "html": ("document/document.html",),
        "js": ("desk/local.js", "document/document.js"),
        "css": ("desk/desk.css", "document/document.css"),
    }

    def __init__(self, data: Dataset, found: Marked, language: str = "en", port: int = 0) -> None:
        super().__init__(language, port)
        self.data, self.found = data, found
        self._views: dict[str, DocumentView] = {}

    def state(self, text: Text) -> dict[str, Any]:
        """Return the document with its marks."""
        return self._view(text).state()

    def do(self, text: Text, edit: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return what rests on a mark that is looked at: nothing else can be done here."""
        if edit != "look":
            raise ValueError(edit)
        return self._view(text).inspected(arguments["mark"])

    def _view(self, text: Text) -> DocumentView:
        return self._views.setdefault(text.language, DocumentView(self.data, self.found, text))
