"""Errors that end a command; the message is what the user reads."""


class UsageError(ValueError):
    """Wrong arguments, or input that cannot be used."""


class AwsError(Exception):
    """A failed request to AWS."""
