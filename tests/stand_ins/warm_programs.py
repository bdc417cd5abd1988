"""kvs-edge and `python app.py` without their imports: a process that has imported both forks for each of their runs.

The imports of a command take longer than most commands, and those of a CDK app longer than its synthesis. A fork has
the folder, the environment and the files of `warm_client.py`, which stands for the program. The forks run one after the
other, because the apps share the process in which jsii runs JavaScript. That process has another folder and
environment, so the variables of the CDK CLI reach an app as arguments.

tests/examples/test_cdk_pipelines.py starts the real programs.
"""

import functools
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

_LARGEST = 1 << 16
_PRELOADED = ("boto3", "cdk_kvs_edge", "jsonschema", "yaml")


@contextmanager
def warm_programs(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run the process; yield the variables that `programs/` needs."""
    address = folder / "programs"
    command = [sys.executable, __file__, str(address)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        yield {"WARM_PROGRAMS": str(address), "WARM_PYTHON": sys.executable}
        process.terminate()


def _serve(address: str) -> None:
    """Fork for each client, and answer it with the exit code."""
    _preload()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("listening", flush=True)  # noqa: T201 - for the process that started this one
        while True:
            channel, _ = listening.accept()
            with channel:
                _, files, _, _ = socket.recv_fds(channel, 1, 3)
                order = json.loads(_all(channel))
                worker = os.fork()
                if worker == 0:
                    _become(files, order["folder"], order["variables"])
                    _end(order["arguments"])
                for file in files:
                    os.close(file)
                code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
                channel.sendall(str(code).encode())


def _all(channel: socket.socket) -> bytes:
    return b"".join(iter(lambda: channel.recv(_LARGEST), b""))


def _preload() -> None:
    for name in _PRELOADED:
        import_module(name)
    package = import_module("kvs_edge_gitops")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith(".__main__"):
            import_module(module.name)


def _become(files: Sequence[int], folder: str, variables: Mapping[str, str]) -> None:
    """Give this process the files, the folder and the environment of the client."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - a stream, as Python starts with it
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)


def _end(arguments: Sequence[str]) -> None:
    """Run the program, and end without the handlers of this process's end, which would stop jsii."""
    code = 1
    try:
        code = _run(*arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(program: str, *arguments: str) -> int:
    sys.argv[:] = [program, *arguments]
    if program == "kvs-edge":
        return int(import_module("kvs_edge_gitops.cli").main(arguments))
    (app,) = arguments
    cdk = import_module("aws_cdk")
    context = json.loads(os.environ["CDK_CONTEXT_JSON"])
    cdk.App = functools.partial(cdk.App, outdir=str(Path(os.environ["CDK_OUTDIR"]).resolve()), context=context)
    sys.argv[:] = arguments
    sys.path.insert(0, os.getcwd())  # noqa: PTH109
    runpy.run_path(str(Path(app).resolve()), run_name="__main__")
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
