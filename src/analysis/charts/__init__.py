"""Charts: specs as values, drawn late and once, as PNG, SVG, PDF or HTML."""

from analysis.charts.spec import Chart, Group, Matrix, Picture, Row

__all__ = ["Chart", "Group", "Matrix", "Picture", "Row"]
