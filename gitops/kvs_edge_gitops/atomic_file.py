"""Atomic writes: a file is complete or absent, even after an interrupt."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from kvs_edge_gitops.errors import UsageError


def write_atomically(path: Path, content: str | bytes, *, replace: bool) -> None:
    """Write bytes, or a text in UTF-8, to a file.

    The content goes to a temporary file beside it, which replaces it once all is on the disk, and is removed in any
    case. A link is followed; a replaced file keeps its permissions; a device or pipe is written to directly.

    Raises:
        UsageError: The file exists and is not to be replaced, or it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        target = _resolved(path)
        if replace and target.exists() and not target.is_file():
            target.write_bytes(data)
        elif replace or not target.exists():
            _write(target, data, replace=replace)
        else:
            raise _exists(path)
    except FileExistsError:
        raise _exists(path) from None
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _resolved(path: Path) -> Path:
    target = path.resolve()
    if target.is_symlink():  # before Python 3.13, resolve raises this itself
        raise RuntimeError("the link points to itself")
    return target


def _exists(path: Path) -> UsageError:
    return UsageError(f"{path} exists already; name another file")


def _write(target: Path, data: bytes, *, replace: bool) -> None:
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        if replace:
            beside.replace(target)
        else:
            _name(beside, target)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _name(beside: Path, target: Path) -> None:
    """Rename the file, unless the name is in use."""
    try:
        target.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: reserve the name first
        target.touch(exist_ok=False)
        beside.replace(target)
