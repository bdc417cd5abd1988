"""crhelper, imported without boto3.

crhelper imports boto3 only for its own polling, which the handler does not use. boto3's import is a tenth of a cold
start.
"""

import sys
from types import ModuleType

_NAME = "boto3"
_is_missing = _NAME not in sys.modules

if _is_missing:
    sys.modules[_NAME] = ModuleType(_NAME)
try:
    from crhelper import FAILED, CfnResource
finally:
    if _is_missing:
        del sys.modules[_NAME]

__all__ = ["FAILED", "CfnResource"]
