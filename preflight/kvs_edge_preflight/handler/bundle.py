"""Zip of the Lambda functions, built from installed packages without Docker, network or compiler.

`kvs-edge bundle` writes it to a file.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

HANDLER = "kvs_edge"
THIRD_PARTY = ("crhelper",)
"""Packages that the handler imports, except boto3, which the Lambda runtime provides."""

MAX_BYTES = 60_000

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

    def write(self, file: Path) -> None:
        """Write the zip to a file."""
        file.write_bytes(self.zip_bytes)


def build() -> Bundle:
    """Return the bundle of the handler, its third-party packages and their licences.

    Raises:
        BundleError: A package is not installed or holds compiled code, or the zip is too large.
    """
    files = dict(_package(HANDLER, whole=True))
    for package in THIRD_PARTY:
        files.update(_package(package, whole=False))
        files.update(_licences(package))
    bundle = Bundle(files)
    if len(bundle.zip_bytes) > MAX_BYTES:
        raise BundleError(
            f"the Lambda's zip has {len(bundle.zip_bytes):,} bytes, more than {MAX_BYTES:,}: "
            f"remove files that do not belong in {folder_of(HANDLER)}"
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


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIMESTAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _ON_UNIX
    entry.external_attr = _READABLE_BY_ALL
    return entry
