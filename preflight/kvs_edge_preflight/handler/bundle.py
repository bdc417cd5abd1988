"""Zip of the Lambda functions, built from installed packages without Docker, network or compiler.

`kvs-edge bundle` writes it to a file.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from kvs_edge_preflight.handler.zone_files import ZoneNotFoundError, read_zone

HANDLER = "kvs_edge"
RECORDING_GATE = ("kvs_edge_health", "kvs_edge_schedules")
"""Packages that the handler imports only for a request that waits for the recording."""
MONITOR = ("kvs_edge_monitor", "kvs_edge_health", "kvs_edge_schedules")
"""Packages of the monitor's function; it imports no third-party package except boto3."""
THIRD_PARTY = ("crhelper",)
"""Packages that the handler imports, except boto3, which the Lambda runtime provides."""

MAX_BYTES = 136_000
"""Limit of the handler's zip: half of it is the packages of the recording gate, which a cold start does not import."""
MAX_MONITOR_BYTES = 150_000
"""Limit of the monitor's zip: its packages take half of it, and the rules of a time zone up to 2,000 bytes."""

_COMPILED = frozenset({".so", ".pyd", ".dll", ".dylib"})
_LICENCE_FILES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
# The oldest time that a zip can hold: the bytes must not depend on the time of installation.
_TIMESTAMP = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16
_ON_UNIX = 3


class BundleError(RuntimeError):
    """Installed packages from which the zip cannot be built."""


@dataclass(frozen=True)
class Bundle:
    """Files of the zip by name."""

    files: Mapping[str, bytes]

    @cached_property
    def content_hash(self) -> str:
        """Hash of names and content only, because versions of zlib may compress the same files differently."""
        digest = sha256()
        for name, content in sorted(self.files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    @cached_property
    def zip_bytes(self) -> bytes:
        """Bytes of the zip, equal for equal files."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in sorted(self.files.items()):
                archive.writestr(_entry(name), content)
        return buffer.getvalue()


def build() -> Bundle:
    """Return the bundle of the handler with the packages that it imports, and the licences of third-party packages.

    Raises:
        BundleError: A package is not installed or holds compiled code, or the zip is too large.
    """
    files = dict(_package(HANDLER, whole=True))
    files |= {name: content for package in RECORDING_GATE for name, content in _package(package, whole=False)}
    for package in THIRD_PARTY:
        files.update(_package(package, whole=False))
        files.update(_licences(package))
    return _checked(Bundle(files), HANDLER, MAX_BYTES)


def build_monitor(zones: Iterable[str]) -> Bundle:
    """Return the bundle of the monitor's function.

    Args:
        zones: IANA names of the hubs' time zones; the bundle has the rules of each.

    Raises:
        BundleError: A package is not installed or holds compiled code, the zip is too large, or this machine has no
            rules of a time zone.
    """
    files = {name: content for package in MONITOR for name, content in _package(package, whole=False)}
    files |= {f"zoneinfo/{zone}": _zone(zone) for zone in sorted(set(zones))}
    return _checked(Bundle(files), MONITOR[0], MAX_MONITOR_BYTES)


def _checked(bundle: Bundle, package: str, limit: int) -> Bundle:
    if len(bundle.zip_bytes) > limit:
        raise BundleError(
            f"the Lambda's zip has {len(bundle.zip_bytes):,} bytes, more than {limit:,}: "
            f"remove files that do not belong in {folder_of(package)}"
        )
    return bundle


def folder_of(package: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise BundleError(f"the package {package} is not installed: install cdk-kvs-edge with its dependencies")
    return Path(spec.origin).parent


def _package(package: str, *, whole: bool) -> Iterator[tuple[str, bytes]]:
    folder = folder_of(package)
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or "__pycache__" in file.parts:
            continue
        name = f"{package}/{file.relative_to(folder).as_posix()}"
        if file.suffix in _COMPILED:
            raise BundleError(
                f"{name} is compiled code, which runs only on one Python version and architecture: "
                f"install a pure Python version of {package}"
            )
        if file.suffix == ".json" and whole:
            yield name, json.dumps(json.loads(file.read_bytes()), separators=(",", ":")).encode()
        elif whole or file.suffix == ".py":
            yield name, file.read_bytes()


def _licences(package: str) -> Iterator[tuple[str, bytes]]:
    for file in metadata.files(package) or ():
        if ".dist-info" in str(file) and file.name.upper().startswith(_LICENCE_FILES):
            yield f"licenses/{package}/{file.name}", Path(str(file.locate())).read_bytes()


def _zone(name: str) -> bytes:
    try:
        return read_zone(name)
    except ZoneNotFoundError as error:
        raise BundleError(str(error)) from error


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIMESTAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _ON_UNIX
    entry.external_attr = _READABLE_BY_ALL
    return entry
