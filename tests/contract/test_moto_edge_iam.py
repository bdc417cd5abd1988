"""Private parts of moto that `edge` and `iam` stand on. One that fails tells what to look at after an upgrade."""

import inspect
import json

import moto
import pytest
from moto.cloudformation import parsing
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.core.common_models import CloudFormationModel
from moto.core.responses import BaseResponse
from moto.iam.models import IAMBackend, get_account_id_from, iam_backends
from moto.kinesisvideo import urls
from moto.kinesisvideo.exceptions import ResourceNotFoundException
from moto.kinesisvideo.models import KinesisVideoBackend, kinesisvideo_backends
from moto.kinesisvideo.models import Stream as MotoStream
from moto.kinesisvideo.responses import KinesisVideoResponse
from moto.sts.models import sts_backends

from kvs_edge_local import edge
from kvs_edge_local.assumed_roles import role_session
from kvs_edge_local.clock import Clock
from kvs_edge_local.edge.on_moto.backend import EdgeBackend
from kvs_edge_local.edge.on_moto.cloudformation import Stream
from kvs_edge_local.edge.on_moto.edge_api import OPERATIONS
from kvs_edge_local.edge.on_moto.responses import ADDED_PATH
from kvs_edge_local.moto_requests import account_of

ACCOUNT, REGION = "123456789012", "eu-central-1"
ADDED_PATHS = {ADDED_PATH, *OPERATIONS}
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/tick-role"


@pytest.fixture
def service():
    yield edge.install(Clock())
    edge.uninstall()


@pytest.fixture
def iam():
    BackendDict.reset()
    yield iam_backends[ACCOUNT]["aws"]
    BackendDict.reset()


@pytest.fixture
def role(iam):
    return iam.create_role(
        role_name="tick-role",
        assume_role_policy_document="{}",
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )


def test_the_version_is_the_one_that_was_read():
    assert moto.__version__ == "5.2.5"


def test_moto_still_lacks_what_is_added():
    """Once moto has them, its own should be looked at before ours shadow them."""
    assert not {f"{{0}}{path}$" for path in ADDED_PATHS} & urls.url_paths.keys()
    assert not issubclass(MotoStream, CloudFormationModel)
    assert not hasattr(KinesisVideoBackend, "update_data_retention")


def test_a_backend_dict_makes_its_backends_from_the_class_that_it_holds(service):
    assert kinesisvideo_backends.backend is EdgeBackend
    assert isinstance(kinesisvideo_backends[ACCOUNT][REGION], EdgeBackend)
    assert "self.backend(region_name" in inspect.getsource(AccountSpecificBackend.__getitem__)


def test_a_backend_takes_its_urls_from_its_url_module(service):
    assert isinstance(inspect.getattr_static(BaseBackend, "_url_module"), property)
    paths = kinesisvideo_backends[ACCOUNT][REGION].flask_paths
    assert {path.rstrip("$") for path in paths} >= ADDED_PATHS
    assert len(paths) == len(urls.url_paths) + len(ADDED_PATHS)


def test_uninstalling_leaves_moto_as_it_was():
    edge.install(Clock())
    edge.uninstall()
    backend = kinesisvideo_backends[ACCOUNT][REGION]
    assert type(backend) is KinesisVideoBackend
    assert len(backend.flask_paths) == len(urls.url_paths)


def test_a_reset_of_moto_resets_the_edge_service(service):
    assert kinesisvideo_backends[ACCOUNT][REGION].streams == {}
    service.set_hub("hub-1", edge.Offline())
    BackendDict.reset()
    assert service.hubs() == {}


def test_a_stream_of_moto_has_the_attributes_that_are_read_and_set(service):
    backend = kinesisvideo_backends[ACCOUNT][REGION]
    backend.create_stream("door", "cam-1", "video/h264", "alias/video", 24, {"site": "north"})
    (stream,) = backend.streams.values()
    assert {"stream_name", "arn", "status", "data_retention_in_hours", "version", "tags"} <= vars(stream).keys()
    assert backend.describe_stream("cam-1", "") == stream.to_dict()


def test_streams_may_be_created_while_a_request_looks_for_one(service):
    """Moto's server answers requests in parallel, and its backend has no lock."""
    backend = kinesisvideo_backends[ACCOUNT][REGION]

    class _InParallel(Stream):
        @property
        def stream_name(self):
            backend.streams[f"arn-{len(backend.streams)}"] = self
            return "other"

        @stream_name.setter
        def stream_name(self, name):
            pass

    facts = {"device_name": None, "media_type": None, "kms_key_id": None, "data_retention_in_hours": 1, "tags": {}}
    backend.streams["arn-0"] = _InParallel(ACCOUNT, REGION, stream_name="", created=0, active_after=0, **facts)
    backend.create_stream(None, "cam-1", None, None, 24, {})
    assert backend.describe_stream("cam-1", "")["StreamName"] == "cam-1"
    assert "cam-1" in {stream["StreamName"] for stream in backend.list_streams()}
    with pytest.raises(ResourceNotFoundException):
        backend.describe_stream("cam-2", "")


def test_the_overridden_operations_still_have_motos_parameters():
    for operation in ("create_stream", "list_streams", "delete_stream", "_get_stream"):
        ours, motos = getattr(EdgeBackend, operation), getattr(KinesisVideoBackend, operation)
        assert inspect.signature(ours).parameters.keys() == inspect.signature(motos).parameters.keys()


def test_cloudformation_lists_the_direct_subclasses_of_its_model_and_caches_them(service):
    assert "CloudFormationModel.__subclasses__()" in inspect.getsource(parsing.get_model_list)
    assert Stream in parsing.get_model_list()
    for known in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        assert callable(known.cache_clear)
    assert parsing.get_name_type_map()["AWS::KinesisVideo::Stream"] == "Name"


def test_a_model_has_every_method_that_cloudformation_calls(service):
    methods = {name for name, member in vars(CloudFormationModel).items() if hasattr(member, "__func__")}
    assert methods | {"is_created"} <= vars(Stream).keys()


def test_a_response_has_what_the_added_operation_reads():
    assert "self.body:" in inspect.getsource(BaseResponse.setup_class)
    assert isinstance(inspect.getattr_static(KinesisVideoResponse, "kinesisvideo_backend"), property)


def test_a_role_holds_its_policies_and_its_boundary(iam, role):
    statement = {"Effect": "Allow", "Action": "kinesisvideo:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    managed = iam.create_policy(description="", path="/", policy_document=document, policy_name="look", tags=[])
    iam.put_role_policy("tick-role", "inline", document)
    iam.attach_role_policy(managed.arn, "tick-role")
    iam.put_role_permissions_boundary("tick-role", managed.arn)
    assert role.policies == {"inline": document}
    assert list(role.managed_policies) == [managed.arn]
    assert role.permissions_boundary_arn == managed.arn
    assert iam.roles[role.id] is role
    (version,) = [each for each in iam.managed_policies[managed.arn].versions if each.is_default]
    assert version.document == document


def test_the_account_of_a_key_is_the_one_that_moto_finds(iam, role):
    other = "444455556666"
    arn = f"arn:aws:iam::{other}:role/other"
    keys = [
        sts_backends[ACCOUNT]["aws"].assume_role(REGION, "tick", arn, "", 900, "").access_key_id
        for arn in (ROLE_ARN, arn)
    ]
    assert [account_of(key) for key in (*keys, "local")] == [ACCOUNT, other, ACCOUNT]
    assert [get_account_id_from(key) for key in (*keys, "local")] == [ACCOUNT, other, ACCOUNT]


def test_moto_looks_the_account_up_by_the_name_that_is_replaced():
    assert "from moto.iam.models import get_account_id_from" in inspect.getsource(BaseResponse.get_current_account)


def test_a_session_is_found_by_its_access_key_and_knows_its_role(iam, role):
    assert role_session("ASIAIOSFODNN7EXAMPLE") is None
    session = sts_backends[ACCOUNT]["aws"].assume_role(
        region_name=REGION,
        role_session_name="tick",
        role_arn=ROLE_ARN,
        policy="",
        duration=900,
        external_id="",
    )
    assert session in sts_backends[ACCOUNT]["aws"].assumed_roles
    assert role_session(session.access_key_id) is session
    assert session.access_key_id.startswith("ASIA")
    assert (session.role_arn, session.account_id, session.partition) == (ROLE_ARN, ACCOUNT, "aws")
    assert session.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/tick-role/tick"
    assert isinstance(iam, IAMBackend)
    BackendDict.reset()
    assert role_session(session.access_key_id) is None
