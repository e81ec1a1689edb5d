"""What readers get: county and comparison reports, charts and tables to take away, cards, panel, memo, page.

It knows all layers that compute, word and draw; ``operate``, ``project`` and the commands use it.
"""
