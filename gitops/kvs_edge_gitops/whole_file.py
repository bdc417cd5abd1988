"""Files that are there whole or not at all, whatever stops the command."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from kvs_edge_gitops.cli import UsageError


def write_whole(path: Path, text: str, *, replace: bool) -> None:
    """Write a text, in UTF-8, to a file that is the old one until it is the new one.

    The text goes to a file beside it first, which takes its place when all is on the disk, and is gone in any case.
    A link is followed; a file that is replaced keeps its permissions; a device or pipe is written to as it is.

    Raises:
        UsageError: The file is there already, and not to be replaced; or it can't be written.
    """
    try:
        target = _resolved(path)
        if replace and target.exists() and not target.is_file():
            target.write_text(text, "utf-8")
        elif replace or not target.exists():
            _write(target, text, replace=replace)
        else:
            raise _there(path)
    except FileExistsError:
        raise _there(path) from None
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{path} can't be written: {getattr(error, 'strerror', None) or error}") from None


def _resolved(path: Path) -> Path:
    target = path.resolve()
    if target.is_symlink():  # before Python 3.13, resolve raises this itself
        raise RuntimeError("the link leads to itself")
    return target


def _there(path: Path) -> UsageError:
    return UsageError(f"{path} is there already; name a file that is not")


def _write(target: Path, text: str, *, replace: bool) -> None:
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
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
    """Give the file its name unless something has it by now."""
    try:
        target.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the name is taken first
        target.touch(exist_ok=False)
        beside.replace(target)
