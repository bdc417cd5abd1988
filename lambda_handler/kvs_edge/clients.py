"""Clients of AWS with a short cold start.

They are botocore's. Importing boto3 takes longer, and the handler uses nothing that it adds.
"""

import gc
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session
from urllib3 import Timeout

from kvs_edge import transport


class _FewServices(Loader):
    """Loader that does not list the folders of all services, which is half of the time of a client."""

    def list_available_services(self, type_name: str) -> list[str]:
        return ["cloudformation", "kinesisvideo", "stepfunctions"]


@cache
def session() -> Session:
    """Return the session of all clients."""
    made = Session()
    made.register_component("data_loader", _FewServices())
    return made


@cache
def client(service: str, connect_timeout: int, read_timeout: int, tries: int = 1) -> Any:
    """Return botocore's client, which is kept for later invocations; timeouts in seconds.

    One try is the default: no retry mode of botocore covers ClientLimitExceededException.
    """
    config = Config(
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": tries},
    )
    # The collector would slow a cold start.
    restore = gc.enable if gc.isenabled() else gc.disable
    gc.disable()
    try:
        made = session().create_client(service, config=config)
    finally:
        restore()
    timeout = Timeout(connect=connect_timeout, read=read_timeout)

    def respond(request: Any, **_: Any) -> Any:
        return transport.send(request, timeout)

    made.meta.events.register("before-send", respond)
    return made
