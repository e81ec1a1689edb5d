"""What the kits of charts and tables share: the request, CSV files, the citation."""
