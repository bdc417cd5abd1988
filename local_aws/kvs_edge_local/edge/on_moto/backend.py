"""moto's kinesisvideo backend, with what its streams lack: creation time, retention, own ARNs."""

from types import ModuleType
from typing import Any, ClassVar, cast

from moto.kinesisvideo.exceptions import ResourceInUseException, ResourceNotFoundException
from moto.kinesisvideo.models import KinesisVideoBackend, kinesisvideo_backends
from moto.kinesisvideo.models import Stream as MotoStream

from kvs_edge_local.edge import errors
from kvs_edge_local.edge.on_moto import urls
from kvs_edge_local.edge.on_moto.cloudformation import Stream
from kvs_edge_local.edge.service import LocalEdgeService
from kvs_edge_local.edge.streams import Caller, StreamInfo

_DECREASE = "DECREASE_DATA_RETENTION"


class EdgeBackend(KinesisVideoBackend):
    """Streams of one account and region. Like moto's backends, it shares one service per process."""

    edge: ClassVar[LocalEdgeService]

    @property
    def _url_module(self) -> ModuleType:
        return urls

    def reset(self) -> None:
        """Reset the streams and the edge service."""
        super().reset()
        type(self).edge.reset()

    def create_stream(  # noqa: PLR0917 - the signature is moto's
        self,
        device_name: str | None,
        stream_name: str,
        media_type: str | None,
        kms_key_id: str | None,
        data_retention_in_hours: int | None,
        tags: dict[str, str] | None,
    ) -> str:
        """Create a stream as moto does, but CREATING for a while and with its own ARN."""
        if any(stream.stream_name == stream_name for stream in self._known()):
            raise ResourceInUseException(f"The stream {stream_name} already exists.")
        stream = Stream(
            self.account_id,
            self.region_name,
            device_name=device_name,
            stream_name=stream_name,
            media_type=media_type,
            kms_key_id=kms_key_id,
            data_retention_in_hours=data_retention_in_hours or 0,
            tags=tags or {},
            created=self.edge.clock.now(),
            active_after=self.edge.settings.stream_creation_seconds,
        )
        self.streams[stream.arn] = stream
        return str(stream.arn)

    def _get_stream(self, stream_name: str | None, stream_arn: str | None) -> Stream:
        for stream in self._known():
            if (stream_name and stream.stream_name == stream_name) or (not stream_name and stream.arn == stream_arn):
                return self.settled(stream)
        raise ResourceNotFoundException

    def _known(self) -> list[MotoStream]:
        """Return the streams as they are now: requests in parallel create and delete others."""
        return list(self.streams.values())

    def list_streams(self) -> list[dict[str, Any]]:
        """Return the streams in their current state."""
        return [self.settled(stream).to_dict() for stream in self._known()]

    @classmethod
    def settled(cls, stream: MotoStream) -> Stream:
        """Return a stream with its current status."""
        ours = cast(Stream, stream)
        ours.settle(cls.edge.clock.now())
        return ours

    def delete_stream(self, stream_arn: str) -> None:
        """Delete a stream and tell the edge service."""
        super().delete_stream(stream_arn)
        self.edge.stream_deleted(stream_arn)

    def update_data_retention(
        self, stream_name: str | None, stream_arn: str | None, version: str, operation: str, hours: int
    ) -> None:
        """Implement UpdateDataRetention, which moto lacks."""
        stream = self._get_stream(stream_name, stream_arn)
        if stream.version != version:
            raise errors.EdgeServiceError(
                "VersionMismatchException",
                f"The stream {stream.stream_name} has the version {stream.version}, not {version}.",
            )
        change = -hours if operation == _DECREASE else hours
        if stream.data_retention_in_hours + change < 0:
            raise errors.invalid_argument(
                f"The stream {stream.stream_name} retains data for {stream.data_retention_in_hours} hours; "
                f"that cannot be decreased by {hours}."
            )
        stream.set_data_retention(stream.data_retention_in_hours + change)


class MotoStreams:
    """Lookup of streams in moto's backends."""

    def find(self, caller: Caller, name: str | None, arn: str | None) -> StreamInfo | None:
        """Return the stream of that name or ARN in the caller's account and region, or None."""
        backend = kinesisvideo_backends[caller.account][caller.region]
        for known in list(backend.streams.values()):
            if name == known.stream_name or arn == known.arn:
                stream = EdgeBackend.settled(known)
                return StreamInfo(stream.stream_name, stream.arn, stream.status, stream.data_retention_in_hours)
        return None
