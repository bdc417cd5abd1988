"""The table in the Lambda and jsonschema at synthesis: one verdict on each declaration."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kvs_edge import schema
from kvs_edge.errors import ConfigurationError
from kvs_edge_preflight.faults import find_faults

NAMES = st.text("abcXYZ019_.-", min_size=1, max_size=30)
SCHEDULES = st.fixed_dictionaries(
    {
        "ScheduleExpression": st.sampled_from(["0 0 9-16 * * ? *", "0 0 22,23 ? * MON-FRI *"]),
        "DurationInSeconds": st.integers(60, 3600),
    }
)
SECRETS = NAMES.map(lambda name: f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}")
DECLARATIONS = st.fixed_dictionaries(
    {
        "StreamName": NAMES,
        "EdgeConfig": st.fixed_dictionaries(
            {
                "HubDeviceArn": NAMES.map(lambda name: f"arn:aws:iot:eu-west-1:123456789012:thing/{name}"),
                "RecorderConfig": st.fixed_dictionaries(
                    {
                        "MediaSourceConfig": st.fixed_dictionaries(
                            {
                                "MediaUriSecretArn": SECRETS,
                                "MediaUriType": st.sampled_from(["RTSP_URI", "FILE_URI"]),
                            }
                        )
                    },
                    optional={"ScheduleConfig": SCHEDULES},
                ),
            },
            optional={
                "UploaderConfig": st.fixed_dictionaries({"ScheduleConfig": SCHEDULES}),
                "DeletionConfig": st.fixed_dictionaries(
                    {},
                    optional={
                        "EdgeRetentionInHours": st.integers(1, 720),
                        "LocalSizeConfig": st.fixed_dictionaries(
                            {},
                            optional={
                                "MaxLocalMediaSizeInMB": st.integers(64, 2_000_000),
                                "StrategyOnFullSize": st.sampled_from(["DELETE_OLDEST_MEDIA", "DENY_NEW_MEDIA"]),
                            },
                        ),
                        "DeleteAfterUpload": st.booleans(),
                    },
                ),
            },
        ),
    },
    optional={
        "RemovalPolicy": st.sampled_from(["RETAIN", "DESTROY"]),
        "HubMove": st.sampled_from(["FORBIDDEN", "ALLOWED"]),
        "WaitFor": st.sampled_from(["NOTHING", "SYNC", "RECORDING"]),
        "HubTimeZone": st.text(min_size=1, max_size=64),
        "WaitForSync": st.booleans(),
        "SyncTimeoutInSeconds": st.integers(60, 3420),
        "SyncToken": st.text(min_size=1, max_size=20),
    },
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3_000_000),
    st.floats(allow_nan=False),
    st.sampled_from(["", "\n", "true", "60", "-1", "60\n", "arn:aws:iot:eu-west-1:123456789012:thing/a\n", "x" * 2049]),
    st.text(max_size=12),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["StreamName", "ScheduleConfig", "Other"]), st.integers(), max_size=2),
)


@st.composite
def mutated(draw) -> dict[str, Any]:
    """Generate a declaration with one to three changes: a field with an odd value, removed, or invented."""
    declaration = copy.deepcopy(draw(DECLARATIONS))
    for _ in range(draw(st.integers(1, 3))):
        place, name = draw(st.sampled_from(list(_places(declaration))))
        change = draw(st.sampled_from(["odd", "gone", "new"]))
        if change == "odd":
            place[name] = draw(ODD)
        elif change == "gone":
            del place[name]
        else:
            place[draw(st.sampled_from(["StreamARN", "ScheduleConfig", "Unknown", "a.b"]))] = draw(ODD)
        if not declaration:
            break
    return declaration


def _places(structure):
    for name, value in structure.items():
        yield structure, name
        if isinstance(value, dict):
            yield from _places(value)


def _stringified(value):
    if isinstance(value, dict):
        return {name: _stringified(member) for name, member in value.items()}
    return value if isinstance(value, str) else json.dumps(value)


def _refusal(declaration):
    try:
        schema.check(declaration, "it")
    except ConfigurationError as error:
        return error.faults
    return ()


@given(DECLARATIONS)
def test_a_right_declaration_is_right_to_both_also_as_cloudformation_delivers_it(declaration):
    """Its strings become what they were."""
    assert find_faults(declaration) == []
    assert _refusal(declaration) == ()
    assert schema.typed(_stringified(declaration)) == declaration


@given(mutated())
def test_a_mutated_declaration_has_one_verdict(declaration):
    """The Lambda's one fault is among those that synthesis finds, in the same words; synthesis adds suggestions."""
    before = copy.deepcopy(declaration)
    faults, refusal = find_faults(declaration), _refusal(declaration)
    assert bool(faults) == bool(refusal)
    assert set(map(str, refusal)) <= {str(fault).partition("; did you mean ")[0] for fault in faults}
    assert declaration == before


@given(mutated())
def test_a_mutated_declaration_has_one_verdict_when_cloudformation_delivers_it(declaration):
    """A number that is no number stays a string, and is refused by both."""
    delivered = schema.typed(_stringified(declaration))
    assert bool(find_faults(delivered)) == bool(_refusal(delivered))
