"""Errors of the monitor."""


class OrderError(ValueError):
    """An event that is not an order of the schedule: it names the value and what is valid."""


class ReadFailedError(Exception):
    """A call of AWS that failed; the text names the operation, the error's code and its message."""
