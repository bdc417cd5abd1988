#!/usr/bin/env bash
# VS Code's JSON language service completes a property of two types without its colon.
#
# Expected: the completion of a property inserts its name and a colon, whatever its type, as for {"type": "string"}.
#
# Happens: for a schema without a single `type` (here anyOf), only the name is inserted, and the document is not JSON until
# the colon is typed. With `examples`, `default` or a `type` beside anyOf, the colon is there. yaml-language-server 2.0.0
# inserts it in each case.
#
# With vscode-json-languageservice@5.7.2 (npm); Node.js 24.19.0.
#
# Output seen:
#   string: "string": "$1"
#   either: "either"
#   example: "example": "${1:a}"
#
# Needs Node.js 20 or newer with npm. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$folder" vscode-json-languageservice@5.7.2
cd "$folder"
seen=$(node - <<'JAVASCRIPT'
const { getLanguageService, TextDocument } = require("vscode-json-languageservice");
const anyOf = [{ type: "string" }, { type: "object" }];
const properties = { string: { type: "string" }, either: { anyOf }, example: { anyOf, examples: ["a"] } };
const service = getLanguageService({});
service.configure({ schemas: [{ uri: "memory:schema", fileMatch: ["*"], schema: { type: "object", properties } }] });
const document = TextDocument.create("memory:a.json", "json", 1, "{}");
service.doComplete(document, { line: 0, character: 1 }, service.parseJSONDocument(document)).then((found) => {
  for (const { label, textEdit } of found.items) console.log(`${label}: ${textEdit.newText}`);
});
JAVASCRIPT
)
echo "$seen"
[[ $seen == $'string: "string": "$1"\neither: "either"\nexample: "example": "${1:a}"' ]]
