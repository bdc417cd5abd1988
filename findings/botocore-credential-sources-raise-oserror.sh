#!/usr/bin/env bash
# botocore raises FileNotFoundError, not one of its own exceptions, for a credential source that is missing.
#
# Expected: a failure of the credentials is a BotoCoreError, as it is for a credential_process that ends with an error
# (CredentialRetrievalError), so that a program which catches BotoCoreError and ClientError handles all of them.
#
# Happens: a credential_process that does not exist, and a web_identity_token_file that does not exist, end in the
# FileNotFoundError of subprocess and of open(). An MFA code without a terminal ends in the EOFError of getpass.
#
# With boto3==1.44.5, botocore==1.44.5.
#
# Output seen:
#   failing -> CredentialRetrievalError, a BotoCoreError: True
#   missing -> FileNotFoundError, a BotoCoreError: False
#   token -> FileNotFoundError, a BotoCoreError: False
#   mfa -> EOFError, a BotoCoreError: False
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check boto3==1.44.5 botocore==1.44.5
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" AWS_DEFAULT_REGION=us-east-1 AWS_CONFIG_FILE="$folder/config"
cat > config <<'CONFIG'
[profile failing]
credential_process = /bin/sh -c "exit 3"
[profile missing]
credential_process = /no/such/program
[profile token]
role_arn = arn:aws:iam::123456789012:role/any
web_identity_token_file = /no/such/file
[profile keys]
aws_access_key_id = test
aws_secret_access_key = test
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/any
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/any
CONFIG
cat > probe.py <<'PYTHON'
import boto3
from botocore.exceptions import BotoCoreError

seen = {}
for profile in ("failing", "missing", "token", "mfa"):
    try:
        boto3.Session(profile_name=profile).get_credentials().get_frozen_credentials()
    except Exception as error:
        seen[profile] = type(error).__name__, isinstance(error, BotoCoreError)
        print(f"{profile} -> {seen[profile][0]}, a BotoCoreError: {seen[profile][1]}")
assert seen == {
    "failing": ("CredentialRetrievalError", True),
    "missing": ("FileNotFoundError", False),
    "token": ("FileNotFoundError", False),
    "mfa": ("EOFError", False),
}
PYTHON
# Without a terminal, as in a pipeline.
setsid --wait "$folder/venv/bin/python" -W ignore probe.py </dev/null 2>/dev/null
