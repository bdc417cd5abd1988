"""Rules of time zones for the monitor's zip, from this machine."""

import sys
from types import ModuleType

import pytest

from kvs_edge_preflight.handler import bundle
from kvs_edge_preflight.handler.zone_files import ZoneNotFoundError, read_zone


def test_the_rules_of_a_zone_are_a_file_of_the_machines_database():
    assert read_zone("Europe/Berlin").startswith(b"TZif")


def test_a_machine_without_a_database_uses_the_package_tzdata(monkeypatch, tmp_path):
    """The package's folders are read as files: it may be in a zip."""
    (tmp_path / "zoneinfo" / "Europe").mkdir(parents=True)
    (tmp_path / "zoneinfo" / "Europe" / "Berlin").write_bytes(b"TZif2")
    package = ModuleType("tzdata")
    package.__path__ = [str(tmp_path)]
    package.__spec__ = None
    monkeypatch.setitem(sys.modules, "tzdata", package)
    monkeypatch.setattr("kvs_edge_preflight.handler.zone_files.files", lambda _: tmp_path)
    assert read_zone("Europe/Berlin", ()) == b"TZif2"


def test_a_zone_without_rules_is_named_with_the_fix(monkeypatch):
    monkeypatch.setitem(sys.modules, "tzdata", None)
    with pytest.raises(ZoneNotFoundError, match=r"no rules of the time zone Europe/Berlin: install .*tzdata"):
        read_zone("Europe/Berlin", ())
    with pytest.raises(bundle.BundleError, match="no rules of the time zone Mars/Olympus"):
        bundle.build_monitor(["Mars/Olympus"])


def test_another_file_is_refused(tmp_path):
    (tmp_path / "Utopia").write_bytes(b"#!/bin/sh")
    with pytest.raises(ZoneNotFoundError, match="not in the format TZif"):
        read_zone("Utopia", (str(tmp_path),))


def test_the_monitors_zip_has_its_packages_and_zones_and_nothing_else():
    files = bundle.build_monitor(["Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"]).files
    assert {name.partition("/")[0] for name in files} == {*bundle.MONITOR, "zoneinfo"}
    assert [name for name in files if name.startswith("zoneinfo/")] == ["zoneinfo/Asia/Tokyo", "zoneinfo/Europe/Berlin"]
