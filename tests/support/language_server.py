"""Client of a language server over standard input and output [Language Server Protocol 3.17]."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 300


class LanguageServer:
    """Session with a language server. An editor's part of it: opens documents, and asks."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path, settings: Mapping[str, Any]) -> None:
        self._process = process
        self._folder = folder
        self._settings = settings
        self._requests = 0
        self._published: dict[str, list[dict[str, Any]]] = {}

    def start(self) -> None:
        """Send the client's abilities, as an editor with snippets and Markdown has them."""
        item = {"snippetSupport": True, "documentationFormat": ["markdown"]}
        documents = {"completion": {"completionItem": item}, "hover": {"contentFormat": ["markdown"]}}
        abilities = {"textDocument": documents, "workspace": {"configuration": True}}
        self.ask("initialize", {"processId": None, "rootUri": self._folder.as_uri(), "capabilities": abilities})
        self._send({"method": "initialized", "params": {}})

    def diagnostics(self, text: str) -> list[dict[str, Any]]:
        """Open a new document, and return what the server underlines."""
        return self._published[self._open(text)]

    def _open(self, text: str) -> str:
        uri = (self._folder / f"edge/site-{len(self._published)}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while uri not in self._published:
            self._receive()
        return uri

    def completions(self, text: str) -> dict[str, str]:
        """Open a new document, and return the offers at its end: what each inserts, by label."""
        uri = self._open(text)
        lines = text.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        params = {"textDocument": {"uri": uri}, "position": position}
        found = self.ask("textDocument/completion", params)
        return {
            item["label"]: item.get("textEdit", {}).get("newText") or item.get("insertText", "")
            for item in found["items"]
        }

    def hover(self, text: str, line: int, character: int) -> str:
        """Open a new document, and return what the server shows for a position."""
        uri = self._open(text)
        params = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        found = self.ask("textDocument/hover", params)
        return found["contents"]["value"] if found else ""

    def ask(self, method: str, params: Any) -> Any:
        """Send a request, and return its result."""
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._requests and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _receive(self) -> dict[str, Any]:
        """Read one message; answer it if it is a request, and keep diagnostics."""
        assert self._process.stdout
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.decode().partition(": ")
            length = int(value) if name == "Content-Length" else length
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._published[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, request: Mapping[str, Any]) -> Any:
        if request["method"] != "workspace/configuration":
            return None
        return [self._settings.get(item.get("section", "")) for item in request["params"]["items"]]

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()


@contextmanager
def language_server(command: Sequence[str], folder: Path, settings: Mapping[str, Any]) -> Iterator[LanguageServer]:
    """Run a server for a folder; its settings are those that an editor would have, by section."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        # A server that never answers fails the tests instead of blocking them.
        watchdog = threading.Timer(_PATIENCE_SECONDS, process.kill)
        watchdog.start()
        try:
            server = LanguageServer(process, folder, settings)
            server.start()
            yield server
        finally:
            watchdog.cancel()
            process.kill()
