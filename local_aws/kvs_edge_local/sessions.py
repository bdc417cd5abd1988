"""boto3 sessions for the local AWS's own calls."""

import os

import boto3
import botocore.session
from botocore.loaders import create_loader

# Without the developer's own AWS configuration: a missing profile would break every call.
_NO_CONFIGURATION = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
# The sessions share what is read of botocore's data: with a loader of its own, each would parse the endpoints and the
# service's model again.
_LOADER = create_loader()


def new_session() -> boto3.Session:
    """Return a session without configuration; give its clients their region and their credentials."""
    session = botocore.session.Session(_NO_CONFIGURATION)
    session.register_component("data_loader", _LOADER)
    return boto3.Session(botocore_session=session)
