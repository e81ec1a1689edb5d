"""Tables to take away: HTML for memos and slides, tidy CSV, and a workbook with its codebook and sources."""

from analysis.show.export.csvfile import unguarded
from analysis.show.export.request import KitError, Request
from analysis.show.tablekit.comparison_tables import comparison_tables
from analysis.show.tablekit.html_page import page, words
from analysis.show.tablekit.programme_tables import programme_tables
from analysis.show.tablekit.table_files import workbook, write_kit
from analysis.show.tablekit.xlsx import Workbook

__all__ = [
    "KitError",
    "Request",
    "Workbook",
    "comparison_tables",
    "page",
    "programme_tables",
    "unguarded",
    "words",
    "workbook",
    "write_kit",
]
