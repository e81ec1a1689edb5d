"""What the figures come to: measures under readings.

Estimates, prices, spans, robustness, comparison, inference, and the processed tables. It knows ``evidence``,
and nothing of words, charts or pages.
"""
