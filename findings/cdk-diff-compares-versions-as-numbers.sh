#!/usr/bin/env bash
# `cdk diff` shows no difference between the versions 16.1 and 16.10, or between the names 7 and 007.
#
# Expected: two strings are different values, as they are for CloudFormation and for the service. `cdk diff --fail`, on
# which a pipeline's approval depends, ends with 1, and the difference is shown.
#
# Happens: "There were no differences", and the exit code is 0. Two values are equal for the CLI if Number() of both is
# the same and one is a string (cloudformation-diff, deepEqual). The rule is meant for 10 and "10", but also applies to
# two strings: 16.1 and 16.10 are versions of PostgreSQL that Amazon RDS offers, 1e3 and 1000 may be names, and of two
# long numbers the last digits do not count. `cdk deploy` compares the whole templates and does send the change.
#
# With aws-cdk@2.1148.1 (npm).
#
# Output seen:
#   "16.2" -> "16.10": exit code 1, Number of stacks with differences: 1
#   "16.1" -> "16.10": exit code 0, Number of stacks with differences: 0
#   "007" -> "7": exit code 0, Number of stacks with differences: 0
#   "1e3" -> "1000": exit code 0, Number of stacks with differences: 0
#   "91343852333181432392" -> "91343852333181432393": exit code 0, Number of stacks with differences: 0
#   "0" -> "": exit code 0, Number of stacks with differences: 0
#
# Needs Node.js 20 or newer with npm. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$folder" aws-cdk@2.1148.1
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" CDK_DISABLE_CLI_TELEMETRY=true
cd "$folder"
mkdir cdk.out
cat > cdk.out/manifest.json <<'JSON'
{
  "version": "43.0.0",
  "artifacts": {
    "Stack": {
      "type": "aws:cloudformation:stack",
      "environment": "aws://unknown-account/unknown-region",
      "properties": { "templateFile": "template.json" }
    }
  }
}
JSON
template() {
  printf '{"Resources": {"Database": {"Type": "AWS::RDS::DBInstance", "Properties": {"EngineVersion": "%s"}}}}' "$1"
}
compare() {
  local code=0 output
  template "$1" > deployed.json
  template "$2" > cdk.out/template.json
  output=$(node_modules/.bin/cdk --app cdk.out --no-notices --no-color diff --fail --template deployed.json 2>&1) || code=$?
  echo "\"$1\" -> \"$2\": exit code $code, $(grep -o "Number of stacks with differences: .*" <<< "$output")" | tee -a seen
}
compare 16.2 16.10
for pair in "16.1 16.10" "007 7" "1e3 1000" "91343852333181432392 91343852333181432393" "0 "; do
  compare "${pair% *}" "${pair#* }"
done
[[ $(grep -c "exit code 1, .* 1$" seen) == 1 && $(grep -c "exit code 0, .* 0$" seen) == 5 ]]
