"""Tables to take away: HTML for memos and slides, tidy CSV, and a workbook with its codebook and sources."""

from analysis.export.csvfile import unguarded
from analysis.export.request import KitError, Request
from analysis.tablekit.comparing import comparison_tables
from analysis.tablekit.kit import workbook, write_kit
from analysis.tablekit.page import page, words
from analysis.tablekit.programme import programme_tables
from analysis.tablekit.xlsx import Workbook

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
