"""Time zones of the machine: names that are refused, and the release of the database."""

import sys
from types import ModuleType
from zoneinfo import TZPATH

import pytest

from kvs_edge_schedules import ScheduleError, time_zone, tzdata_release
from kvs_edge_schedules.tzdata import release_in


@pytest.fixture
def folder(tmp_path):
    """Return a function that makes a folder with time zones and a file that has the release."""

    def make(name=None, content=b""):
        (tmp_path / "Europe").mkdir()
        (tmp_path / "Europe" / "Berlin").write_bytes(b"TZif")
        if name is not None:
            (tmp_path / name).write_bytes(content)
        return str(tmp_path)

    return make


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin"])
def test_a_zone_of_the_machine_is_refused(name):
    """Another machine, and the hub, may have another zone of that name, or none."""
    with pytest.raises(ScheduleError) as raised:
        time_zone(name)
    assert str(raised.value) == (
        f'"{name}" depends on the machine that reads it, or counts leap seconds; write the IANA name of the hub\'s time'
        " zone, such as Europe/Berlin"
    )


@pytest.mark.parametrize("name", ["UTC", "Etc/GMT+2", "EST5EDT", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_names_of_iana_pass(name):
    """Old ones, too."""
    assert time_zone(name).key == name


@pytest.mark.parametrize(
    ("name", "content", "release"),
    [
        ("tzdata.zi", b"# version 2026b\n# This zic input file is in the public domain.\n", "2026b"),
        ("tzdata.zi", b"# redo posix_only\n", "unknown"),
        ("tzdata.zi", b"\xff\xfe\n", "unknown"),
        ("+VERSION", b"2025c\n", "2025c"),
        (None, b"", "unknown"),
    ],
)
def test_the_release_is_that_of_the_folder_that_zoneinfo_reads(folder, name, content, release):
    """Its text is on Linux in one file, on macOS in another; some systems have neither."""
    assert release_in(("/nowhere", folder(name, content), "/usr/share/zoneinfo")) == release


def test_without_a_folder_it_is_that_of_the_package(monkeypatch):
    """As on Windows."""
    package = ModuleType("tzdata")
    monkeypatch.setitem(sys.modules, "tzdata", package)
    assert release_in(()) == "unknown"
    package.IANA_VERSION = "2026f"
    assert release_in(("/nowhere",)) == "2026f"
    monkeypatch.setitem(sys.modules, "tzdata", None)
    assert release_in(()) == "unknown"


def test_the_release_is_that_of_this_machine():
    """Read once."""
    assert tzdata_release() == release_in(TZPATH)
