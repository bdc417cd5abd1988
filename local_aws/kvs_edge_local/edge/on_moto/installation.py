"""Installation of the edge service in moto, and its removal."""

from moto.kinesisvideo.models import KinesisVideoBackend, kinesisvideo_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.edge.on_moto.backend import EdgeBackend, MotoStreams
from kvs_edge_local.edge.service import LocalEdgeService, Settings
from kvs_edge_local.moto_cloudformation import parsing


def install(clock: Clock, settings: Settings | None = None) -> LocalEdgeService:
    """Make moto's kinesisvideo serve the edge operations, from this service, on this clock.

    Call this before a moto server takes its first request for kinesisvideo, because the server keeps the URL map of
    that time. Existing streams are dropped. Another installation replaces the service.
    """
    EdgeBackend.edge = LocalEdgeService(clock, MotoStreams(), settings)
    _use(EdgeBackend)
    # moto caches the resource types that it knows, possibly from before the import of ours.
    for known in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        known.cache_clear()
    return EdgeBackend.edge


def uninstall() -> None:
    """Restore moto's own kinesisvideo, with no streams."""
    _use(KinesisVideoBackend)


def _use(backend: type[KinesisVideoBackend]) -> None:
    kinesisvideo_backends.backend = backend
    kinesisvideo_backends.clear()
