"""Requests of UpdateDataRetention from moto, and their responses."""

import json
from typing import TYPE_CHECKING, Any, cast

from moto.core.responses import ActionResult, EmptyResult
from moto.kinesisvideo.responses import KinesisVideoResponse

from kvs_edge_local.edge.errors import EdgeServiceError
from kvs_edge_local.edge.model import error_status, operation_model
from kvs_edge_local.edge.validation import validate

if TYPE_CHECKING:
    from kvs_edge_local.edge.on_moto.backend import EdgeBackend

_UPDATE_DATA_RETENTION = "UpdateDataRetention"
ADDED_PATH = operation_model(_UPDATE_DATA_RETENTION).http["requestUri"]

Raw = tuple[str, dict[str, Any]]
"""Body and headers, including the HTTP status: moto's convention."""


class StreamResponse(KinesisVideoResponse):
    """moto's kinesisvideo with the missing operation; moto finds it by its name in snake case."""

    def update_data_retention(self) -> ActionResult | Raw:
        """Answer POST /updateDataRetention."""
        request = dict(json.loads(self.body or "{}"))
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

    @property
    def _backend(self) -> "EdgeBackend":
        return cast("EdgeBackend", self.kinesisvideo_backend)


def _refused(error: EdgeServiceError) -> Raw:
    status = error_status(error.code) or error.status
    headers = {"status": status, "Content-Type": "application/json", "x-amzn-ErrorType": error.code}
    return json.dumps({"Message": error.message}), headers
