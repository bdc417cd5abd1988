"""Completion script for fish."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.commands.completion.model import Command, Option


def render(commands: Sequence[Command]) -> str:
    """Return the script."""
    lines = ["# Completion of kvs-edge in fish.", "complete -c kvs-edge -f"]
    for command in commands:
        lines.append(f"complete -c kvs-edge -n __fish_use_subcommand -a {command.name} -d {_quoted(command.summary)}")
        lines.extend(_of_command(command))
    return "\n".join(lines) + "\n"


def _of_command(command: Command) -> Iterator[str]:
    start = f"complete -c kvs-edge -n '__fish_seen_subcommand_from {command.name}'"
    if command.choices:
        yield f"{start} -a {_quoted(' '.join(command.choices))}"
    if command.takes_paths:
        yield f"{start} -F"
    for option in command.options:
        yield f"{start} {_option(option)}"


def _option(option: Option) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names]
    value = ""
    if option.is_path:
        value = " -r -F"
    elif option.choices:
        value = f" -x -a {_quoted(' '.join(option.choices))}"
    elif option.takes_value:
        value = " -x"
    return f"{' '.join(names)}{value} -d {_quoted(option.summary)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
