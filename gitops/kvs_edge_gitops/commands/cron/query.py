"""A question about an expression."""

from dataclasses import dataclass
from datetime import datetime

MAX_FIRE_TIMES = 10_000


@dataclass(frozen=True)
class Query:
    """The options of a question: those of the command line, and the defaults of each JSON line."""

    tz: str
    after: datetime
    count: int
