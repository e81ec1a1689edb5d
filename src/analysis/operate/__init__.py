"""How reports are made: the papermill engine, one report, many at once, and the runs with their site.

It knows every layer below it; the commands and the notebooks' runner use it.
"""
