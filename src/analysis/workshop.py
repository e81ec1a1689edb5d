"""What every worker needs, imported once by the process that ``pool`` forks its workers off."""

from analysis.lean import lean

lean("analysis.execution")
