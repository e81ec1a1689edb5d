"""The report on one programme, section by section, in one language."""

from analysis.show.county.report import CountyReport

__all__ = ["CountyReport"]
