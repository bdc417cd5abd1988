"""Errors that end a command; the message is what the user reads."""


class UsageError(ValueError):
    """Wrong arguments, or input that cannot be used."""


class AwsError(Exception):
    """A failed request to AWS."""


class RejectedError(AwsError):
    """A request that AWS answers with an error about this request, perhaps one that is new in the API."""


class DeniedError(RejectedError):
    """A request that the credentials do not allow.

    Attributes:
        action: The IAM action that they lack.
        region: The region of the request.
    """

    def __init__(self, message: str, action: str, region: str) -> None:
        super().__init__(message)
        self.action, self.region = action, region
