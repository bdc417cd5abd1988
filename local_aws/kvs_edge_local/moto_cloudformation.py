"""moto's CloudFormation, imported without botocore's model of EC2.

moto's CloudFormation imports moto's EC2, which asks three sessions of boto3 for the regions of EC2. Each of them parses
botocore's largest model and its endpoints: a third of the CPU that the import of the local AWS takes. The names of the
endpoints are enough. Import moto.cloudformation from here, so that this import is the first one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from botocore.session import Session

__all__ = ["UnformattedGetAttTemplateException", "parsing", "urls"]

_EC2 = "ec2"
"""The name of the service, and of its endpoints."""


@contextmanager
def _regions_by_endpoint() -> Iterator[None]:
    """List the regions of EC2 from botocore's endpoints."""
    sessions: Any = Session
    list_regions = sessions.get_available_regions
    resolver = cache(lambda: sessions()._get_internal_component("endpoint_resolver"))

    def listed(session: Session, service_name: str, *partition: Any, **options: Any) -> Any:
        if service_name == _EC2:
            return resolver().get_available_endpoints(service_name, *partition, **options)
        return list_regions(session, service_name, *partition, **options)

    sessions.get_available_regions = listed
    try:
        yield
    finally:
        sessions.get_available_regions = list_regions


with _regions_by_endpoint():
    from moto.cloudformation import parsing, urls
    from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
