"""What the kits of charts and tables share: the request, CSV files, the citation."""

CHART_FORMATS = ("svg", "png", "pdf")
BESIDE_CHARTS = ("csv", "json", "txt")
"""What is written beside the pictures of a chart: its data, its evidence, its words."""
