"""What the numerals of a sentence claim, and whether the data says so: whose, of what, when, how much."""

from analysis.show.memo.claims.claim import Claim
from analysis.show.memo.claims.known import Knowledge, Known
from analysis.show.memo.claims.sentence import claims_in, sentence_at
from analysis.show.memo.claims.verdict import Verdict, judge

__all__ = ["Claim", "Knowledge", "Known", "Verdict", "claims_in", "judge", "sentence_at"]
