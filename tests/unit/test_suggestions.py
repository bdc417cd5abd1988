"""Suggestions for mistyped names."""

import pytest

from kvs_edge_preflight.footage import Acknowledgement
from kvs_edge_preflight.footage.acknowledgements import apply_acknowledgements
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.finding import Finding
from kvs_edge_preflight.suggestions import did_you_mean, similar


@pytest.mark.parametrize(
    ("word", "found"), [("hub_moves", "hub_move"), ("HUBMOVE", "hub_move"), ("camera", None), ("h" * 201, None)]
)
def test_the_nearest_name_is_suggested_whatever_its_case(word, found):
    assert similar(word, ["hub_move", "sync_token"]) == found


def test_a_mistyped_code_is_corrected_where_it_is_acknowledged():
    code = FindingCode.FILE_URI_IN_DOUBT
    finding = Finding(code=code, severity=code.severity, message="", path="", hub="hub")
    (fault,) = apply_acknowledgements([], [Acknowledgement("FileUriDoubt", "known")], finding).findings
    assert fault.message.endswith("; did you mean FileUriInDoubt?")
    assert did_you_mean("x", ["FileUriInDoubt"]) == ""
