"""Whether footage is lost: schedules, retention, local size and bit rates of edge configurations, played forward.

Pure, standard library only, and without a clock: the instant to start from is an argument. What is assumed of the
service where no page of AWS says it stands in docs/findings/index.md.
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
