"""The errors of CloudFormation's API, in the words of AWS where they are known."""

from moto.core.exceptions import ServiceException


class TemplateError(ValueError):
    """A template that cannot be deployed: what is wrong, and where."""


class ResolutionError(TemplateError):
    """A value in a template that cannot be resolved."""


class ValidationError(ServiceException):
    """What most refusals of CloudFormation are called."""

    code = "ValidationError"


class AlreadyExistsError(ServiceException):
    """A stack or change set of that name is there already."""

    code = "AlreadyExistsException"


class ChangeSetNotFoundError(ServiceException):
    """No such change set: the CDK CLI waits for just this code after it deleted one."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatusError(ServiceException):
    """The change set cannot be executed as it is."""

    code = "InvalidChangeSetStatus"


class InsufficientCapabilitiesError(ServiceException):
    """The template makes IAM resources, and the caller did not acknowledge it."""

    code = "InsufficientCapabilitiesException"


def stack_not_found(name: str) -> ValidationError:
    """The error of a stack that is not there, worded so that the CDK CLI recognizes it."""
    return ValidationError(f"Stack with id {name} does not exist")
