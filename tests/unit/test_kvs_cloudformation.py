"""The body of a response."""

import json

import pytest

from kvs_edge.cloudformation import MAX_BODY_BYTES, response_body


def _response(reason: str, **others: object) -> dict:
    return {"Status": "FAILED", "PhysicalResourceId": "front-door", "Data": {}, **others, "Reason": reason}


def test_a_response_that_fits_is_left_as_it_is():
    """In UTF-8, as CloudFormation takes it."""
    response = _response("Kamera fällt aus: \U0001f4f7")
    assert json.loads(response_body(response)) == response


@pytest.mark.parametrize("character", ["x", "é", "€", "\U0001f4f7", "\x00", '"', "\\", "\ud800", "\u2028"])
def test_no_response_is_larger_than_cloudformation_takes(character):
    """CloudFormation ignores an oversized response. The code and the link of its reason are kept."""
    link = " See https://cdk-kvs-edge.readthedocs.io/en/stable/runbook/#syncfailed"
    response = _response(
        "SyncFailed: " + character * 5000 + link, Data={"StreamARN": "a" * 1024, "StreamName": "n" * 256}
    )
    body = response_body(response)
    assert len(body) <= MAX_BODY_BYTES
    told = json.loads(body)["Reason"]
    assert told.startswith("SyncFailed: ")
    assert told.endswith(link)
    assert len(told) > 100


def test_half_of_a_surrogate_pair_is_replaced():
    """It cannot be sent, and is no reason to send nothing."""
    assert json.loads(response_body(_response("a\ud800b")))["Reason"] == "a?b"


def test_what_is_too_large_without_a_reason_is_sent_all_the_same():
    """CloudFormation's own ids and our attributes fit; there is nothing else to take away."""
    assert json.loads(response_body(_response("words", Data={"x": "y" * 5000})))["Reason"] == ""
