"""Cheaper look-ups for each request to moto: the caller's account, and the operations of a service."""

from functools import cache

from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import method_names_from_class
from moto.iam import models
from moto.iam.models import iam_backends

from kvs_edge_local.moto_patches import Patches


def look_up_cheaply(replacements: Patches) -> None:
    """Replace moto's look-ups: it inspects the class of the service for each request."""
    replacements.attribute(models, "get_account_id_from", account_of)
    replacements.attribute(responses, "method_names_from_class", cache(method_names_from_class))


def account_of(access_key: str) -> str:
    """Return the account of an access key, or the default one.

    moto creates IAM in each partition for this, each with a copy of AWS's thousand managed policies.
    """
    for account, partitions in list(iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return str(account)
    return str(DEFAULT_ACCOUNT_ID)
