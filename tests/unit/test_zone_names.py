"""Mistyped names of time zones, and the names that they probably mean."""

import pytest

from kvs_edge_preflight.zone_names import probable_zone, zone_hint


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("america/los angeles", "America/Los_Angeles"),
        ("America/Buenos_Aries", "America/Buenos_Aires"),
    ],
)
def test_a_mistyped_zone_is_corrected(name, meant):
    assert probable_zone(name) == meant
    assert zone_hint(name) == f"; did you mean {meant}?"


@pytest.mark.parametrize("name", ["CEST", "CET+1", "GMT+1", "Europe", "x" * 51, ""])
def test_a_name_that_is_like_none_is_not_corrected(name):
    """EST would be another time than CEST, and Etc/GMT+1 than GMT+1."""
    assert probable_zone(name) is None
    assert zone_hint(name) == ""
