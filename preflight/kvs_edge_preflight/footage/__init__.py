"""Footage analysis: a simulation of schedules, retention, local size and bit rates that reports what is lost.

Pure, standard library only, without a clock: the start instant is an argument. docs/findings/index.md lists the
assumptions about the service that AWS does not document.
"""

from kvs_edge_preflight.footage.analysis import Timeline, analyse, analyse_hub, timeline
from kvs_edge_preflight.footage.calendar import HORIZON, Calendar
from kvs_edge_preflight.footage.codes import FindingCode, Severity
from kvs_edge_preflight.footage.finding import Analysis, Finding
from kvs_edge_preflight.footage.inputs import Acknowledgement, Hub, PlannedStream

__all__ = [
    "HORIZON",
    "Acknowledgement",
    "Analysis",
    "Calendar",
    "Finding",
    "FindingCode",
    "Hub",
    "PlannedStream",
    "Severity",
    "Timeline",
    "analyse",
    "analyse_hub",
    "timeline",
]
