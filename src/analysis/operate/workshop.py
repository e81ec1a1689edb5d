"""What every worker needs, imported once by the process that ``pool`` forks its workers off."""

from analysis.operate.lean import lean

lean("analysis.operate.execution")
