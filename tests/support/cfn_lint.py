"""Remarks of cfn-lint."""


def remarks(template: str) -> list[str]:
    """Return the errors and warnings about a template, in two regions."""
    # A second of CPU in each process that collects the tests.
    from cfnlint.api import ManualArgs, lint

    return [str(match) for match in lint(template, config=ManualArgs(regions=["us-west-2", "eu-west-1"]))]
