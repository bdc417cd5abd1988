"""Completion script for zsh."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.commands.completion.model import Command, Option

_HEAD = """\
#compdef kvs-edge
# Completion of kvs-edge in zsh.
_kvs_edge() {
    local context state state_descr line
    typeset -A opt_args
    _arguments -C '(- *)'{-h,--help}'[show the help]' '(- *)--version[show the version]' '1:command:->command' \\
        '*::argument:->argument'
    case $state in
        command)
            local -a commands=(
"""
_MIDDLE = """\
            )
            _describe command commands
            ;;
        argument)
            case $line[1] in
"""
_TAIL = """\
            esac
            ;;
    esac
}
if [[ ${funcstack[1]} = _kvs_edge ]]; then _kvs_edge "$@"; else compdef _kvs_edge kvs-edge; fi
"""


def render(commands: Sequence[Command]) -> str:
    """Return the script; it can be evaluated, or saved as _kvs-edge on the fpath."""
    names = "".join(f"                {_quoted(f'{command.name}:{command.summary}')}\n" for command in commands)
    return _HEAD + names + _MIDDLE + "".join(map(_command, commands)) + _TAIL


def _command(command: Command) -> str:
    specifications = [specification for option in command.options for specification in _specifications(option)]
    if command.choices:
        specifications.append(f"*:value:({' '.join(command.choices)})")
    elif command.takes_paths:
        specifications.append("*:path:_files")
    arguments = " ".join(map(_quoted, specifications))
    return f"                {command.name}) _arguments {arguments} ;;\n"


def _specifications(option: Option) -> Iterator[str]:
    summary = option.summary.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    values = "_files" if option.is_path else f"({' '.join(option.choices)})" if option.choices else " "
    for name in option.names:
        yield f"*{name}[{summary}]" + (f":value:{values}" if option.takes_value else "")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
