"""Findings of cdk-nag's rule packs. Only what uses them pays for the import."""

from typing import Any


def violations(scope: Any) -> set[str]:
    """Return the names of the rules of all packs that a construct breaks, without the acknowledged ones."""
    import cdk_nag

    packs = (
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.NIST80053R4Checks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.PCIDSS321Checks,
        cdk_nag.ServerlessChecks,
    )
    return {rule for pack in packs for rule in _broken(pack, scope)}


def solutions_violations(scope: Any) -> list[str]:
    """Return the names of the rules of AwsSolutions that a construct breaks."""
    import cdk_nag

    return sorted(_broken(cdk_nag.AwsSolutionsChecks, scope))


def _broken(pack: Any, scope: Any) -> list[str]:
    return [found.rule_name for found in pack(scope).validate_scope(scope).violations]
