"""Calls to AWS: their limits, their patience and their sentences, in simulated time."""

import threading

import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from kvs_edge_gitops.aws.calls import THROTTLED_SECONDS, TRIES, Calls
from kvs_edge_gitops.aws.failures import failure
from kvs_edge_gitops.aws.limits import CALLS_A_SECOND, Limits
from kvs_edge_gitops.aws.parallel import WORKERS, parallel_map
from kvs_edge_gitops.errors import AwsError

ACTION, REGION = "kinesisvideo:DescribeEdgeConfiguration", "eu-west-1"


class Time:
    """A clock that advances only in sleep."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def calls(time):
    return Calls(time.clock, time.sleep)


def refused(code, status=400, message="the service's own\n words"):
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "DescribeEdgeConfiguration")


def failing(*errors):
    """Return a call that fails with each of the errors, and repeats the last outcome."""
    left = list(errors)

    def call():
        error = left.pop(0) if len(left) > 1 else left[0]
        call.made += 1
        if isinstance(error, Exception):
            raise error
        return error

    call.made = 0
    return call


@pytest.mark.parametrize("operation", [*CALLS_A_SECOND, "AnyOther"])
def test_an_operation_is_not_called_more_often_than_its_limit(time, operation):
    """In no second there are more calls than that, however fast they come."""
    limits, moments = Limits(time.clock, time.sleep), []
    for _ in range(600):
        limits.wait(operation)
        moments.append(time.now)
    rate = CALLS_A_SECOND.get(operation, 5)
    assert max(sum(start <= one < start + 1 for one in moments) for start in moments) <= rate + 1
    assert moments[-1] - moments[0] == pytest.approx(599 / rate)


def test_operations_do_not_wait_for_each_other(time):
    """Each has its own limit."""
    limits = Limits(time.clock, time.sleep)
    for operation in CALLS_A_SECOND:
        limits.wait(operation)
    assert time.now == 100.0


def test_the_limits_leave_room_in_those_of_the_account():
    """A deployment may be under way: 50 a second is all there is of two operations, 300 of the third."""
    of_account = {"DescribeEdgeConfiguration": 50, "ListEdgeAgentConfigurations": 50, "DescribeStream": 300}
    assert all(CALLS_A_SECOND[operation] < most for operation, most in of_account.items())
    assert set(CALLS_A_SECOND) == {*of_account, "GetTemplate"}, "CloudFormation publishes no limit"


def test_a_throttled_call_is_made_again_until_it_gets_through(calls, time):
    """With pauses that grow, each at least half as long as it may be."""
    call = failing(*[refused("ClientLimitExceededException")] * 4, "answer")
    assert calls.make(ACTION, REGION, call) == "answer"
    assert call.made == 5
    assert 0.5 * (0.5 + 1 + 2 + 4) <= time.now - 100.0 <= 7.5 + 5 / 40


@pytest.mark.parametrize(
    "code", ["ClientLimitExceededException", "ThrottlingException", "TooManyRequestsException", "Throttling"]
)
def test_throttling_without_end_has_an_end(calls, time, code):
    """After two minutes the sentence says what uses the limit up, perhaps."""
    with pytest.raises(AwsError, match=f"{ACTION} in {REGION} was throttled for 120 seconds; something else uses up"):
        calls.make(ACTION, REGION, failing(refused(code)))
    assert THROTTLED_SECONDS <= time.now - 100.0 <= THROTTLED_SECONDS + 16


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectionClosedError(endpoint_url="https://example.com"),
        exceptions.EndpointConnectionError(endpoint_url="https://example.com"),
        exceptions.ReadTimeoutError(endpoint_url="https://example.com"),
        exceptions.ConnectTimeoutError(endpoint_url="https://example.com"),
        refused("InternalFailure", 500),
        refused("ServiceUnavailable", 503),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_is_tried_a_few_times(calls, error):
    """The network and faults inside of AWS: a later try gets through, or the sentence comes after the last."""
    call = failing(error, "answer")
    assert calls.make(ACTION, REGION, call) == "answer"
    for_ever = failing(error)
    with pytest.raises(AwsError, match=r"AWS request failed: (no connection|kinesisvideo)"):
        calls.make(ACTION, REGION, for_ever)
    assert for_ever.made == TRIES


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "StreamEdgeConfigurationNotFoundException"])
def test_that_there_is_nothing_is_for_the_caller(calls, code):
    """It is an answer, made in one call."""
    call = failing(refused(code))
    with pytest.raises(ClientError):
        calls.make(ACTION, REGION, call)
    assert call.made == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refused("ExpiredTokenException", 403), "credentials have expired: log in again"),
        (refused("RequestExpired", 400), "credentials have expired"),
        (refused("UnrecognizedClientException", 403), "or the region eu-west-1 is not enabled"),
        (refused("InvalidClientTokenId", 403), "AWS does not know the credentials"),
        (refused("SignatureDoesNotMatch", 403), "secret access key does not belong to the key ID"),
        (refused("InvalidSignatureException", 403), "this machine's clock is wrong"),
        (
            refused("AccessDeniedException", 403),
            "AWS denied kinesisvideo:DescribeEdgeConfiguration in eu-west-1: the service's own words",
        ),
        (refused("NotAuthorizedException", 401), "allow that action for these credentials"),
        (
            refused("InvalidArgumentException", 400),
            "AWS request failed: kinesisvideo:DescribeEdgeConfiguration in eu-west-1",
        ),
        (refused("Odd", 400, ""), "no reason given"),
        (exceptions.NoCredentialsError(), "no AWS credentials found: set AWS_PROFILE"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="secret"), "are not complete"),
        (exceptions.CredentialRetrievalError(provider="x", error_msg="y"), "could not be retrieved"),
        (exceptions.UnauthorizedSSOTokenError(), "have expired: log in again"),
        (exceptions.SSOTokenLoadError(error_msg="none"), "you are not logged in"),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="none"), "have expired"),
        (exceptions.ProfileNotFound(profile="nobody"), "nobody.*aws configure list-profiles"),
        (exceptions.NoRegionError(), "no region given: pass --region"),
        (exceptions.InvalidRegionError(region_name="x y"), "an example of a region is eu-west-1"),
        (exceptions.ConfigParseError(path="config"), "correct that file"),
        (exceptions.SSLError(endpoint_url="u", error="e"), "TLS error.*AWS_CA_BUNDLE"),
        (exceptions.ProxyConnectionError(proxy_url="u"), "the proxy u does not answer: correct"),
        (exceptions.ConnectionClosedError(endpoint_url="u"), "the connection broke"),
        (
            ResponseParserError("not XML"),
            "the response to kinesisvideo:DescribeEdgeConfiguration in eu-west-1 is not from AWS",
        ),
        (exceptions.UnknownServiceError(service_name="x", known_service_names="y"), "Unknown service"),
    ],
    ids=lambda value: None if isinstance(value, Exception) else value,
)
def test_what_lasts_is_a_sentence_at_once(calls, error, sentence):
    """One line, which says what to do; nothing is tried again that stays as it is."""
    with pytest.raises(AwsError, match=sentence) as raised:
        calls.make(ACTION, REGION, failing(error))
    assert str(failure(error, ACTION, REGION)) == str(raised.value)
    assert "\n" not in str(raised.value)


def test_every_error_of_botocore_has_a_sentence():
    """Every error has a message and no traceback."""
    kinds = [kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, BotoCoreError)]
    assert len(kinds) > 50
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, "two\nlines.")
        assert str(failure(error, ACTION, REGION)).count("\n") == 0


def test_many_answers_come_in_the_order_of_their_questions():
    """Whichever of them is there first."""
    second_is_there = threading.Event()

    def ask(number):
        if number == 0:
            assert second_is_there.wait(10)
        else:
            second_is_there.set()
        return 10 * number

    assert list(parallel_map(ask, range(20))) == [10 * number for number in range(20)]
    assert list(parallel_map(ask, [])) == []


def test_the_first_error_ends_many_questions():
    """The rest are not asked."""
    asked = []

    def ask(number):
        asked.append(number)
        raise AwsError("denied")

    with pytest.raises(AwsError, match="denied"):
        list(parallel_map(ask, range(10_000)))
    assert len(asked) <= 2 * WORKERS


def test_whoever_stops_listening_ends_many_questions():
    """An interrupt in between leaves no thread at work."""
    asked, may_go_on = [], threading.Event()

    def ask(number):
        if number:
            may_go_on.wait(10)
        asked.append(number)
        return number

    answers = parallel_map(ask, range(10_000), workers=2)
    assert next(answers) == 0
    answers.close()
    may_go_on.set()
    for thread in threading.enumerate():
        if thread.daemon and thread.name.endswith("(work)"):
            thread.join(10)
    assert len(asked) <= 3


def test_one_limit_holds_for_all_threads(time):
    """All threads share the turns."""
    turns, lock = [], threading.Lock()

    def note(seconds):
        with lock:
            turns.append(round(seconds * 40))

    limits = Limits(lambda: 100.0, note)
    list(parallel_map(lambda _: limits.wait("DescribeEdgeConfiguration"), range(80)))
    assert sorted(turns) == list(range(1, 80))
