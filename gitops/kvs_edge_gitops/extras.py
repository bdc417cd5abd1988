"""Commands that install the extras of the package, for messages."""

INSTALL_CAMERA = 'pip install "cdk-kvs-edge[camera]"'
"""PyAV, for the check of cameras."""
