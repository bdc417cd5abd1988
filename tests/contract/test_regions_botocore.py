"""Regions with edge configurations are those of botocore, except those that AWS's pages exclude."""

import botocore.session

from kvs_edge.configuration import REGIONS_WITHOUT_EDGE
from kvs_edge_preflight import regions


def test_the_regions_of_the_service_are_botocores():
    """A new region of the service needs a new release, or a newer boto3 at the user's."""
    session = botocore.session.get_session()
    partitions = session.get_available_partitions()
    known = {name for each in partitions for name in session.get_available_regions("kinesisvideo", each)}
    assert known - REGIONS_WITHOUT_EDGE == regions.EDGE_REGIONS


def test_botocores_data_have_the_regions_where_they_are_read():
    """The file is read without an import of botocore."""
    session = botocore.session.get_session()
    partitions = session.get_available_partitions()
    everywhere, of_service = regions._regions()
    assert {name for each in partitions for name in session.get_available_regions("ec2", each)} <= everywhere
    assert of_service - REGIONS_WITHOUT_EDGE == regions.EDGE_REGIONS
