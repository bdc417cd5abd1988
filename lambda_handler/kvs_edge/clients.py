"""Clients of AWS, for a short cold start.

They are botocore's: importing boto3 takes longer, and the handler uses none of its additions.
"""

import gc
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session
from urllib3 import Timeout

from kvs_edge import transport

_SERVICES = ["cloudformation", "kinesisvideo", "stepfunctions"]


class _FewServices(Loader):
    """Loader of service models that does not list the folders of all services, half of the time of a client."""

    def list_available_services(self, type_name: str) -> list[str]:
        return _SERVICES


@cache
def session() -> Session:
    """Return the session that all clients share."""
    made = Session()
    made.register_component("data_loader", _FewServices())
    return made


def create_client(service: str, config: Config) -> Any:
    """Return a new client of one of the handler's services, by botocore's name."""
    # The collector would slow a cold start.
    restore = gc.enable if gc.isenabled() else gc.disable
    gc.disable()
    try:
        made = session().create_client(service, config=config)
    finally:
        restore()
    timeout = Timeout(connect=config.connect_timeout, read=config.read_timeout)
    made.meta.events.register("before-send", lambda request, **_: transport.send(request, timeout))
    return made
