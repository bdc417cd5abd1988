"""Clients of the functions: kept, with one try, and faster to make than boto3's."""

import gc
import importlib
import sys
from contextlib import nullcontext
from types import ModuleType, SimpleNamespace

import pytest
from botocore.loaders import Loader

from kvs_edge import clients, light_crhelper, transport
from kvs_edge.clients import client


@pytest.fixture
def make(monkeypatch):
    """Return a function that replaces how the session makes a client."""

    def replace(create):
        monkeypatch.setattr(clients, "session", lambda: SimpleNamespace(create_client=create))

    client.cache_clear()
    yield replace
    client.cache_clear()


def _made():
    return SimpleNamespace(meta=SimpleNamespace(events=SimpleNamespace(register=lambda *_: None)))


@pytest.mark.parametrize("before", [True, False], ids=["enabled", "disabled"])
@pytest.mark.parametrize("error", [None, RuntimeError("no client")], ids=["fine", "failing"])
def test_the_garbage_collector_is_afterwards_as_it_was(make, before, error):
    """It is disabled only while a client is made."""
    was = gc.isenabled()
    seen = []

    def create(service, config):
        seen.append(gc.isenabled())
        if error:
            raise error
        return _made()

    make(create)
    (gc.enable if before else gc.disable)()
    try:
        with pytest.raises(RuntimeError) if error else nullcontext():
            client("kinesisvideo", 1, 2)
        assert gc.isenabled() is before
        assert seen == [False]
    finally:
        (gc.enable if was else gc.disable)()


def test_a_client_is_kept_for_later_invocations(make):
    """One per service, with one try and its time limits."""
    made = []
    make(lambda service, config: made.append((service, config)) or _made())
    first = client("kinesisvideo", 5, 15)
    assert client("kinesisvideo", 5, 15) is first
    assert client("cloudformation", 2, 3) is not first
    assert [service for service, _ in made] == ["kinesisvideo", "cloudformation"]
    config = made[0][1]
    assert (config.connect_timeout, config.read_timeout) == (5, 15)
    assert config.retries["total_max_attempts"] == 1


def test_a_client_knows_its_service_without_listing_the_folders_of_all(monkeypatch):
    """Botocore lists 400 folders twice, which is half of the time of a client."""
    monkeypatch.setattr(Loader, "list_available_services", None)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    clients.session.cache_clear()
    client.cache_clear()
    made = client("kinesisvideo", 5, 15)
    assert made.meta.endpoint_url == "https://kinesisvideo.cn-north-1.amazonaws.com.cn"
    assert clients.session() is clients.session()
    clients.session.cache_clear()
    client.cache_clear()


def test_a_client_sends_through_the_shared_connections(monkeypatch):
    """With its own time limits."""
    sent = []

    def send(request, timeout):
        sent.append((request.url, timeout.connect_timeout, timeout.read_timeout))
        raise KeyboardInterrupt

    monkeypatch.setattr(transport, "send", send)
    for name, value in (("DEFAULT_REGION", "eu-west-1"), ("ACCESS_KEY_ID", "x"), ("SECRET_ACCESS_KEY", "x")):
        monkeypatch.setenv(f"AWS_{name}", value)
    clients.session.cache_clear()
    client.cache_clear()
    with pytest.raises(KeyboardInterrupt):
        client("kinesisvideo", 5, 15).describe_edge_configuration(StreamName="front-door")
    assert sent == [("https://kinesisvideo.eu-west-1.amazonaws.com/describeEdgeConfiguration", 5, 15)]
    clients.session.cache_clear()
    client.cache_clear()


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "not loaded"])
def test_crhelper_is_imported_without_boto3(monkeypatch, loaded):
    """boto3 is afterwards as it was: a module that imports it later gets the real one."""
    boto3 = ModuleType("boto3")
    monkeypatch.delitem(sys.modules, "boto3", raising=False)
    if loaded:
        monkeypatch.setitem(sys.modules, "boto3", boto3)
    importlib.reload(light_crhelper)
    assert sys.modules.get("boto3") is (boto3 if loaded else None)
