"""A source document as read: its text with every figure and exclusion marked, and what rests on each.

``marks`` are its figures and exclusions as values, ``annotations`` their form for other programs, ``view``
what the page draws, ``server`` serves it to this machine alone: the text of a document goes nowhere else.
"""
