"""Runs: which reports are to be made and why, one run at a time, what became of each, and the site of all."""

from analysis.runs.history import UnknownRunError as UnknownRunError
from analysis.runs.inputs import ClusterError as ClusterError
from analysis.runs.inputs import PublishError as PublishError
from analysis.runs.inputs import Request as Request
from analysis.runs.ledger import LedgerError as LedgerError
from analysis.runs.lock import BusyError as BusyError
from analysis.runs.runner import dry_run as dry_run
from analysis.runs.runner import run as run
from analysis.runs.summary import RunSummary as RunSummary
from analysis.runs.summary import write_wrong_input as write_wrong_input
