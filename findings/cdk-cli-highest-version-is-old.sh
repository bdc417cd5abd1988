#!/usr/bin/env bash
# The CDK CLI with the highest version, 3.0.0, is too old for current assemblies, and its message asks for an upgrade.
#
# Expected: a higher version of aws-cdk reads everything that a lower version reads; "at least CLI version X" is what an
# assembly needs.
#
# Happens: 3.0.0 is an older release, marked as deprecated (npm's tag `latest` is a 2.x version); ranges such as ^3 or
# >2.1148.1 select it. It refuses an assembly that 2.1148.1 reads, since its schemas end at 43, and says "at least CLI
# version 2.1148.2" is needed. 3.0.0 is higher and fails; 2.1148.1 is lower and works: schemas are compared,
# minimumCliVersion is only printed.
#
# With aws-cdk@3.0.0, aws-cdk@2.1148.1, aws-cdk-lib@2.275.0, constructs@10.8.1 (npm); Node.js 20.20.2.
#
# Output seen:
#   the assembly: schema 55.0.0, minimumCliVersion 2.1148.2
#   aws-cdk@2.1148.1: Stack
#   aws-cdk@3.0.0: This CDK CLI is not compatible with the CDK library used by your application. Please upgrade the CLI to
#   the latest version. (Cloud assembly schema version mismatch: Maximum schema version supported is 43.x.x, but found
#   55.0.0. You need at least CLI version 2.1148.2 to read this manifest.)
#
# Needs Node.js 20 or newer with npm. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for name in app new old; do
  mkdir "$folder/$name"
done
npm_install() { npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$@"; }
npm_install "$folder/app" aws-cdk-lib@2.275.0 constructs@10.8.1
npm_install "$folder/new" aws-cdk@2.1148.1
npm_install "$folder/old" aws-cdk@3.0.0
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" CDK_DISABLE_CLI_TELEMETRY=true
cd "$folder/app"
node - <<'JAVASCRIPT'
const { App, CfnResource, Stack } = require("aws-cdk-lib");
const app = new App({ analyticsReporting: false, outdir: "cdk.out" });
new CfnResource(new Stack(app, "Stack"), "Topic", { type: "AWS::SNS::Topic" });
app.synth();
JAVASCRIPT
member() { node -p "require('./cdk.out/manifest.json').$1"; }
assembly="schema $(member version), minimumCliVersion $(member minimumCliVersion)"
echo "the assembly: $assembly"
new=$("$folder/new/node_modules/.bin/cdk" --app cdk.out --no-notices ls 2>&1)
echo "aws-cdk@2.1148.1: $new"
code=0
old=$("$folder/old/node_modules/.bin/cdk" --app cdk.out --no-notices ls 2>&1) || code=$?
echo "aws-cdk@3.0.0: ${old//$'\n'/ }"
[[ $assembly == "schema 55.0.0, minimumCliVersion 2.1148.2" && $new == Stack && $code == 1 ]]
[[ $old == *"Please upgrade the CLI to the latest version."* && $old == *"at least CLI version 2.1148.2"* ]]
