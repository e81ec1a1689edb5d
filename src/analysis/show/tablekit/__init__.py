"""Tables to take away: HTML for memos and slides, tidy CSV, and a workbook with its codebook and sources."""

from analysis.show.export.csvfile import unguarded
from analysis.show.export.request import KitError, Request
from analysis.show.tablekit.html_page import page, words
from analysis.show.tablekit.table_files import tables_of, workbook, write_kit
from analysis.show.tablekit.xlsx import Workbook

__all__ = [
    "KitError",
    "Request",
    "Workbook",
    "page",
    "tables_of",
    "unguarded",
    "words",
    "workbook",
    "write_kit",
]
