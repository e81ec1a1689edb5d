"""What a page says if a county answers its open questions: prepared beforehand, for a page that swaps pieces.

``what_if`` stands above the reports: it has a report made under answers, piece by piece, and knows no words.
"""

from analysis.show.whatif.prepared import Prepared, what_if

__all__ = ["Prepared", "what_if"]
