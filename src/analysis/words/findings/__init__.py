"""Findings in words: pieces, a sentence for each topic, clauses of headlines, and what a page opens with."""
