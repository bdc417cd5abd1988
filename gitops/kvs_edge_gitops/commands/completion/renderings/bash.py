"""Completion script for bash."""

import shlex
from collections.abc import Sequence

from kvs_edge_gitops.commands.completion.model import Command

_HEAD = """\
# Completion of kvs-edge in bash.
_kvs_edge() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= at words= is_path=
    for ((at = 1; at < COMP_CWORD; at++)); do
        [[ ${COMP_WORDS[at]} != -* ]] && { command=${COMP_WORDS[at]}; break; }
    done
    case "$command $before" in
"""
_MIDDLE = """\
        *)
            case "$command" in
"""
_TAIL = """\
            esac
            ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    if [[ -n $is_path && $word != -* ]]; then
        compopt -o filenames 2>/dev/null
        local path
        while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -- "$word")
    fi
}
complete -F _kvs_edge kvs-edge
"""


def render(commands: Sequence[Command]) -> str:
    """Return the script; a value of an option is completed after the option's name."""
    values = "".join(_values(command) for command in commands)
    names = " ".join(command.name for command in commands)
    words = f'                "") words={shlex.quote(f"{names} --help --version")} ;;\n' + "".join(
        map(_words, commands)
    )
    return _HEAD + values + _MIDDLE + words + _TAIL


def _values(command: Command) -> str:
    lines = []
    for option in command.options:
        if option.takes_value:
            pattern = " | ".join(shlex.quote(f"{command.name} {name}") for name in option.names)
            action = "is_path=1" if option.is_path else f"words={shlex.quote(' '.join(option.choices))}"
            lines.append(f"        {pattern}) {action} ;;\n")
    return "".join(lines)


def _words(command: Command) -> str:
    names = [name for option in command.options for name in option.names if name.startswith("--")]
    words = shlex.quote(" ".join([*command.choices, *names]))
    return f"                {command.name}) words={words}{'; is_path=1' if command.takes_paths else ''} ;;\n"
