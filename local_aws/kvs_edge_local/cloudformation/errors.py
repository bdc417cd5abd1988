"""Errors of CloudFormation's API, in AWS's words where known."""

from moto.core.exceptions import ServiceException


class TemplateError(ValueError):
    """Template that cannot be deployed, with the problem and its location."""


class ResolutionError(TemplateError):
    """Value in a template that cannot be resolved."""


class ValidationError(ServiceException):
    """Code of most of CloudFormation's refusals."""

    code = "ValidationError"


class AlreadyExistsError(ServiceException):
    """A stack or change set of that name exists."""

    code = "AlreadyExistsException"


class ChangeSetNotFoundError(ServiceException):
    """No such change set: the CDK CLI waits for this code after it deleted a change set."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatusError(ServiceException):
    """The change set cannot be executed in its current status."""

    code = "InvalidChangeSetStatus"


class InsufficientCapabilitiesError(ServiceException):
    """The template creates IAM resources, and the request does not acknowledge it."""

    code = "InsufficientCapabilitiesException"


def stack_not_found(name: str) -> ValidationError:
    """Return the error for a stack that does not exist, in the words that the CDK CLI recognizes."""
    return ValidationError(f"Stack with id {name} does not exist")
