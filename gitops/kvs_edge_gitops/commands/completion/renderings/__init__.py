"""A completion script for each shell."""

from collections.abc import Callable, Mapping, Sequence

from kvs_edge_gitops.commands.completion.model import Command
from kvs_edge_gitops.commands.completion.renderings import bash, fish, zsh

RENDERINGS: Mapping[str, Callable[[Sequence[Command]], str]] = {
    "bash": bash.render,
    "zsh": zsh.render,
    "fish": fish.render,
}
