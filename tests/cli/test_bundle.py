"""The command `kvs-edge bundle`: the zip of the functions, or what keeps it from being built."""

import sys
import zipfile

from kvs_edge_preflight.handler import bundle


def test_the_zip_is_written_and_described(run, tmp_path):
    """The output has the number of files, the size, and the hash of the content."""
    file = tmp_path / "handler.zip"
    ended = run("bundle", str(file))
    built = bundle.build()
    assert (ended.code, file.read_bytes()) == (0, built.zip_bytes)
    assert ended.out == (
        f"{file}: {len(built.files)} files, {len(built.zip_bytes):,} bytes, content {built.content_hash[:12]}\n"
    )
    with zipfile.ZipFile(file) as archive:
        assert "kvs_edge/entry.py" in archive.namelist()


def test_a_folder_that_does_not_exist_is_named(run, tmp_path):
    """Nothing is written."""
    ended = run("bundle", str(tmp_path / "no" / "handler.zip"))
    assert (ended.code, ended.out) == (2, "")
    assert "handler.zip cannot be written: No such file or directory" in ended.err


def test_compiled_code_is_refused(run, tmp_path, monkeypatch):
    """It would run on one Python version and architecture only."""
    package = tmp_path / "crhelper"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "speedups.so").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "crhelper"]:
        monkeypatch.delitem(sys.modules, name)
    _is_refused(run, tmp_path, "crhelper/speedups.so is compiled code")


def test_a_package_that_is_not_installed_is_named(run, tmp_path, monkeypatch):
    """With the fix."""
    monkeypatch.setattr(bundle, "THIRD_PARTY", ("no_such_package",))
    _is_refused(run, tmp_path, "no_such_package is not installed: install cdk-kvs-edge")


def test_a_zip_that_is_too_large_is_refused(run, tmp_path, monkeypatch):
    """A file in the handler's folder does not belong there."""
    monkeypatch.setattr(bundle, "MAX_BYTES", 1000)
    _is_refused(run, tmp_path, "more than 1,000: remove files that do not belong")


def _is_refused(run, folder, words: str) -> None:
    ended = run("bundle", str(folder / "handler.zip"))
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


def test_the_hash_follows_the_content_and_not_its_packing():
    """The same content has the same key in S3, whatever zlib packed it."""
    files = {"a.py": b"1", "b.py": b"2"}
    assert bundle.Bundle(files).content_hash == bundle.Bundle(dict(reversed(files.items()))).content_hash
    assert bundle.Bundle(files).content_hash != bundle.Bundle({"a.py": b"12", "b.py": b""}).content_hash
