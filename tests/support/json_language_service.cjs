// Answers of VS Code's JSON language service, and of ajv in strict mode, about a schema: one request on standard input.
// {schema, standard, documents: {name: text}, completions: {name: text with a | for the cursor}}
const { getLanguageService, TextDocument } = require("vscode-json-languageservice");
const Ajv = require("ajv");

const read = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const service = getLanguageService({});
service.configure({ validate: true, schemas: [{ uri: "memory:schema", fileMatch: ["*"], schema: read.schema }] });

async function diagnostics(text) {
  const document = TextDocument.create("memory:site.json", "json", 1, text);
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  return found.map((one) => [document.getText(one.range), one.message]);
}

async function completions(text) {
  const offset = text.indexOf("|");
  const document = TextDocument.create("memory:site.json", "json", 1, text.replace("|", ""));
  const parsed = service.parseJSONDocument(document);
  const found = await service.doComplete(document, document.positionAt(offset), parsed);
  return Object.fromEntries(found.items.map((one) => [one.label, one.textEdit?.newText ?? one.insertText]));
}

async function each(texts, answer) {
  const answered = Object.entries(texts).map(async ([name, text]) => [name, await answer(text)]);
  return Object.fromEntries(await Promise.all(answered));
}

(async () => {
  new Ajv({ strict: true }).compile(read.standard);
  const ajv = new Ajv({ strict: true });
  ajv.addVocabulary(read.vocabulary);
  ajv.compile(read.schema);
  const answers = { diagnostics: await each(read.documents, diagnostics), completions: await each(read.completions, completions) };
  process.stdout.write(JSON.stringify(answers));
})();
