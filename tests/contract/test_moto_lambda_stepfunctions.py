"""The private parts of moto and of AWS's runtime client that Lambdas and state machines here stand on."""

import ast
import importlib.metadata
import importlib.util
import re
from pathlib import Path

import moto.stepfunctions.parser
import pytest
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.awslambda.utils import get_backend as get_lambda_backend
from moto.cloudformation.parsing import get_model_map, resource_class_from_type
from moto.iam.models import get_account_id_from
from moto.logs import models as logs_models
from moto.stepfunctions.models import StateMachine, stepfunctions_backends
from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends
from moto.sts.models import sts_backends

from kvs_edge_local.assumed_roles import assume_role
from kvs_edge_local.lambdas.runtime_packages import DISTRIBUTIONS
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.stepfunctions.role_clients import CALLERS

INTERPRETER = Path(next(iter(moto.stepfunctions.parser.__path__)))
_ASL = "asl.component"
_TASK = f"{_ASL}.state.exec.state_task.service"

# Modules of the interpreter that read time, sleep or wait with a limit; all are put on the scaled clock.
SCALED = {
    f"{_ASL}.common.retry.retrier_decl",
    f"{_ASL}.program.program",
    f"{_ASL}.state.exec.execute_state",
    f"{_TASK}.state_task_service_callback",
    f"{_ASL}.state.state",
    f"{_ASL}.state.wait.wait_function.timestamp",
    f"{_ASL}.state.wait.wait_function.wait_function",
    "asl.eval.callback.callback",
    "asl.eval.environment",
    "asl.eval.event.event_manager",
    "backend.execution",
}
# Modules that import them as well, and are in no execution's way.
REAL = {
    # Map and Parallel wait for their branches without a limit; a distributed Map's run has a date.
    f"{_ASL}.state.exec.state_map.iteration.inline_iteration_component",
    f"{_ASL}.state.exec.state_map.iteration.itemprocessor.map_run_record",
    f"{_ASL}.state.exec.state_map.iteration.job",
    f"{_ASL}.state.exec.state_parallel.branch_worker",
    f"{_ASL}.state.exec.state_parallel.branches_decl",
    "asl.eval.count_down_latch",
    # Timestamps are parsed, types named.
    f"{_ASL}.state.choice.comparison.operator.implementations.is_operator",
    "api",
    "asl.eval.event.logging",
    "asl.utils.encoding",
    # A thread that nobody joins.
    "backend.execution_worker",
    # The start of an execution is ours.
    "models",
    # Creation dates, TestState, and a provider that moto ships and does not use.
    f"{_ASL}.test_state.program.test_state_program",
    "backend.activity",
    "backend.alias",
    "backend.state_machine",
    "backend.test_state.execution",
    "provider",
}


_TIME = re.compile(r"\b(time|threading|datetime)\b")


def _knows_time(path):
    """Return whether a module imports one of the modules of `_TIME`; only one that has such a word is parsed."""
    text = path.read_text()
    return bool(_TIME.search(text)) and any(map(_TIME.fullmatch, _imports(text)))


def _imports(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def _interpreter_modules():
    for path in sorted(INTERPRETER.rglob("*.py")):
        yield ".".join(path.relative_to(INTERPRETER).with_suffix("").parts), path


def test_every_module_of_the_interpreter_that_knows_time_is_accounted_for():
    """A new one would wait in real time, and a test of fifteen minutes would take them."""
    found = {name for name, path in _interpreter_modules() if _knows_time(path)}
    assert found == SCALED | REAL


def test_every_module_of_the_interpreter_that_makes_clients_is_accounted_for():
    """A new one would call with made-up credentials, past the state machine's role."""
    importing = re.compile(r"^from .*import boto_client_for", re.MULTILINE)
    found = {
        f"moto.stepfunctions.parser.{name}"
        for name, path in _interpreter_modules()
        if importing.search(path.read_text())
    }
    assert found == set(CALLERS)


@pytest.mark.parametrize(
    ("backends", "backend"),
    [
        (lambda_backends, LambdaBackend),
        (stepfunctions_backends, stepfunctions_backends.backend),
        (stepfunctions_parser_backends, StepFunctionsParserBackend),
    ],
)
def test_moto_makes_backends_late_and_of_the_class_that_the_table_names(backends, backend):
    own = type("OwnBackend", (backend,), {"__module__": backend.__module__})
    backends.clear()
    replacements = Patches()
    replacements.attribute(backends, "backend", own)
    replacements.on_undo(backends.clear)
    try:
        assert type(backends["111122223333"]["eu-west-1"]) is own
    finally:
        replacements.undo()
    assert type(backends["111122223333"]["eu-west-1"]) is backend
    backends.clear()


def test_lambdas_api_asks_the_table_whose_backend_is_replaced():
    assert get_lambda_backend("111122223333", "eu-west-1") is lambda_backends["111122223333"]["eu-west-1"]


@pytest.mark.parametrize("model", [LambdaFunction, StateMachine])
def test_templates_find_their_models_in_the_one_map(model):
    own = type("Own", (model,), {"__module__": "kvs_edge_local.contract"})
    replacements = Patches()
    replacements.item(get_model_map(), model.cloudformation_type(), own)
    try:
        assert resource_class_from_type(model.cloudformation_type()) is own
    finally:
        replacements.undo()
    assert resource_class_from_type(model.cloudformation_type()) is model


def test_sts_knows_the_role_behind_the_credentials():
    role = "arn:aws:iam::111122223333:role/path/tick"
    credentials = assume_role(role, "tick", "eu-west-1")
    assumed = sts_backends["111122223333"]["aws"].get_assumed_role_from_access_key(credentials.access_key_id)
    assert assumed.role_arn == role
    assert get_account_id_from(credentials.access_key_id) == "111122223333"


def test_a_part_that_moto_no_longer_has_is_named():
    with pytest.raises(AttributeError, match="no_such_part"):
        Patches().attribute(LambdaFunction, "no_such_part", None)


def test_static_methods_are_put_back_as_static_methods():
    class Owner:
        @staticmethod
        def part():
            return "moto's"

    replacements = Patches()
    replacements.attribute(Owner, "part", staticmethod(lambda: "ours"))
    assert Owner().part() == "ours"
    replacements.undo()
    assert Owner().part() == "moto's"


def test_the_runtime_clients_native_part_is_installed():
    """Without it awslambdaric has no way to fetch an event; there are wheels for Linux only."""
    assert importlib.util.find_spec("runtime_client") is not None


def test_the_runtimes_packages_are_complete():
    """Their requirements are included, because a worker sees nothing else."""
    normalized = {name.lower().replace("_", "-") for name in DISTRIBUTIONS}
    for name in DISTRIBUTIONS:
        requirements = importlib.metadata.requires(name) or []
        needed = {
            re.split(r"[^\w.-]", entry)[0].lower().replace("_", "-")
            for entry in requirements
            if "extra ==" not in entry
        }
        assert needed <= normalized, name


def test_cloudwatch_logs_asks_one_function_for_the_time():
    """It is replaced by the scaled clock's: `kvs_edge_local.lambdas.cloudwatch.scale_logs`."""
    source = Path(logs_models.__file__).read_text(encoding="utf-8")

    assert "newest = int(unix_time_millis(utcnow() + timedelta(hours=2)))" in source
    assert "time.time()" not in source
    assert "datetime.now(" not in source
