"""Rules for ARNs: the region and account of a stream, its hub and its secret are those of the stack.

The service accepts a stream, a hub and a secret of one region, and a stream and a hub of one account.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kvs_edge_preflight.files.environment import Environment, partition_of
from kvs_edge_preflight.files.location import Step
from kvs_edge_preflight.files.schema_check import Violation
from kvs_edge_preflight.regions import region_fault

_ARN_PARTS = 6


class _ArnField(NamedTuple):
    """Field with an ARN, its subject, and whether the subject must be in the stack's account."""

    path: tuple[Step, ...]
    subject: str
    is_of_account: bool = True


_ARN_FIELDS = (
    _ArnField(("StreamARN",), "the stream"),
    _ArnField(("hub",), "the hub"),
    _ArnField(("HubDeviceArn",), "the hub"),
    _ArnField(("EdgeConfig", "HubDeviceArn"), "the hub"),
    # Another account may share its secret.
    _ArnField(
        ("EdgeConfig", "RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn"), "the secret", is_of_account=False
    ),
)


class _Arn(NamedTuple):
    """Parts of an ARN that are literal; None for a part that is known only at deployment."""

    partition: str | None
    region: str | None
    account: str | None


def environment_violations(
    values: Mapping[str, Any], environment: Environment, owner: str = "file"
) -> Iterator[Violation]:
    """Yield the violations by the ARNs of a stream, a hub or defaults.

    Args:
        values: A request, or an entry of a file. Parts of ARNs with ``${`` (CDK tokens, pseudo parameters) pass.
        environment: Region and account of the stack, as far as they are known.
        owner: What has that environment: a file or a stack.
    """
    for field in _ARN_FIELDS:
        arn = _literal_parts(_at(values, field.path))
        if arn is not None:
            for rule in _rules(field, arn, environment, owner):
                yield Violation(field.path, rule)


def _rules(field: _ArnField, arn: _Arn, environment: Environment, owner: str) -> Iterator[str]:
    if arn.region and environment.region not in {None, arn.region}:
        where = f"{field.subject} is in region {arn.region}, but this {owner} is for region {environment.region}"
        yield f"{where}; use an ARN of that region, or a separate {owner}"
    elif arn.region and (fault := region_fault(arn.region)):
        yield f"{field.subject}'s ARN: {fault}"
    elif arn.region and arn.partition and arn.partition != (wanted := partition_of(arn.region)):
        where = f"{field.subject} is in region {arn.region}, which is in the partition {wanted}, not {arn.partition}"
        yield f"{where}; write arn:{wanted}:..."
    if field.is_of_account and arn.account and environment.account not in {None, arn.account}:
        where = f"{field.subject} is in account {arn.account}, but this {owner} is for account {environment.account}"
        yield f"{where}; use an ARN of that account, or a separate {owner}"


def _literal_parts(value: object) -> _Arn | None:
    parts = value.split(":", _ARN_PARTS - 1) if isinstance(value, str) and value.startswith("arn:") else []
    if len(parts) < _ARN_PARTS:
        return None
    partition, region, account = (None if "${" in part else part for part in (parts[1], parts[3], parts[4]))
    return _Arn(partition, region, account)


def _at(values: Mapping[str, Any], path: Iterable[Step]) -> Any:
    here: Any = values
    for step in path:
        here = here.get(step) if isinstance(here, Mapping) else None
    return here
