"""The secret of a camera: its ARN, its content, and the URI in it.

Pure rules: nothing here reads a secret, and no message holds any part of one.
"""

from kvs_edge_preflight.media_secret.arns import SUFFIX_WILDCARD, is_partial, is_same
from kvs_edge_preflight.media_secret.camera import Camera, host_fault, path_fault
from kvs_edge_preflight.media_secret.content import KEY, judge_content
from kvs_edge_preflight.media_secret.issue import Issue, IssueCode, Severity, SeverityCode
from kvs_edge_preflight.media_secret.uri import judge_uri

__all__ = [
    "KEY",
    "SUFFIX_WILDCARD",
    "Camera",
    "Issue",
    "IssueCode",
    "Severity",
    "SeverityCode",
    "host_fault",
    "is_partial",
    "is_same",
    "judge_content",
    "judge_uri",
    "path_fault",
]
