"""Refusals of simulated services."""


class ServiceError(Exception):
    """An error that a service answers with: its code, its text and its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
