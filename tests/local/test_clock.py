"""The clock: scaled while everything waits, real while something computes."""

import threading
from queue import SimpleQueue

import pytest

from kvs_edge_local import clock as clock_module
from kvs_edge_local.clock import FILE_VARIABLE, LONGEST_STEP_SECONDS, SCALE_VARIABLE, Clock
from kvs_edge_local.lambdas.worker_main import read_clock

ORIGIN = 1_000_000.0
SCALE = 100.0


class RealTime:
    """Real seconds since the epoch, which pass when a test says so or something sleeps."""

    def __init__(self):
        self.seconds = ORIGIN

    def time(self):
        return self.seconds

    def sleep(self, seconds):
        self.seconds += seconds


@pytest.fixture
def real(monkeypatch):
    real = RealTime()
    monkeypatch.setattr(clock_module, "time", real)
    monkeypatch.setattr(clock_module, "_CORES", 2)
    return real


@pytest.fixture
def clock(real):
    return Clock(SCALE)


class Heart:
    """Thread of a clock's heartbeat, which beats when a test says so."""

    def __init__(self):
        self.stopped = False

    def __call__(self, target, args, **_):
        self._beat, (self._event,) = target, args
        return self

    def start(self):
        pass

    def join(self):
        self.stopped = self._event.is_set()

    def beat(self):
        waits = iter([False, True])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self._event, "wait", lambda _: next(waits))
            self._beat(self._event)


@pytest.fixture
def heart(monkeypatch):
    heart = Heart()
    monkeypatch.setattr(clock_module.threading, "Thread", heart)
    return heart


def test_time_passes_at_the_scale_while_nothing_computes(real, clock):
    real.seconds += 2
    assert clock.now() == ORIGIN + 200


def test_time_is_real_during_a_computation_and_scaled_again_after_it(real, clock):
    with clock.computing():
        real.seconds += 2
        assert clock.now() == ORIGIN + 2
    real.seconds += 1
    assert clock.now() == ORIGIN + 2 + SCALE


def test_the_last_of_several_computations_releases_the_clock(real, clock):
    with clock.computing():
        with clock.computing():
            real.seconds += 1
        real.seconds += 1
    real.seconds += 1
    assert clock.now() == ORIGIN + 2 + SCALE


def test_computations_that_share_a_core_take_their_share_of_the_time(real, clock):
    """Four functions on two cores take twice as long as on AWS, so half of the time passes."""
    with clock.computing(), clock.computing(), clock.computing(), clock.computing() as fourth:
        real.seconds += 2
        assert clock.now() == ORIGIN + 1
        fourth.pause()
        real.seconds += 3
        assert clock.now() == ORIGIN + 3
    real_time = Clock(1)
    with real_time.computing(), real_time.computing(), real_time.computing():
        began = real_time.now()
        real.seconds += 3
        assert real_time.now() == began + 3


def test_a_paused_computation_lets_time_pass_at_the_scale(real, clock):
    with clock.computing() as computation:
        computation.pause()
        computation.pause()
        real.seconds += 1
        computation.resume()
        real.seconds += 1
    assert clock.now() == ORIGIN + SCALE + 1


def test_a_computation_that_has_ended_is_not_resumed(real, clock):
    with clock.computing() as computation:
        pass
    computation.resume()
    real.seconds += 1
    assert clock.now() == ORIGIN + SCALE


def test_a_clock_slower_than_real_time_is_not_sped_up_by_a_computation(real):
    clock = Clock(0.5)
    with clock.computing():
        real.seconds += 2
    assert clock.now() == ORIGIN + 1


def test_a_sleep_lasts_its_scaled_seconds_across_a_computation(real, clock):
    with clock.computing():
        clock.sleep(3)
    assert ORIGIN + 3 <= clock.now() < ORIGIN + 3.1


def test_a_wait_ends_with_its_event_or_its_time(real, clock):
    event = threading.Event()
    assert not clock.wait_with(real.sleep, 60)
    assert clock.now() == pytest.approx(ORIGIN + 60)
    event.set()
    assert clock.wait(event, 60)
    assert clock.now() == pytest.approx(ORIGIN + 60)


def test_an_item_in_a_queue_is_returned_at_once():
    queue = SimpleQueue()
    queue.put("item")
    assert Clock(SCALE).get(queue, 0) == "item"
    assert Clock(1e6).get(queue, 1) is None


def test_a_process_reads_the_clock_from_its_file(real, clock):
    environment = clock.environment()
    now = read_clock(environment[FILE_VARIABLE], real.time)
    real.seconds += 1
    assert now() == clock.now() == ORIGIN + SCALE
    with clock.computing():
        real.seconds += 1
        assert now() == clock.now() == ORIGIN + SCALE + 1
    assert float(environment[SCALE_VARIABLE]) == SCALE


def test_a_process_that_stands_still_lets_little_time_pass(real, clock, heart):
    """A stop of two seconds, or two hundred: the clock advances by the longest step, in a worker as well."""
    now = read_clock(clock.environment()[FILE_VARIABLE], real.time)
    with clock.beating():
        for stopped in (2, 200):
            before = clock.now()
            real.seconds += stopped
            assert now() == clock.now() == pytest.approx(before + LONGEST_STEP_SECONDS * SCALE)
            heart.beat()
            real.seconds += 0.05
            assert now() == clock.now() == pytest.approx(before + (LONGEST_STEP_SECONDS + 0.05) * SCALE)
            heart.beat()


def test_heartbeats_in_time_lose_nothing(real, clock, heart):
    with clock.beating():
        for _ in range(1000):
            real.seconds += 0.09
            heart.beat()
        assert clock.now() == pytest.approx(ORIGIN + 90 * SCALE)


def test_a_long_computation_is_no_stop(real, clock, heart):
    """The clock is at real time meanwhile, and a computation may take minutes."""
    with clock.beating(), clock.computing():
        real.seconds += 200
        heart.beat()
        real.seconds += 200
        assert clock.now() == ORIGIN + 400


def test_a_clock_at_real_time_does_not_pause(real):
    """It is the machine's own."""
    clock = Clock(1)
    with clock.beating():
        real.seconds += 200
        assert clock.now() == ORIGIN + 200


def test_a_clock_whose_heart_has_stopped_runs_on(real, clock, heart):
    with clock.beating():
        pass
    assert heart.stopped
    real.seconds += 2
    assert clock.now() == ORIGIN + 2 * SCALE


def test_a_heart_beats_until_it_is_stopped():
    """In a thread of its own, in real time."""
    clock = Clock(SCALE)
    with clock.beating():
        began = clock.now()
        clock.sleep(2 * LONGEST_STEP_SECONDS * SCALE)
        assert clock.now() >= began + 2 * LONGEST_STEP_SECONDS * SCALE
    assert "clock" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("scale", [0, -1.0])
def test_a_scale_that_is_not_over_zero_is_refused(scale):
    with pytest.raises(ValueError, match=f"time scale {scale}"):
        Clock(scale)
