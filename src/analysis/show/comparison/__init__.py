"""The comparison of all programmes in one theme, also where they are too many to name."""
