"""Findings of all rule packs of cdk-nag."""

from typing import Any

from cdk_nag import (
    AwsSolutionsChecks,
    HIPAASecurityChecks,
    NIST80053R4Checks,
    NIST80053R5Checks,
    PCIDSS321Checks,
    ServerlessChecks,
)

PACKS = (
    AwsSolutionsChecks,
    HIPAASecurityChecks,
    NIST80053R4Checks,
    NIST80053R5Checks,
    PCIDSS321Checks,
    ServerlessChecks,
)


def violations(scope: Any) -> set[str]:
    """Return the names of the rules that a construct breaks, without the acknowledged ones."""
    return {found.rule_name for pack in PACKS for found in pack(scope).validate_scope(scope).violations}
