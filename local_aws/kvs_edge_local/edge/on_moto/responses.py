"""Requests of kinesisvideo's edge operations from moto, and their responses."""

import json
import socket
from typing import TYPE_CHECKING, Any, NoReturn, cast

from moto.core.responses import ActionResult, EmptyResult
from moto.kinesisvideo.responses import KinesisVideoResponse
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from kvs_edge_local.edge.errors import AnswerLost, EdgeServiceError
from kvs_edge_local.edge.history import DELETE, DESCRIBE, LIST, START
from kvs_edge_local.edge.model import error_status, operation_model
from kvs_edge_local.edge.streams import Caller
from kvs_edge_local.edge.validation import validate

if TYPE_CHECKING:
    from kvs_edge_local.edge.on_moto.backend import EdgeBackend

_UPDATE_DATA_RETENTION = "UpdateDataRetention"
ADDED_PATHS = tuple(
    operation_model(operation).http["requestUri"]
    for operation in (START, DESCRIBE, DELETE, LIST, _UPDATE_DATA_RETENTION)
)

Raw = tuple[str, dict[str, Any]]
"""Body and headers, including the HTTP status: moto's convention."""


class EdgeResponse(KinesisVideoResponse):
    """moto's kinesisvideo with the missing operations; moto finds each by its name in snake case."""

    def start_edge_configuration_update(self) -> ActionResult | Raw:
        """Answer POST /startEdgeConfigurationUpdate."""
        return self._edge(START)

    def describe_edge_configuration(self) -> ActionResult | Raw:
        """Answer POST /describeEdgeConfiguration."""
        return self._edge(DESCRIBE)

    def delete_edge_configuration(self) -> ActionResult | Raw:
        """Answer POST /deleteEdgeConfiguration."""
        return self._edge(DELETE)

    def list_edge_agent_configurations(self) -> ActionResult | Raw:
        """Answer POST /listEdgeAgentConfigurations."""
        return self._edge(LIST)

    def update_data_retention(self) -> ActionResult | Raw:
        """Answer POST /updateDataRetention."""
        request = self._request()
        try:
            validate(_UPDATE_DATA_RETENTION, request)
            self._backend.update_data_retention(
                request.get("StreamName"),
                request.get("StreamARN"),
                request["CurrentVersion"],
                request["Operation"],
                request["DataRetentionChangeInHours"],
            )
        except EdgeServiceError as error:
            return _refused(error)
        return EmptyResult()

    def _edge(self, operation: str) -> ActionResult | Raw:
        try:
            return ActionResult(self._backend.edge.call(operation, self._caller(), self._request()))
        except EdgeServiceError as error:
            return _refused(error)
        except AnswerLost as lost:
            self._drop_connection(lost)

    @property
    def _backend(self) -> "EdgeBackend":
        return cast("EdgeBackend", self.kinesisvideo_backend)

    def _request(self) -> dict[str, Any]:
        return dict(json.loads(self.body or "{}"))

    def _caller(self) -> Caller:
        sts = sts_backends[self.current_account][get_partition(self.region)]
        _, principal, _ = sts.get_caller_identity(self.access_key, self.region)
        return Caller(self.current_account, self.region, principal)

    def _drop_connection(self, lost: AnswerLost) -> NoReturn:
        # Without the socket (another WSGI server) the exception has to suffice.
        connection = self.normalized_request.environ.get("werkzeug.socket")
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError(str(lost)) from lost


def _refused(error: EdgeServiceError) -> Raw:
    status = error_status(error.code) or error.status
    headers = {"status": status, "Content-Type": "application/json", "x-amzn-ErrorType": error.code}
    return json.dumps({"Message": error.message}), headers
