"""Errors of cloud assemblies."""


class AssemblyError(ValueError):
    """A directory that is no usable cloud assembly; the message names the file and the fix."""
