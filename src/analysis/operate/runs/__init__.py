"""Runs: which reports are to be made and why, one run at a time, what became of each, and the site of all."""

from analysis.operate.runs.inputs import ClusterError as ClusterError
from analysis.operate.runs.inputs import Request as Request
from analysis.operate.runs.inputs import check_quotable as check_quotable
from analysis.operate.runs.ledger import LedgerError as LedgerError
from analysis.operate.runs.publishing import PublishError as PublishError
from analysis.operate.runs.runner import dry_run as dry_run
from analysis.operate.runs.runner import run as run
from analysis.operate.runs.sound import sound_data as sound_data
from analysis.operate.runs.summary import RunSummary as RunSummary
from analysis.operate.runs.summary import refuse as refuse
