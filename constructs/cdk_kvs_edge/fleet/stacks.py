"""One stack for each file of a fleet."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from aws_cdk import Environment, IStackSynthesizer, Stack, Stage
from constructs import Construct

from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.files import DeclaredFile

_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
"""What CloudFormation takes [https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html]."""
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


class StackOptions(TypedDict, total=False):
    """What the stacks of a fleet have in common, where the fleet makes one a file.

    Attributes:
        env: The account and region of files that do not state theirs.
        tags: Of each stack, and so of what can be tagged in it.
        termination_protection: Whether a stack has to be unlocked before it can be deleted.
        synthesizer: How stacks are bootstrapped and deployed; it must be reusable, as the CDK's own are.
    """

    env: Environment
    tags: Mapping[str, str]
    termination_protection: bool
    synthesizer: IStackSynthesizer


def enclosing_stack(scope: Construct) -> Stack | None:
    """The stack that the scope is in, if it is in one; a stage in a pipeline's stack begins anew."""
    inside_out = [scope] if isinstance(scope, Stack) else reversed(scope.node.scopes)
    nearest = next((one for one in inside_out if isinstance(one, (Stack, Stage))), None)
    return nearest if isinstance(nearest, Stack) else None


def stack_name(scope: Construct, construct_id: str, stem: str) -> str:
    """The name of a file's stack: ID-STEM, in a stage STAGE-ID-STEM, as the CDK names stacks."""
    stage = scope if isinstance(scope, Stage) else Stage.of(scope)  # the CDK's own begins one above
    prefix = stage.stage_name if stage is not None else ""
    return "-".join(filter(None, (prefix, construct_id, stem)))


def stack_faults(files: Sequence[DeclaredFile], names: Mapping[str, str]) -> Iterator[Fault]:
    """Files that could have no stack, or not one of their own; `names` are the stacks' names by the files' stems."""
    of_stem: dict[str, list[str]] = defaultdict(list)
    for declared in files:
        of_stem[declared.file.stem].append(declared.file.name)
    for stem, same in of_stem.items():
        if not _STACK_NAME.fullmatch(names[stem]):
            yield Fault(same[0], None, _not_a_name(stem, names[stem]))
        if len(same) > 1:
            rule = f"{' and '.join(same)} would be one stack, {names[stem]}: rename one of them, or make them one file"
            yield Fault(same[1], None, rule)


def _not_a_name(stem: str, name: str) -> str:
    better = _NOT_IN_A_NAME.sub("-", stem).strip("-")
    is_of_file = better not in {"", stem}
    fix = f"name the file {better}" if is_of_file else "give it a shorter name, or the fleet another id"
    return (
        f"{name} is no name of a stack, which has letters, digits and hyphens, starts with a letter, "
        f"and has 128 characters at most: {fix}"
    )


def create_stack(scope: Construct, declared: DeclaredFile, name: str, options: StackOptions) -> Stack:
    """The file's stack, in the account and region that it states."""
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
        # A large fleet comes near the size that a template may have.
        suppress_template_indentation=True,
    )


def environment_faults(stack: Stack, files: Sequence[DeclaredFile]) -> Iterator[Fault]:
    """Files that state another region or account than that of the stack which they are all put into."""
    for name, there in (("region", stack.region), ("account", stack.account)):
        for declared in files:
            stated = declared.region if name == "region" else declared.account
            if stated not in {None, there} and not is_token(there):
                rule = (
                    f"the file is for {name} {stated}, and the stack that it is put into is in {there}: give the fleet "
                    "a scope outside of stacks, so that each file has a stack of its own"
                )
                yield Fault(f"{declared.file.name} {name}", None, rule)
