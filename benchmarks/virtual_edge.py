"""The edge service, Lambda and Step Functions in virtual time, as far as waiting is concerned."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from cold_start_aws import EDGE_CONFIG

from kvs_edge.calls import CallFailedError
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, SyncStatus
from kvs_edge.operation import History, StackState

CALL_SECONDS = 0.1
"""What a call of an AWS API and its handling take."""

MICRO_USD_A_TRANSITION = 25.0
MICRO_USD_A_REQUEST = 0.2
MICRO_USD_A_SECOND = 16.67 * 128 / 1024
"""Of a function with 128 MB."""

MOST_RESOURCES = 500
"""In one stack [CloudFormation quotas, AWS CloudFormation User Guide]; a larger fleet has several."""

EVENTS_A_SECOND = 20
"""What ten Starts a second come to."""

EVENTS_A_RESOURCE, EVENTS_A_PAGE = 2, 100
"""While it is created: two beginnings, the second one with its physical id. A page's size is on no page of AWS."""

ACKNOWLEDGED_SECONDS = 1.0
"""When a hub that is online has acknowledged a configuration."""

OFFLINE_SECONDS = 900.0
"""How long the service tries to reach a hub that is offline."""


class Bucket:
    """A limit of so many calls a second."""

    def __init__(self, time, rate):
        self._time, self._rate = time, rate
        self._tokens, self._at = rate, time.now

    def take(self):
        """Take one call; return whether it is within the limit."""
        self._tokens = min(self._rate, self._tokens + (self._time.now - self._at) * self._rate)
        self._at = self._time.now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Account:
    """The limits that all streams share, and what was counted."""

    def __init__(self, time, streams=1, places=1000, announced=None):
        self.time, self.streams, self.places = time, streams, places
        self.announced = announced
        """Number of streams that the providers know to be deployed at once; None if each knows its own only."""
        self.began, self._described = time.now, []
        self._starts, self._describes = Bucket(time, 10), Bucket(time, 50)
        self.throttled = 0
        self.lambdas = self.peak_lambdas = 0

    def call(self, operation):
        """Take the time of a call; raises CallFailedError if the account makes too many."""
        self.time.sleep(CALL_SECONDS)
        bucket = self._starts if operation == "StartEdgeConfigurationUpdate" else self._describes
        if not bucket.take():
            self.throttled += 1
            action = f"kinesisvideo:{operation}"
            raise CallFailedError(
                CallFailure(CallFailureKind.THROTTLED, action, "ClientLimitExceededException", "Rate exceeded")
            )
        if operation == "DescribeEdgeConfiguration":
            self._described.append(self.time.now - self.began)

    def described_until(self, seconds):
        """Return the number of Describes that were answered within so many seconds."""
        return sum(at <= seconds for at in self._described)


@dataclass
class Bill:
    """Costs and outcome of one request."""

    polls: int = 0
    stack_calls: int = 0
    transitions: int = 0
    invocations: int = 0
    lambda_seconds: float = 0.0
    began: float = 0.0
    in_sync: float | None = None
    answered: float | None = None
    lost: bool = False

    @property
    def micro_usd(self):
        """Transitions, requests and time."""
        return (
            self.transitions * MICRO_USD_A_TRANSITION
            + self.invocations * MICRO_USD_A_REQUEST
            + self.lambda_seconds * MICRO_USD_A_SECOND
        )

    @property
    def gigabyte_seconds(self):
        """Lambda's unit of charge."""
        return self.lambda_seconds * 128 / 1024

    @property
    def delay(self):
        """Seconds from IN_SYNC (or SYNC_FAILED) to the answer."""
        return self.answered - self.in_sync


class Running:
    """`with Running(account, bill):` a function is invoked, `functions` of them if one waits for the other."""

    def __init__(self, account, bill, functions=1):
        self.account, self.bill, self._functions = account, bill, functions

    def __enter__(self):
        self.began = self.account.time.now
        self.account.lambdas += self._functions
        self.account.peak_lambdas = max(self.account.peak_lambdas, self.account.lambdas)
        self.bill.invocations += self._functions
        return self

    def __exit__(self, *_):
        self.account.lambdas -= self._functions
        self.bill.lambda_seconds += self.account.time.now - self.began


class Stream:
    """One stream's edge configuration; takes the place of kvs_edge.edge_client.EdgeClient."""

    region = "eu-west-1"

    def __init__(self, account, bill, sync_seconds):
        self._account, self._bill, self._sync_seconds = account, bill, sync_seconds
        self._sent_at = 0.0

    def describe(self):
        """DescribeEdgeConfiguration."""
        self._bill.polls += 1
        self._account.call("DescribeEdgeConfiguration")
        if not self.is_sent:
            return Absent()
        sent = datetime.fromtimestamp(self._sent_at, UTC).isoformat(timespec="milliseconds")
        return Found(self._status, EDGE_CONFIG, stream_name="stream", created=sent, updated=sent)

    def start(self, config):
        """StartEdgeConfigurationUpdate."""
        self._account.call("StartEdgeConfigurationUpdate")
        self._sent_at = self._account.time.now
        self._bill.in_sync = self._sent_at + self._sync_seconds
        return ""

    @property
    def is_sent(self):
        """True once the service has accepted a Start."""
        return self._bill.in_sync is not None

    @property
    def is_offline(self):
        """True if its hub is offline: the sync fails."""
        return self._sync_seconds >= OFFLINE_SECONDS

    @property
    def _status(self):
        is_acknowledged = self._account.time.now >= self._sent_at + ACKNOWLEDGED_SECONDS
        if self._account.time.now < self._bill.in_sync and is_acknowledged and not self.is_offline:
            return SyncStatus.ACKNOWLEDGED
        if self._account.time.now < self._bill.in_sync:
            return SyncStatus.SYNCING
        return SyncStatus.SYNC_FAILED if self.is_offline else SyncStatus.IN_SYNC


class Stack:
    """The stack that deploys the streams, whose creation goes on; takes the place of kvs_edge.stack_client.StackClient.

    CloudFormation's limits are on no page, so that it is charged with the time of a call, and counted.
    """

    def __init__(self, account, bill):
        self._account, self._bill = account, bill

    def state(self):
        """DescribeStacks."""
        self._call()
        return StackState("CREATE_IN_PROGRESS", self._bill.began)

    def history(self, logical_id, since=0.0):
        """DescribeStackEvents, the pages of the last seconds. What is on them tells a Create nothing new."""
        resources = min(self._account.streams, MOST_RESOURCES)
        recent = min(EVENTS_A_RESOURCE * resources, EVENTS_A_SECOND * (self._account.time.now - since))
        for _ in range(max(1, math.ceil(recent / EVENTS_A_PAGE))):
            self._call()
        return History()

    def _call(self):
        self._bill.stack_calls += 1
        self._account.time.sleep(CALL_SECONDS)
