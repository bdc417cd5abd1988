"""Stacks of a fleet: one per file."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from aws_cdk import Environment, IStackSynthesizer, Stack, Stage
from constructs import Construct

from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.files import DeclaredFile, short_path

_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
"""Names that CloudFormation accepts.

[https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html]
"""
_INVALID_IN_NAME = re.compile(r"[^A-Za-z0-9]+")


class StackOptions(TypedDict, total=False):
    """Options of the stacks that a fleet creates.

    Attributes:
        env: Account and region of files that set none.
        tags: Tags of each stack and its resources.
        termination_protection: Protection of the stacks against deletion.
        synthesizer: Synthesizer of the stacks; it must be reusable, like the CDK's own.
    """

    env: Environment
    tags: Mapping[str, str]
    termination_protection: bool
    synthesizer: IStackSynthesizer


def enclosing_stack(scope: Construct) -> Stack | None:
    """Return the stack of the scope; None outside of stacks, and in a stage inside of a pipeline's stack."""
    inside_out = [scope] if isinstance(scope, Stack) else reversed(scope.node.scopes)
    nearest = next((scope for scope in inside_out if isinstance(scope, (Stack, Stage))), None)
    return nearest if isinstance(nearest, Stack) else None


def stack_name(scope: Construct, construct_id: str, stem: str) -> str:
    """Return the name of a file's stack: ID-STEM, or STAGE-ID-STEM in a stage, as the CDK names stacks."""
    stage = scope if isinstance(scope, Stage) else Stage.of(scope)  # Stage.of a stage returns its parent
    prefix = stage.stage_name if stage is not None else ""
    return "-".join(filter(None, (prefix, construct_id, stem)))


def stack_faults(files: Sequence[DeclaredFile], names: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each invalid or duplicate stack name; `names` has the stacks' names by the files' stems."""
    of_stem: dict[str, list[str]] = defaultdict(list)
    for declared in files:
        of_stem[declared.file.stem].append(short_path(declared.file))
    for stem, same in of_stem.items():
        if not _STACK_NAME.fullmatch(names[stem]):
            yield Fault(same[0], None, _not_a_name(stem, names[stem]))
        if len(same) > 1:
            rule = f"{' and '.join(same)} would be the same stack, {names[stem]}: rename a file, or merge the files"
            yield Fault(same[1], None, rule)


def _not_a_name(stem: str, name: str) -> str:
    better = _INVALID_IN_NAME.sub("-", stem).strip("-")
    is_of_file = better not in {"", stem}
    fix = f"rename the file to {better}" if is_of_file else "shorten the file's name, or change the fleet's id"
    return (
        f"{name} is not a valid stack name, which has letters, digits and hyphens, starts with a letter, "
        f"and has 128 characters at most: {fix}"
    )


def create_stack(scope: Construct, declared: DeclaredFile, name: str, options: StackOptions) -> Stack:
    """Create the stack of a file, in the file's account and region."""
    default = options.get("env") or Environment()
    tags = options.get("tags")
    return Stack(
        scope,
        declared.file.stem,
        stack_name=name,
        description=f"What hubs record, upload and keep of Kinesis Video streams, as {declared.file.name} declares it",
        env=Environment(account=declared.account or default.account, region=declared.region or default.region),
        tags=None if tags is None else dict(tags),
        termination_protection=options.get("termination_protection"),
        synthesizer=options.get("synthesizer"),
        # The template of a large fleet is close to CloudFormation's limit.
        suppress_template_indentation=True,
    )


def environment_faults(stack: Stack, files: Sequence[DeclaredFile]) -> Iterator[Fault]:
    """Yield a fault for each file whose region or account differs from that of the fleet's enclosing stack."""
    for name, actual in (("region", stack.region), ("account", stack.account)):
        for declared in files:
            wanted = declared.region if name == "region" else declared.account
            if wanted not in {None, actual} and not is_token(actual):
                rule = (
                    f"the file is for {name} {wanted}, but the fleet's stack is in {actual}: create the fleet outside "
                    "of stacks, so that each file has its own stack"
                )
                yield Fault(f"{short_path(declared.file)} {name}", None, rule)
