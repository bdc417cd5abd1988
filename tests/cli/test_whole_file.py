"""Files that commands write: whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from kvs_edge_gitops.atomic_file import write_atomically
from kvs_edge_gitops.errors import UsageError


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _names():
    return {file.name for file in Path().iterdir()}


@pytest.mark.parametrize("replace", [True, False])
def test_a_new_file_has_the_text_in_utf_8_and_usual_permissions(replace):
    write_atomically(Path("new"), "Grüße\n", replace=replace)
    Path("usual").touch()
    assert Path("new").read_bytes() == "Grüße\n".encode()
    assert Path("new").stat().st_mode == Path("usual").stat().st_mode
    assert _names() == {"new", "usual"}


def test_a_file_that_is_there_is_replaced_only_if_asked_and_keeps_its_permissions():
    Path("file").write_text("old")
    Path("file").chmod(0o640)
    with pytest.raises(UsageError, match="file exists already"):
        write_atomically(Path("file"), "new", replace=False)
    assert Path("file").read_text() == "old"
    write_atomically(Path("file"), "new", replace=True)
    assert Path("file").read_text() == "new"
    assert stat.S_IMODE(Path("file").stat().st_mode) == 0o640


def test_a_link_is_followed():
    Path("file").write_text("old")
    Path("link").symlink_to("file")
    write_atomically(Path("link"), "new", replace=True)
    assert Path("link").is_symlink()
    assert Path("file").read_text() == "new"


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("moment", ["fsync", "replace", "link"])
def test_an_interrupt_leaves_the_old_file_or_none_and_nothing_beside_it(monkeypatch, moment, replace):
    """At the last moments: while the text goes to the disk, and when the file is to get its name."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    if replace:
        Path("file").write_text("old")
    monkeypatch.setattr(os, moment, interrupted)
    if (moment, replace) in {("link", True), ("replace", False)}:
        write_atomically(Path("file"), "new", replace=replace)
        assert Path("file").read_text() == "new"
    else:
        with pytest.raises(KeyboardInterrupt):
            write_atomically(Path("file"), "new", replace=replace)
        assert not replace or Path("file").read_text() == "old"
    assert _names() <= {"file"}


def test_a_file_that_somebody_else_writes_meanwhile_is_not_replaced(monkeypatch):
    """Between the first look and the last."""
    fsync = os.fsync

    def meanwhile(number):
        Path("file").write_text("theirs")
        fsync(number)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(UsageError, match="exists already"):
        write_atomically(Path("file"), "ours", replace=False)
    assert Path("file").read_text() == "theirs"
    assert _names() == {"file"}


def test_a_file_system_without_hard_links_will_do(monkeypatch):
    def refused(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    write_atomically(Path("file"), "text", replace=False)
    assert Path("file").read_text() == "text"
    assert _names() == {"file"}


def test_a_disk_that_is_full_is_told_and_leaves_the_old_file(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    Path("file").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="file cannot be written: No space left on device"):
        write_atomically(Path("file"), "new", replace=True)
    assert Path("file").read_text() == "old"
    assert _names() == {"file"}


def test_what_is_no_file_is_written_to_as_it_is():
    """/dev/stdout, in a pipe of commands; a folder is told."""
    write_atomically(Path("/dev/null"), "text", replace=True)
    assert Path("/dev/null").is_char_device()
    with pytest.raises(UsageError, match="Is a directory"):
        write_atomically(Path(), "text", replace=True)


def test_a_link_that_leads_to_itself_is_told():
    Path("link").symlink_to("link")
    with pytest.raises(UsageError, match="link cannot be written"):
        write_atomically(Path("link"), "text", replace=True)
