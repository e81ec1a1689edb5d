"""The chart book: one function for each question, from estimates to a chart that is drawn later."""

from analysis.show.chartbook.book import Book
from analysis.show.chartbook.branch_counts import branch_chart
from analysis.show.chartbook.cost import cost_chart
from analysis.show.chartbook.coverage import coverage_chart
from analysis.show.chartbook.pay import pay_chart, rise_chart
from analysis.show.chartbook.profile import profile_chart
from analysis.show.chartbook.ranking import comparison_chart, rank_chart
from analysis.show.chartbook.sensitivity import reading_chart

__all__ = [
    "Book",
    "branch_chart",
    "comparison_chart",
    "cost_chart",
    "coverage_chart",
    "pay_chart",
    "profile_chart",
    "rank_chart",
    "reading_chart",
    "rise_chart",
]
