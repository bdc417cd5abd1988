"""Files that are there whole or not at all, whatever interrupts."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, text: str, *, replace: bool) -> None:
    """Write a text in UTF-8, beside the file first and then in its place in one step.

    Raises:
        FileExistsError: It is there, and `replace` does not allow for that.
        OSError: It can't be written.
    """
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(target)
        else:
            target.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
