"""How it is said: the catalogues of each language, names of what the data holds, phrases, comparisons in words.

It knows ``evidence`` and ``estimates``. Whoever shows something to a reader asks here for its words.
"""
