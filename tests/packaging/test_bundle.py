"""The Lambda functions' zip: what is in it, how large it is, and that it is the same each time."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from kvs_edge_preflight.handler import bundle

MAX_BYTES = 136_000
MAX_OWN_BYTES = 57_000
MAX_COLD_START_BYTES = 54_000
"""Two kilobytes of it are the clients and connections that make a cold start a seventh shorter.

Three are the rules for violations that the chaos campaign found.
"""
RECORDING_GATE = {"kvs_edge.decide_recording", "kvs_edge.recording_messages"}
IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path[:0] = sys.argv[1:]
import kvs_edge, kvs_edge_health, kvs_edge_schedules
for package in (kvs_edge, kvs_edge_health, kvs_edge_schedules):
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
import crhelper
packages = (kvs_edge, kvs_edge_health, kvs_edge_schedules, crhelper)
outside = [m.__name__ for m in packages if not m.__file__.startswith(sys.argv[1])]
assert not outside, outside
print("imported")
"""
LOADED = """
import json, sys
import kvs_edge.entry, kvs_edge.tick
print(json.dumps(sorted(name for name in sys.modules if name.startswith("kvs_edge"))))
"""
RUNTIMES_OWN = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six")


@pytest.fixture(scope="module")
def zip_file(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("bundle") / "handler.zip"
    file.write_bytes(bundle.build().zip_bytes)
    return file


@pytest.fixture(scope="module")
def names(zip_file) -> list[str]:
    with zipfile.ZipFile(zip_file) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_the_zip_is_small(zip_file):
    """So that a cold start has little to fetch; half of it is for the recording gate, which few requests import."""
    assert zip_file.stat().st_size < MAX_BYTES


def test_the_handlers_own_part_is_small(zip_file):
    """It leaves room for crhelper in the limit of the whole zip."""
    with zipfile.ZipFile(zip_file) as archive:
        own = {entry.filename: entry.compress_size for entry in archive.infolist()}
    own = {name: size for name, size in own.items() if name.startswith("kvs_edge/")}
    gate = {f"{module.replace('.', '/')}.py" for module in RECORDING_GATE}
    assert sum(own.values()) <= MAX_OWN_BYTES
    assert sum(size for name, size in own.items() if name not in gate) <= MAX_COLD_START_BYTES


def test_each_module_in_the_zip_is_loaded_by_the_entry_points(run):
    """The zip has only modules that run: a module that only other packages need belongs to one of them.

    Only a request that waits for the recording loads the gate, with health and schedules: it would double a cold start.
    """
    loaded = json.loads(run(sys.executable, "-c", LOADED))
    modules = {f"kvs_edge.{file.stem}" for file in bundle.folder_of("kvs_edge").glob("[!_]*.py")}
    assert set(loaded) == {"kvs_edge", *modules} - RECORDING_GATE


def test_the_zip_holds_the_handlers_whole_folder(names):
    """Not a filtered copy: what is in the folder runs in Lambda."""
    folder = bundle.folder_of("kvs_edge")
    source = {
        f"kvs_edge/{file.relative_to(folder).as_posix()}"
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {name for name in names if name.startswith("kvs_edge/")} == source
    assert {"kvs_edge/tick.py", "kvs_edge/edge_configuration.schema.json"} <= source


def test_the_zip_holds_its_third_parties_with_their_licences_and_nothing_else(names):
    """Apache asks for its text in copies; caches, stubs and boto3 stay out."""
    assert {name.partition("/")[0] for name in names} == {
        "crhelper",
        "kvs_edge",
        "kvs_edge_health",
        "kvs_edge_schedules",
        "licenses",
    }
    assert {"licenses/crhelper/LICENSE"} <= set(names)
    assert not [name for name in names if name.endswith((".pyc", ".pyi", ".so"))]


def test_the_zip_says_nothing_of_the_machine_it_was_made_on(zip_file):
    """Fixed times and permissions, sorted names."""
    with zipfile.ZipFile(zip_file) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}
    assert {entry.create_system for entry in entries} == {3}


def test_each_run_writes_the_same_bytes(zip_file, run, tmp_path):
    """Hash seed, time zone and folder do not matter."""
    for seed, zone in (("0", "UTC"), ("42", "Asia/Tokyo")):
        out = tmp_path / f"{seed}.zip"
        variables = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        run(sys.executable, "-m", "kvs_edge_gitops", "bundle", out, env=variables, cwd=tmp_path)
        assert out.read_bytes() == zip_file.read_bytes()


def test_the_asset_hash_follows_the_content_and_not_how_it_is_packed():
    """Another zlib does not upload the same handler again, and a changed line does."""
    one = bundle.Bundle({"a.py": b"1", "b.py": b"2"})
    assert one.content_hash == bundle.Bundle({"b.py": b"2", "a.py": b"1"}).content_hash
    assert one.content_hash != bundle.Bundle({"a.py": b"12", "b.py": b""}).content_hash
    assert one.content_hash != bundle.Bundle({"a.py": b"1", "c.py": b"2"}).content_hash


def test_all_of_it_imports_with_only_the_runtimes_boto3_beside_it(zip_file, run, tmp_path):
    """Without site-packages, which would hide a dependency that is missing from the zip."""
    code, runtime = tmp_path / "code", tmp_path / "runtime"
    with zipfile.ZipFile(zip_file) as archive:
        archive.extractall(code)
    runtime.mkdir()
    for package in RUNTIMES_OWN:
        found = Path(__import__(package).__file__)
        source = found.parent if found.name == "__init__.py" else found
        (runtime / source.name).symlink_to(source)
    assert run(sys.executable, "-I", "-S", "-c", IMPORT_ALL, code, runtime) == "imported\n"
