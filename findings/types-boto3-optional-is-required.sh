#!/usr/bin/env bash
# types-boto3-kinesisvideo declares members of a response as always there that the service may leave out.
#
# Expected: no member of DescribeEdgeConfiguration's response is required in the service's model, so the stubs declare them
# as NotRequired, as they do in nested structures, and a type checker reports response["FailedStatusDetails"] to a reader
# who forgot about it (typing: key may be missing).
#
# Happens: all members of the response itself are declared as required, so mypy --strict accepts a program that ends in a
# KeyError where nothing has failed. The members of EdgeAgentStatus, one level below, are NotRequired.
#
# With types-boto3-kinesisvideo==1.43.0, botocore==1.43.0, mypy==2.4.1.
#
# Output seen:
#   the model's required members: []
#   mypy --strict: Success: no issues found in 1 source file
#   at run time: KeyError: 'FailedStatusDetails'
#   FailedStatusDetails: str
#   EdgeAgentStatus: EdgeAgentStatusTypeDef
#   LastRecorderStatus: NotRequired[LastRecorderStatusTypeDef]
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  types-boto3-kinesisvideo==1.43.0 types-boto3==1.43.0 boto3==1.43.0 botocore==1.43.0 mypy==2.4.1
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder"
cat > program.py <<'PYTHON'
import boto3
from botocore.stub import Stubber

client = boto3.client("kinesisvideo", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
output = client.meta.service_model.operation_model("DescribeEdgeConfiguration").output_shape
print("the model's required members:", output.required_members if output else None)
with Stubber(client) as stubber:
    stubber.add_response("describe_edge_configuration", {"StreamName": "camera", "SyncStatus": "IN_SYNC"})
    response = client.describe_edge_configuration(StreamName="camera")
try:
    print(response["FailedStatusDetails"])
except KeyError as error:
    print("at run time: KeyError:", error)
PYTHON
"$folder/venv/bin/mypy" --strict program.py | sed "s/^/mypy --strict: /" | tee checked
"$folder/venv/bin/python" program.py | tee ran
declared() { sed -n "/^class $1(/,/^\$/s/^ *\($2: .*\)/\1/p" "$folder"/venv/lib/python*/site-packages/types_boto3_kinesisvideo/type_defs.py; }
{
  declared DescribeEdgeConfigurationOutputTypeDef FailedStatusDetails
  declared DescribeEdgeConfigurationOutputTypeDef EdgeAgentStatus
  declared EdgeAgentStatusTypeDef LastRecorderStatus
} | tee members
grep -q "Success" checked
grep -qF "required members: []" ran
grep -q "KeyError: 'FailedStatusDetails'" ran
grep -qx "FailedStatusDetails: str" members
grep -q "^LastRecorderStatus: NotRequired" members
