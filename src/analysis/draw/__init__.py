"""Charts and tables as values, each with its drawing beside it: drawn late and once."""

from analysis.draw.matrix import Matrix
from analysis.draw.picture import ChartRow, Group, Picture
from analysis.draw.rows import Chart

__all__ = ["Chart", "ChartRow", "Group", "Matrix", "Picture"]
