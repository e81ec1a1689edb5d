"""The report on one programme, section by section, in one language."""

from analysis.show.county.report import MEASURED, SECTIONS, CountyReport

__all__ = ["MEASURED", "SECTIONS", "CountyReport"]
