"""Checks as text: each as soon as it is made, with its details and what to type next."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from kvs_edge_gitops.commands.doctor.check import Check, Result, State, Subject
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.terminal import Paint, printable

_STYLES = {State.GOOD: "faint", State.BAD: "error", State.NOT_ASKED: "warning"}
_MAX_DETAILS = 10
_STATE_WIDTH = max(map(len, State)) + 2
_SUBJECT_WIDTH = max(map(len, Subject)) + 2
_INDENT = " " * 4
_MIN_WIDTH = 20


class TextView:
    """A view for `--format text`."""

    def __init__(self, output: TextIO) -> None:
        self._output, self._paint = output, Paint(output)
        # A line of a pipe is one sentence, so that grep finds it.
        self._width = max(shutil.get_terminal_size().columns, _MIN_WIDTH) if output.isatty() else None

    def show(self, check: Check) -> None:
        """Write a check."""
        result = check.result
        first, *others = self._wrapped(f"{result.state:{_STATE_WIDTH}}{check.subject:{_SUBJECT_WIDTH}}{result.text}")
        state = self._paint(_STYLES[result.state], result.state)
        self._write([state + first.removeprefix(result.state), *others])
        for detail in _details(result):
            self._write(self._wrapped(detail, _INDENT))
        for step in result.next_steps:
            # It is pasted, so that it is never wrapped.
            self._write([f"{_INDENT}next: {self._paint('bold', printable(step))}"])

    def end(self, checks: Sequence[Check], _: int) -> None:
        """Write the summary."""
        self._write(self._paint("bold", line) for line in self._wrapped(sentence(checks)))

    def _wrapped(self, text: str, indent: str = "") -> list[str]:
        if self._width is None:
            return [indent + printable(text)]
        further = indent if indent else _INDENT
        return textwrap.wrap(
            printable(text),
            self._width,
            initial_indent=indent,
            subsequent_indent=further,
            break_on_hyphens=False,  # a region or a command in two parts cannot be copied
        )

    def _write(self, lines: Iterable[str]) -> None:
        self._output.writelines(f"{line}\n" for line in lines)
        self._output.flush()


def sentence(checks: Sequence[Check]) -> str:
    """Return a summary such as "6 checks: 4 good, 1 bad, 1 not asked"."""
    counts = {state: sum(check.result.state is state for check in checks) for state in State}
    listed = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"{plural(len(checks), 'check')}: {listed}"


def _details(result: Result) -> Iterator[str]:
    yield from result.details[:_MAX_DETAILS]
    if len(result.details) > _MAX_DETAILS:
        yield f"and {len(result.details) - _MAX_DETAILS:,} more: --format json has all"
