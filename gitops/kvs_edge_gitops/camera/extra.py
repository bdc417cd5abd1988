"""The extra with PyAV."""

INSTALL = 'pip install "cdk-kvs-edge[camera]"'
"""The command that installs it."""
