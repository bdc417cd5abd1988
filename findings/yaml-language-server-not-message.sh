#!/usr/bin/env bash
# yaml-language-server ignores errorMessage of a schema with `not`, which VS Code's JSON language service shows.
#
# Expected: both servers come from the same code and read the same keyword errorMessage: one schema has one message.
#
# Happens: for {"not": ..., "errorMessage": "Choose one."}, the JSON service shows "Choose one.", and the YAML server
# "Matches a schema that is not allowed." For a missing property of {"required": ..., "errorMessage": ...} it is the other
# way round: the YAML server shows the errorMessage.
#
# With yaml-language-server@2.0.0, vscode-json-languageservice@5.7.2 (npm); Node.js 24.19.0.
#
# Output seen:
#   not, JSON: Choose one.
#   not, YAML: Matches a schema that is not allowed.
#   required, JSON: Missing property "name".
#   required, YAML: Give a name.
#
# Needs Node.js 20.19 or newer with npm. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$folder" \
  yaml-language-server@2.0.0 vscode-json-languageservice@5.7.2
cd "$folder"
cat > schemas.json <<'JSON'
{
  "not": {"type": "object", "not": {"required": ["a", "b"]}, "errorMessage": "Choose one."},
  "required": {"type": "object", "required": ["name"], "errorMessage": "Give a name."}
}
JSON
cat > json.cjs <<'JAVASCRIPT'
const { getLanguageService, TextDocument } = require("vscode-json-languageservice");
const schema = require("./schemas.json")[process.argv[2]];
const service = getLanguageService({});
service.configure({ validate: true, schemas: [{ uri: "memory:s", fileMatch: ["*"], schema }] });
const document = TextDocument.create("memory:a.json", "json", 1, '{"a": 1, "b": 2}');
service.doValidation(document, service.parseJSONDocument(document)).then((found) => console.log(found[0].message));
JAVASCRIPT
cat > yaml.cjs <<'JAVASCRIPT'
const fs = require("node:fs");
const { pathToFileURL } = require("node:url");
fs.writeFileSync("schema.json", JSON.stringify(require("./schemas.json")[process.argv[2]]));
const schema = pathToFileURL("schema.json").href;
const settings = { schemas: { [schema]: "*.yaml" }, schemaStore: { enable: false }, validate: true };
const server = require("node:child_process").spawn("node_modules/.bin/yaml-language-server", ["--stdio"]);
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};
let read = "";
server.stdout.on("data", (data) => {
  read += data;
  for (let end; (end = read.indexOf("\r\n\r\n")) >= 0; ) {
    const length = Number(/Content-Length: (\d+)/.exec(read)[1]);
    if (read.length < end + 4 + length) return;
    handle(JSON.parse(read.slice(end + 4, end + 4 + length)));
    read = read.slice(end + 4 + length);
  }
});
const document = { uri: "file:///a.yaml", languageId: "yaml", version: 1, text: "a: 1\nb: 2\n" };
function handle({ id, method, params, result }) {
  if (method === "workspace/configuration") {
    send({ id, result: params.items.map(({ section }) => (section === "yaml" ? settings : null)) });
  } else if (method === "textDocument/publishDiagnostics") {
    console.log(params.diagnostics[0].message);
    process.exit();
  } else if (method && id !== undefined) {
    send({ id, result: null });
  } else if (result && id === 1) {
    send({ method: "initialized", params: {} });
    send({ method: "textDocument/didOpen", params: { textDocument: document } });
  }
}
const capabilities = { workspace: { configuration: true } };
send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities } });
JAVASCRIPT
seen=""
for keyword in not required; do
  seen+="$keyword, JSON: $(node json.cjs "$keyword")"$'\n'
  seen+="$keyword, YAML: $(node yaml.cjs "$keyword")"$'\n'
done
printf '%s' "$seen"
[[ $seen == *"not, JSON: Choose one."*"not, YAML: Matches a schema that is not allowed."* ]]
[[ $seen == *'required, JSON: Missing property "name".'*"required, YAML: Give a name."* ]]
