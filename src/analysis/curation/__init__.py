"""The way of a document into the raw tables: text, candidates, guesses, draft, acceptance; and what changed.

Only commands, and the runs that say what changed, use it.
"""
