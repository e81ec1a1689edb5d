"""A curator at the keyboard of the desk, who knows what an article says: every key and every cell is counted.

It accepts a drafted cell that says what it knows, and an id or a subject that fits, though it would have
chosen other words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from analysis.curation.desk import Desk
from analysis.curation.draft import UNSURE

AT = "() => [...document.querySelectorAll('mark')].findIndex(each => each.getAttribute('aria-current'))"
SETTLED = "() => !document.documentElement.hasAttribute('aria-busy')"
FOCUSED = "() => document.activeElement.dataset.{} ?? ''"
# The letters that lead to the cells of a numeral, in the order of the cells.
LETTERS = {
    "figure_id": "I", "subject_zh": "Z", "subject": "E", "unit": "N", "period": "P", "basis": "B",
    "status": "S", "year": "Y", "year_basis": "H", "theme": "T",
}  # fmt: skip
REASONS = ("ordinal", "date", "name", "structural", "idiom", "boilerplate")
ORDER = tuple(LETTERS)
CHOSEN = ("period", "basis", "status", "year_basis", "theme")
COLUMNS = ("unit", "period", "basis", "status", "year", "year_basis", "theme")


@dataclass
class Article:
    """What an article says: its figures in order, with the seven cells that matter, all else being none.

    ``words`` are the ids and subjects that have to be entered because the drafted ones do not fit;
    ``columns`` the figures that stand for a whole column of a table; ``changed`` and ``added`` what the
    codings lack, ``removed`` drafted codings that are wrong.
    """

    name: str
    figures: list[tuple[str, str]]
    words: dict[str, dict[str, str]]
    place: dict[str, str]
    title: str
    columns: tuple[str, ...] = ()
    changed: dict[str, dict[str, str]] = field(default_factory=dict)
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()

    def cells(self) -> dict[str, dict[str, str]]:
        """Return what each printed figure is."""
        return {printed: dict(zip(COLUMNS, said.split(" "), strict=True)) for printed, said in self.figures}


class Curator:
    """Presses keys on a page and counts them."""

    def __init__(self, page: Any, desk: Desk, article: Article) -> None:
        self.page, self.desk, self.article = page, desk, article
        self.keys, self.characters = 0, 0
        self.typed: list[str] = []
        self.chosen: list[str] = []
        self.known = article.cells()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1
        self.page.wait_for_function(SETTLED)

    def type(self, text: str, where: str) -> None:
        """Type a cell over what is in it, and leave it with Enter."""
        if text:
            self.page.keyboard.type(text)
        else:
            self.press("Delete")
        self.characters += len(text)
        self.typed.append(where)

    def choose(self, sheet: str, row: int, column: str, code: str) -> None:
        """Press the first letter of an answer until it is chosen."""
        label = next(
            name
            for code_, name in self.page.evaluate(
                "() => [...document.activeElement.options].map(each => [each.value, each.text])"
            )
            if code_ == code
        )
        for _ in range(40):
            if self.desk.sheets.rows[sheet][row][column] == code:
                break
            self.press(label[0] if label.strip() else "Home")
        self.chosen.append(column)

    # The numerals

    @property
    def at(self) -> int:
        return int(self.page.evaluate(AT))

    def leave(self) -> None:
        """Leave the cell that is being written, if any."""
        if self.page.evaluate(FOCUSED.format("field")):
            self.press("Escape")

    def go(self, row: int) -> None:
        if self.at != row:
            self.leave()
        paragraphs = [int(each["paragraph"]) for each in self.desk.sheets.numerals]
        while self.at != row:
            here, there = paragraphs[self.at], paragraphs[row]
            down, across = ("ArrowDown", "ArrowRight") if self.at < row else ("ArrowUp", "ArrowLeft")
            self.press(across if here == there or abs(self.at - row) < 2 else down)

    def row(self, row: int) -> dict[str, str]:
        return dict(self.desk.sheets.numerals[row])

    def wrong(self, row: int) -> dict[str, str]:
        """Return the cells of a numeral that have to be entered, with what they should be."""
        cells = self.row(row)
        known = self.known.get(cells["printed"])
        if known is None:
            return {}
        wanted = {name: "" if cell in ("-",) else cell for name, cell in known.items()}
        wanted |= self.article.words.get(cells["printed"], {})
        return {name: cell for name, cell in wanted.items() if cells[name] != cell}

    def decide(self) -> None:
        """Decide on the numeral that is looked at."""
        row = self.at
        cells = self.row(row)
        figure = cells["printed"] in self.known
        if not figure:
            assert cells["reason"], f"{cells['printed']} is no figure"
            self.press("Enter")
            return
        if cells["reason"]:
            self.press("f")
        last = ""
        for column, cell in sorted(self.wrong(row).items(), key=lambda item: ORDER.index(item[0])):
            if last and ORDER.index(last) + 1 == ORDER.index(column) < 3:
                self.press("Tab")
            else:
                self.leave()
                self.press(LETTERS[column])
            if column in CHOSEN:
                self.choose("numerals", row, column, cell)
            else:
                self.type(cell, column)
            last = column
        if cells["printed"] in self.article.columns:
            self.leave()
            self.press("l")
        else:
            self.press("Enter")

    def numerals(self) -> None:
        """Decide on all numerals: all that are sure at once, the others, and what was sure and is wrong."""
        self.press("a")
        rows = range(len(self.desk.sheets.numerals))
        for printed in self.article.columns:
            self.go(next(row for row in rows if self.row(row)["printed"] == printed))
            self.decide()
        while any(not self.desk.sheets.is_decided(row) for row in rows):
            if self.desk.sheets.is_decided(self.at):
                self.press("n")
            self.decide()
        for row in rows:
            if self.wrong(row):
                self.go(row)
                self.decide()

    # The document and the place, codings, acceptance

    def about(self) -> None:
        """Fill in what is required of the document and the place."""
        self.press("d")
        wanted = {"title_en": self.article.title, **self.article.place}
        for _ in wanted:
            sheet, row, column = self.page.evaluate(FOCUSED.format("field")).split(":")
            if column == "admin_level":
                self.choose(sheet, int(row), column, wanted[column])
            else:
                self.type(wanted[column], column)
            self.press("Enter")

    def codings(self) -> None:
        """Correct the drafted codings, add what is missing, keep what is drafted and unsure."""
        for name, cells in self.article.changed.items():
            self.to_card(name)
            self.press("e")
            self.fill(name, cells)
        for printed, cells in self.article.added.items():
            row = next(
                row for row, each in enumerate(self.desk.sheets.numerals) if each["printed"] == printed
            )
            self.leave()
            self.go(row)
            self.press("c")
            self.fill(self.desk.sheets.rows["codings"][-1]["coding_id"], cells)
        for name in self.article.removed:
            self.to_card(name)
            self.press("Delete")
        self.leave()
        for _ in range(60):
            if not any(row.get(UNSURE) for rows in self.desk.sheets.rows.values() for row in rows):
                break
            self.press("Enter" if self.page.evaluate(FOCUSED.format("card")) else "n")

    def accept(self) -> str:
        """Have the draft moved into the tables, and return what the desk says of it."""
        self.leave()
        if self.page.evaluate("() => document.activeElement.id") != "accept":
            self.press("n")
        self.press("Enter")
        return str(self.page.locator("#said").inner_text())

    def to_card(self, name: str) -> None:
        self.leave()
        coding = next(row for row in self.desk.sheets.rows["codings"] if row["coding_id"] == name)
        figures = [row["figure_id"] for row in self.desk.sheets.numerals]
        self.go(figures.index(coding["numerator"]))
        place = self.desk.sheets.rows["codings"].index(coding)
        while self.page.evaluate(FOCUSED.format("card")) != f"codings:{place}":
            self.press("o")

    def fill(self, name: str, cells: dict[str, str]) -> None:
        """Fill cells of a coding that is open, from the first on."""
        names = [row["coding_id"] for row in self.desk.sheets.rows["codings"]]
        row = names.index(name)
        for column, cell in cells.items():
            while self.page.evaluate(FOCUSED.format("field")) != f"codings:{row}:{column}":
                self.press("Tab")
            if column in ("numerator", "denominator", "note", "note_zh", "when"):
                self.type(cell, column)
            else:
                self.choose("codings", row, column, cell)
        self.press("Enter")

    def report(self) -> str:
        """Return what it took, in one line."""
        rows = len(self.desk.sheets.numerals)
        pressed = self.keys + self.characters
        return (
            f"{self.article.name}: {rows} rows; {len(self.typed)} cells typed ("
            f"{self.characters} characters), "
            f"{len(self.chosen)} chosen; {self.keys} keys, {self.keys / rows:.1f} a row, "
            f"or {pressed / rows:.1f} with the characters"
        )
