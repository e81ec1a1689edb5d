"""How it is said: the catalogues of each language, names of what the data holds, phrases and sentences.

It knows ``evidence`` and ``estimates``. Whoever shows something to a reader asks here for its words.
"""
