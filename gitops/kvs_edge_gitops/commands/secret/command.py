"""Arguments and run of `kvs-edge secret`."""

import argparse
import sys

from kvs_edge_gitops.arguments import add_references, add_targets, references, targets
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser, is_required=False)
    parser.add_argument(
        "--write",
        metavar="NAME",
        help="ask for a camera's user, password, host, port and path, and store them as a new secret, encoded; print"
        " its ARN",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 no errors; 1 a hub cannot use a secret; 2 wrong usage, a stream that is not declared, or files"
        " that cannot be read or have errors; 3 an AWS request failed, such as for a secret that you may not read"
    )


def run(options: argparse.Namespace) -> int:
    """Read and judge the secrets, and write the issues to standard output; or make a secret."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.checks.secrets.reading import judge, streams_of
    from kvs_edge_gitops.commands.secret.renderings import json, text
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress

    if options.write is not None:
        return _write(options)
    names, paths = targets(options)
    given = references(options)
    with Progress() as progress:
        aws = Aws(Settings.of(options))
        streams = streams_of(names, desired.resolve(desired.read(paths, progress, given), aws, given))
        secrets = judge(streams, aws, lambda done: progress.show("reading secrets", done, len(streams)))
    if any(secret.failure is not None for secret in secrets):
        code = AWS_FAILED
    else:
        code = FINDINGS if any(secret.has_error for secret in secrets) else OK
    (json if options.format == "json" else text).write(secrets, code, sys.stdout)
    return code


def _write(options: argparse.Namespace) -> int:
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.secret.writing import write
    from kvs_edge_gitops.errors import UsageError

    if options.targets:
        raise UsageError("--write makes one new secret: give no stream and no path with it")
    if not sys.stdin.isatty():
        raise UsageError("--write asks for the camera on a terminal, and there is none")
    arn, issues = write(options.write, Aws(Settings.of(options)))
    sys.stderr.writelines(f"{issue.severity.value} {issue.code.value}: {issue.message}\n" for issue in issues)
    sys.stdout.write(f"{arn}\n")
    return OK
