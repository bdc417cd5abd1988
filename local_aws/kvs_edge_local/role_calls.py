"""Clients for calls that a service makes with the credentials of a role."""

import threading
from typing import Any

from botocore.config import Config

from kvs_edge_local.assumed_roles import assume_role
from kvs_edge_local.clock import Clock
from kvs_edge_local.sessions import new_session


class RoleCalls:
    """boto3 clients by role, region and service, cached because creating one takes tens of milliseconds."""

    def __init__(self, clock: Clock, endpoint_url: str, session_name: str = "scheduler") -> None:
        self._clock = clock
        self._endpoint_url = endpoint_url
        self._session_name = session_name
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, str], Any] = {}

    def client(self, role_arn: str, region: str, service: str) -> Any:
        """Return the client with which the role calls a service."""
        key = (role_arn, region, service)
        with self._lock, self._clock.computing():
            if key not in self._clients:
                self._clients[key] = self._client(*key)
            return self._clients[key]

    def _client(self, role_arn: str, region: str, service: str) -> Any:
        credentials = assume_role(role_arn, self._session_name, region)
        # The service that calls does the retries. The shell's proxies do not apply: the call stays on this machine.
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=None, proxies={})
        return new_session().client(
            service,  # type: ignore[call-overload]
            region_name=region,
            endpoint_url=self._endpoint_url,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=config,
        )
