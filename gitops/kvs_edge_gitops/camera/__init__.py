"""The check of a camera: whether the hub can record it, and at what bit rate.

`check` asks the camera as the hub's client does, receives its video with PyAV in a process of its own, and judges what
it observed. PyAV comes with the extra `cdk-kvs-edge[camera]`; `is_available` says whether it is there. No message, repr
or exception holds any part of a URI.
"""

from kvs_edge_gitops.camera.check import STEPS, CameraReport, Settings, check, is_available
from kvs_edge_gitops.camera.issue import CameraCode, CameraIssue
from kvs_edge_gitops.camera.observation import Observation

__all__ = [
    "STEPS",
    "CameraCode",
    "CameraIssue",
    "CameraReport",
    "Observation",
    "Settings",
    "check",
    "is_available",
]
