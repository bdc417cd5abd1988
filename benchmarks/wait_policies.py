"""Policies that wait for IN_SYNC, in virtual time: ours and the peers'.

Ours is `kvs_edge.reconciler.reconcile` with the pauses of `kvs_edge.polling`, called as the state machine of the build
calls it. The peers' are their policies:

- the CDK's Provider framework: a state that is retried every so many seconds; a poll takes 0.3 s and two functions, the
  framework's own and its user's;
- crhelper: a rule ticks every so many minutes, with a phase of its own.
"""

import math

from cold_start_aws import EDGE_CONFIG
from virtual_edge import CALL_SECONDS, MOST_RESOURCES, Running, Stack

from kvs_edge import polling, reconciler
from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import Stream as NamedStream
from kvs_edge.decisions import Done, Fail
from kvs_edge.observed import Found, SyncStatus
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType

INVOKE_SECONDS = 0.05
PAUSE_SECONDS = 20.0
BUSY_RETRIES = 4
DELIVERS_FIRST = hasattr(polling, "BRIEF_STAY_SECONDS")
"""The build's first tick may deliver; builds before that took Tick, Decided? and Deliver for every request."""

REPEATS = hasattr(polling, "repeat_pause")
"""The build's tick repeats a throttled Start without a poll."""

KNOWS_TURNS = hasattr(polling, "has_turn")
"""The build's tick knows Lambda's refusals from turns."""

MOST_STAYING = 5
"""Edge configurations of a provider whose ticks stay [cdk_kvs_edge.provider]."""

if DELIVERS_FIRST:
    TICK_SECONDS, LONG_STAY, BRIEF_STAY = 360.0, polling.STAY_SECONDS, polling.BRIEF_STAY_SECONDS
else:
    TICK_SECONDS, LONG_STAY, BRIEF_STAY = 180.0, polling.FAST_POLL_SECONDS, 5.0


def _backoff(retries, account, chance):
    """Return the pause of the state machine's Retry after so many retries, as `cdk_kvs_edge.turns` sets it."""
    competing = 1.05 * account.announced if account.announced else min(account.streams, MOST_RESOURCES)
    spread = max(2.0, competing / 10)
    if REPEATS and 0 < retries < BUSY_RETRIES:
        return min(spread, MOST_RESOURCES / 10)
    if retries < BUSY_RETRIES:
        return spread * chance.random()
    return min(60.0 * 2 ** (retries - BUSY_RETRIES), 150.0) * chance.random()


class Quiet:
    """The log that a tick wants."""

    def polled(self, *_):
        """Say nothing."""

    call_failed = checked_stack = polled


class Ours:
    """One request on its way through the state machine."""

    def __init__(self, account, bill, stream, chance):
        self._account, self._bill, self._stream, self._chance = account, bill, stream, chance
        self._sleep = account.time.sleep
        self._stay = LONG_STAY if account.streams <= MOST_STAYING else BRIEF_STAY
        self._progress = Progress(status_since=bill.began)
        self._request = Request(
            RequestType.CREATE,
            NamedStream("stream"),
            EDGE_CONFIG,
            sent_at=math.floor(bill.began),
            received_at=bill.began,
        )

    def run(self):
        """Take the request to its answer."""
        # Lambda delivers an asynchronous event again, with pauses of its own.
        self._invoked(lambda _: self._sleep(CALL_SECONDS), longest=60.0)
        if not (DELIVERS_FIRST and self._first()):
            self._rounds()
        self._bill.answered = self._account.time.now

    def _first(self):
        retries = 0
        while True:
            outcome, refused = self._tick(transitions=1, delivers=True, retries=retries)
            if isinstance(outcome, Done | Fail):
                if isinstance(outcome, Fail):
                    self._bill.transitions += 1  # Deliver
                    self._deliver()
                return True
            if not self._progress.may_begin_anew:
                break
            retries += refused
            self._progress = Progress(status_since=self._bill.began)
            self._sleep(_backoff(retries if self._has_turn(retries) else 0, self._account, self._chance))
            retries += 1
        self._bill.transitions += 1  # Pause
        self._sleep(PAUSE_SECONDS)
        return False

    def _has_turn(self, retries):
        if not KNOWS_TURNS:
            return retries > 0
        return polling.has_turn(retries, self._account.time.now - self._request.received_at)

    def _rounds(self):
        while True:
            outcome, _ = self._tick(transitions=2)  # Tick and Decided?
            self._bill.transitions += 1  # Wait or Deliver
            if isinstance(outcome, Done | Fail):
                break
            self._sleep(math.ceil(outcome))
        self._deliver()

    def _deliver(self):
        self._invoked(lambda _: self._sleep(CALL_SECONDS))

    def _tick(self, transitions, delivers=False, retries=0):
        """Run a tick after so many retries of its state, to which Lambda's refusals add; return them, too."""
        self._bill.transitions += transitions
        refused = self._wait_for_place(30.0)
        retries += refused
        with Running(self._account, self._bill) as running:
            stay = self._stay if not retries else min(self._stay, BRIEF_STAY if DELIVERS_FIRST else 0)
            in_large_stack = delivers and stay <= BRIEF_STAY
            self._progress, outcome = reconciler.reconcile(
                self._request,
                self._progress,
                self._deps(
                    running,
                    stay,
                    yields=in_large_stack and not (self._has_turn(retries) and retries < BUSY_RETRIES),
                    repeats=in_large_stack and retries > 0,
                ),
            )
            if delivers and isinstance(outcome, Done):
                self._sleep(CALL_SECONDS)
        # Nothing else is wrong in this account: a failure that an offline hub does not explain is a loss.
        self._bill.lost |= isinstance(outcome, Fail) and not (self._stream.is_sent and self._stream.is_offline)
        return outcome, refused

    def _invoked(self, work, longest=30.0):
        self._wait_for_place(longest)
        with Running(self._account, self._bill) as running:
            work(running)

    def _wait_for_place(self, longest):
        self._sleep(INVOKE_SECONDS)
        refused = 0
        while self._account.lambdas >= self._account.places:
            refused += 1
            self._bill.transitions += longest <= 30.0  # each retry of a task is one
            self._sleep(max(0.1, min(2.0**refused, longest) * self._chance.random()))
        return refused

    def _deps(self, running, stay, yields, repeats):
        time = self._account.time
        return reconciler.Dependencies(
            client_for=lambda _: self._stream,
            stack=Stack(self._account, self._bill),
            now=time.time,
            sleep=time.sleep,
            remaining=lambda: TICK_SECONDS - (time.now - running.began),
            jitter=self._chance.random,
            log=Quiet(),
            stay=stay,
            **({"began": running.began, "yields": yields} if DELIVERS_FIRST else {}),
            **({"repeats": repeats} if REPEATS else {}),
        )


def ours(account, bill, stream, chance):
    """Our policy, with the seconds that a tick may stay as the construct sets them for a stack of this size."""
    Ours(account, bill, stream, chance).run()


def provider(interval, author_retries=False):
    """Return the policy of the CDK's Provider framework; its author may retry a throttled Start in the function."""

    def policy(account, bill, stream, chance):
        time = account.time
        with Running(account, bill, functions=2):
            bill.lost = not _start(stream, time, chance, tries=10 if author_retries else 1)
        while not (bill.lost or bill.answered):
            bill.transitions += 1  # each retry of a task is one
            with Running(account, bill, functions=2):
                over = _is_over(stream)
                time.sleep(2 * CALL_SECONDS)
            if over:
                bill.answered = time.now
            else:
                time.sleep(interval)

    return policy


def crhelper(interval):
    """Crhelper's own polling."""

    def policy(account, bill, stream, chance):
        time = account.time
        with Running(account, bill):
            bill.lost = not _start(stream, time, chance, tries=1)
        time.sleep(interval * chance.random())
        while not (bill.lost or bill.answered):
            began = time.now
            with Running(account, bill):
                over = _is_over(stream)
                time.sleep(CALL_SECONDS)
            if over:
                bill.answered = time.now
            else:
                time.sleep(began + interval - time.now)

    return policy


def _start(stream, time, chance, tries):
    for attempt in range(tries):
        try:
            stream.start(EDGE_CONFIG)
        except CallFailedError:
            if attempt + 1 < tries:
                time.sleep(chance.uniform(0, min(20, 2**attempt)))
        else:
            return True
    return False


def _is_over(stream):
    try:
        seen = stream.describe()
    except CallFailedError:
        return False
    return isinstance(seen, Found) and seen.status in {SyncStatus.IN_SYNC, SyncStatus.SYNC_FAILED}
