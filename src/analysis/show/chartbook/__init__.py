"""The chart book: one function for each question, from estimates to a chart that is drawn later."""

from analysis.show.chartbook.book import Book, chart_names
from analysis.show.chartbook.coverage import coverage_chart
from analysis.show.chartbook.profile import profile_chart
from analysis.show.chartbook.questions import question_chart
from analysis.show.chartbook.ranking import comparison_chart, rank_chart
from analysis.show.chartbook.sensitivity import reading_chart

__all__ = [
    "Book",
    "chart_names",
    "comparison_chart",
    "coverage_chart",
    "profile_chart",
    "question_chart",
    "rank_chart",
    "reading_chart",
]
