"""The secret of a camera: its ARN, its content, and the URI in it. Pure rules: nothing here reads a secret."""

from kvs_edge_preflight.media_secret.arns import SUFFIX_WILDCARD, is_partial, is_same

__all__ = ["SUFFIX_WILDCARD", "is_partial", "is_same"]
