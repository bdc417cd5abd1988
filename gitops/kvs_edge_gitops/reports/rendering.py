"""The interface of a rendering."""

from typing import Protocol, TextIO, TypeVar

_Result_contra = TypeVar("_Result_contra", contravariant=True)


class Rendering(Protocol[_Result_contra]):
    """A function that writes a command's result in one format."""

    def __call__(self, result: _Result_contra, exit_code: int, output: TextIO, /) -> None:
        """Write the result, and the exit code where the format has a place for it."""
