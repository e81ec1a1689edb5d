"""What the numerals of a sentence claim, and whether the data says so: of whom, of what, when, and how much."""

from analysis.show.memo.claims.claim import Claim, claims_in
from analysis.show.memo.claims.known import Known, Knowledge
from analysis.show.memo.claims.verdict import Verdict, judge

__all__ = ["Claim", "Known", "Knowledge", "Verdict", "claims_in", "judge"]
