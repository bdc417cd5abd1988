"""Putting the edge service into moto, and taking it out again."""

from moto.cloudformation import parsing
from moto.kinesisvideo.models import KinesisVideoBackend, kinesisvideo_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.edge.on_moto.backend import EdgeBackend, MotoStreams
from kvs_edge_local.edge.service import LocalEdgeService, Settings


def install(clock: Clock, settings: Settings | None = None) -> LocalEdgeService:
    """Make moto's kinesisvideo serve the edge operations, from this service, on this clock.

    To be called before a moto server takes its first request for kinesisvideo, since it keeps the URL map of
    that moment. Streams that moto had are forgotten. Installing again replaces the service.
    """
    EdgeBackend.edge = LocalEdgeService(clock, MotoStreams(), settings)
    _use(EdgeBackend)
    # moto remembers which resource types it knows; it may have looked before ours was imported.
    for known in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        known.cache_clear()
    return EdgeBackend.edge


def uninstall() -> None:
    """Give moto its own kinesisvideo back, with no streams."""
    _use(KinesisVideoBackend)


def _use(backend: type[KinesisVideoBackend]) -> None:
    kinesisvideo_backends.backend = backend
    kinesisvideo_backends.clear()
