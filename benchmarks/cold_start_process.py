"""The measured process: Lambda's import path, the handler, its events; then the time and CPU time it all took.

Run by path with `python -I -S`. Arguments: the folder of the function's code, the folder of what the runtime offers,
the handler, a file with each event, where "-" is what the event before it returned. Its last line of output is JSON;
see `cold_start.py`.
"""

import time

started = time.time(), time.process_time()

import importlib  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402


class Context:
    """Of Lambda's context, what handlers use here."""

    function_name = "function"
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self):
        """As long as the tick function has."""
        return 180_000


def read(event_file):
    with open(event_file) as file:  # noqa: PTH123 - pathlib would be an import of ours
        return json.load(file)


def main(task_folder, runtime_folder, handler, *event_files):
    events = [None if name == "-" else read(name) for name in event_files]
    sys.path[:0] = [task_folder, runtime_folder]
    module, _, function = handler.rpartition(".")
    handle = getattr(importlib.import_module(module), function)
    imported = time.time(), time.process_time()
    result = None
    for event in events:
        result = handle(result if event is None else event, Context())
    handled = time.time(), time.process_time()
    print("\n" + json.dumps({"started": started, "imported": imported, "handled": handled}))


main(*sys.argv[1:])
