"""The desk as a page on this machine alone: what it asks for, and what it does to a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, ClassVar

from analysis.curation.acceptance import accept
from analysis.curation.agreement import both, take
from analysis.curation.desk import Desk
from analysis.curation.sheets import DeskError, Sheets
from analysis.evidence.errors import InputError
from analysis.show.desk.view import View
from analysis.show.local import Local
from analysis.words.language import Text

Edit = Callable[..., Sheets]
_EDITS: Mapping[str, Edit] = {
    "set": Sheets.set, "keep": Sheets.keep, "remove": Sheets.remove, "decide": Sheets.decide,
    "alike": Sheets.decide_alike, "sure": Sheets.decide_sure, "code": Sheets.code, "ask": Sheets.ask,
    "chosen": Sheets.chosen, "split": Sheets.split, "join": Sheets.join, "resize": Sheets.resize,
    "take": take, "both": both,
}  # fmt: skip


class Served(Local):
    """A desk that is served."""

    name = "desk"
    parts: ClassVar = {
        "html": ("desk/desk.html",),
        "js": ("desk/local.js", "desk/desk.js"),
        "css": ("desk/desk.css",),
    }

    def __init__(self, desk: Desk, language: str = "en", port: int = 0) -> None:
        super().__init__(language, port)
        self.desk = desk

    def state(self, text: Text) -> dict[str, Any]:
        """Return how the draft stands."""
        return self._answer(text, lambda: text("desk.changed") if self.desk.refresh() else "")

    def do(self, text: Text, edit: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Make an edit, and return how the draft stands then."""
        return self._answer(text, lambda: self._do(edit, arguments))

    def _do(self, name: str, arguments: dict[str, Any]) -> str:
        desk = self.desk
        if name == "accept":
            left = desk.left(desk.faults(), None)
            if not left.done:
                raise DeskError("left", undecided=left.undecided, faults=left.faults)
            return str(accept(desk.source_id, desk.root, desk.documents))
        if name in ("undo", "redo"):
            desk.undo(again=name == "redo")
        else:
            edit = _EDITS[name]
            own = {"programme_id": desk.programme_id, "theirs": desk.other}
            taken = {key: value for key, value in own.items() if key in signature(edit).parameters}
            desk.do(lambda sheets: edit(sheets, **arguments, **taken))
        return ""

    def _answer(self, text: Text, act: Callable[[], str]) -> dict[str, Any]:
        try:
            said = {"said": act()}
        except DeskError as error:
            said = {"refused": text(f"desk.{error.key}", **error.values)}
        except InputError as error:
            said = {"refused": str(error)}
        return {**View(self.desk, text).state(), **said}
