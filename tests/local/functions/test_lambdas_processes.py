"""A forked worker is like one in a process of its own, and ends with the local AWS."""

import os
import signal
import threading

import pytest

from kvs_edge_local.lambdas.processes import CAN_FORK, Processes

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="workers are forked on Linux only")

ENVIRONMENT = """
import os
def handler(event, context):
    import gc, locale, logging, resource, signal, stat, sys, threading, time, warnings
    clock = {"time", "time_ns", "monotonic", "monotonic_ns", "sleep"}
    def kind(descriptor):
        try: return stat.S_IFMT(os.fstat(descriptor).st_mode)
        except OSError: return None
    return {
        "arguments": [os.path.basename(argument) for argument in sys.argv if argument != os.getcwd()],
        "main": [os.path.basename(sys.modules["__main__"].__file__), sys.modules["__main__"].__name__],
        "variables": sorted(os.environ),
        "settings": {name: os.environ[name] for name in ("LANG", "PATH", "TZ", "_HANDLER")},
        "import path": [os.path.basename(entry) for entry in sys.path[1:]],
        "first in the import path": sys.path[0] == os.getcwd() == os.environ["LAMBDA_TASK_ROOT"],
        "finders": sorted(getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path),
        "flags": repr(sys.flags),
        "session": os.getpid() == os.getsid(0) == os.getpgid(0),
        "umask": os.umask(0o22),
        "limits": [resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name[:7] == "RLIMIT_"],
        "descriptors": sorted(kind(each) for each in range(1024) if kind(each)),
        "streams": [
            [type(each).__name__, each.encoding, each.errors, each.line_buffering, each.isatty()]
            for each in (sys.__stdin__, sys.__stdout__, sys.__stderr__)
        ],
        "standard error is standard output": os.path.samestat(os.fstat(1), os.fstat(2)),
        "locale": locale.setlocale(locale.LC_ALL),
        "signals": {str(each): repr(signal.getsignal(each)) for each in signal.valid_signals()},
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "wake-up": signal.set_wakeup_fd(-1),
        "log": [logging.root.level, [type(each).__name__ for each in logging.root.handlers]],
        "threads": [threading.active_count(), threading.main_thread() is threading.current_thread()],
        "collector": [gc.isenabled(), gc.get_threshold(), gc.get_debug()],
        "warnings": sorted(map(repr, warnings.filters)),
        "limits of Python": [sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits()],
        "times that are real": sorted(
            f"{module}.{name}"
            for module, loaded in list(sys.modules.items())
            for name, value in list(getattr(loaded, "__dict__", {}).items())
            if type(value) is type(len) and value.__module__ == "time" and value.__name__ in clock
        ),
        "boto3": "boto3" in sys.modules,
    }
"""


@pytest.fixture
def own_processes():
    """Provide a fork server that a test may end."""
    processes = Processes()
    yield processes
    processes.close()


@pytest.mark.parametrize(
    ("imports", "changed_by_imports"),
    [("", {"finders", "warnings"}), ("import botocore.session, simplejson", set())],
    ids=["imports nothing", "imports botocore"],
)
def test_a_forked_process_is_like_one_of_its_own(make_aws, processes, imports, changed_by_imports):
    """They differ in the modules that are loaded, and in the seed of string hashes, which a server's workers share.

    With botocore come finders of six and a filter of warnings.
    """
    new = Processes(fork=False)
    seen = []
    for each in (new, processes):
        aws = make_aws(processes=each)
        found = aws.lambdas.invoke(aws.function(f"{imports}{ENVIRONMENT}"), {}).value
        seen.append({name: value for name, value in found.items() if name not in changed_by_imports})
        aws.stop()
    new.close()
    own, forked = seen
    assert forked == own
    assert forked["session"]
    assert forked["times that are real"] == []


def test_forked_processes_draw_other_random_numbers(aws):
    draw = "import random\nfirst = random.random()\ndef handler(event, context): return first"
    first, second = (aws.lambdas.invoke(aws.function(draw, name), {}).value for name in ("a", "b"))
    assert first != second


def test_an_optional_package_in_the_zip_is_used_although_the_runtime_has_none(aws):
    """Where certifi is, botocore takes the certificate authorities of that package."""
    code = aws.zipped(
        "from botocore.httpsession import where\ndef handler(event, context): return where()",
        certifi="def where(): return 'the authorities of the zip'",
    )
    value = aws.lambdas.invoke(aws.function("", Code={"ZipFile": code}), {}).value
    assert value == "the authorities of the zip"


def test_a_module_of_the_standard_library_in_the_zip_is_used(aws):
    code = aws.zipped("import queue\ndef handler(event, context): return queue.OURS", queue="OURS = True")
    assert aws.lambdas.invoke(aws.function("", Code={"ZipFile": code}), {}).value is True


def test_a_variable_that_botocore_reads_while_it_is_imported_is_read(aws):
    arn = aws.function(
        "from botocore.loaders import Loader\ndef handler(event, context): return Loader.CUSTOMER_DATA_PATH",
        Environment={"Variables": {"HOME": "/var/function"}},
    )
    assert aws.lambdas.invoke(arn, {}).value == "/var/function/.aws/models"


def test_the_workers_end_with_the_server(make_aws, own_processes):
    aws = make_aws(processes=own_processes)
    process = aws.lambdas.invoke(aws.function("import os\ndef handler(event, context): return os.getpid()"), {}).value
    own_processes.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_events_fail_when_their_server_is_killed_and_the_next_starts_another(make_aws, own_processes):
    aws = make_aws(processes=own_processes)
    stay = aws.function("import time\ndef handler(event, context): time.sleep(event['seconds'])", Timeout=90)
    parent = aws.function("import os\ndef handler(event, context): return os.getppid()", "parent")
    results = []
    running = threading.Thread(target=lambda: results.append(aws.lambdas.invoke(stay, {"seconds": 60})))
    running.start()
    aws.until(aws.lambdas.received_events)
    server = aws.lambdas.invoke(parent, {}).value

    os.kill(server, signal.SIGKILL)
    running.join()

    assert results[0].value["errorType"] == "Runtime.ExitError"
    assert aws.lambdas.invoke(stay, {"seconds": 0}).function_error is None
    assert aws.lambdas.invoke(parent, {}).value != server


def test_a_server_that_cannot_start_says_why(make_aws, own_processes, monkeypatch):
    monkeypatch.setattr("kvs_edge_local.lambdas.processes.link_packages", lambda folder: folder.mkdir())
    bare = Processes()
    aws = make_aws(processes=bare)
    arn = aws.function("def handler(event, context): pass")
    with pytest.raises(RuntimeError, match="No module named 'botocore'"):
        aws.lambdas.invoke(arn, {})
    bare.close()
