"""Arguments and run of `kvs-edge completion`."""

import argparse
import sys

from kvs_edge_gitops.exit_codes import OK

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("shell", choices=SHELLS, help="bash, zsh or fish")
    parser.epilog = (
        'to install: eval "$(kvs-edge completion bash)" in ~/.bashrc; eval "$(kvs-edge completion zsh)" in ~/.zshrc'
        " after compinit; kvs-edge completion fish > ~/.config/fish/completions/kvs-edge.fish"
    )


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    from kvs_edge_gitops.commands.completion.model import commands_of
    from kvs_edge_gitops.commands.completion.renderings import RENDERINGS

    sys.stdout.write(RENDERINGS[options.shell](commands_of(options.whole_parser())))
    return OK
