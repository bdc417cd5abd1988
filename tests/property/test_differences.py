"""Differences of configurations, against what they are for."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kvs_edge.configuration import DOCUMENTED_DEFAULTS, holds, matches
from kvs_edge_gitops.comparison.differences import differences

_SCHEDULE = st.fixed_dictionaries(
    {"ScheduleExpression": st.sampled_from(["0 0 9 * * ?", "0 0 8 * * ?"]), "DurationInSeconds": st.integers(60, 62)}
)
_DELETION = st.fixed_dictionaries(
    {},
    optional={
        "EdgeRetentionInHours": st.sampled_from([1, 24, 720]),
        "DeleteAfterUpload": st.booleans(),
        "LocalSizeConfig": st.fixed_dictionaries(
            {},
            optional={
                "MaxLocalMediaSizeInMB": st.sampled_from([64, 65]),
                "StrategyOnFullSize": st.sampled_from(["DELETE_OLDEST_MEDIA", "DENY_NEW_MEDIA"]),
            },
        ),
    },
)
CONFIGS = st.fixed_dictionaries(
    {"HubDeviceArn": st.sampled_from(["hub-a", "hub-b"])},
    optional={
        "RecorderConfig": st.fixed_dictionaries({}, optional={"ScheduleConfig": _SCHEDULE}),
        "UploaderConfig": st.fixed_dictionaries({"ScheduleConfig": _SCHEDULE}),
        "DeletionConfig": _DELETION,
    },
)


def _at(config: Any, path: str) -> Any:
    for step in path.split("."):
        config = config.get(step, {})
    return config


def _put(config: Any, path: str, value: Any) -> None:
    *above, last = path.split(".")
    for step in above:
        config = config.setdefault(step, {})
    if value is None:
        del config[last]
    else:
        config[last] = value


def _paths(config: Any, prefix: str = "") -> set[str]:
    return {
        path
        for name, value in config.items()
        for path in (_paths(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name})
    }


@given(CONFIGS, CONFIGS)
def test_there_is_none_exactly_where_two_match(observed, desired):
    """The list is empty where nothing would change, and only there."""
    assert (differences(observed, desired) == ()) is matches(observed, desired)


@given(CONFIGS, CONFIGS)
def test_each_is_a_field_that_is_not_alike_and_none_is_missing(observed, desired):
    """Each path is reported once with both values; other paths are equal, or a default that was filled in."""
    told = {one.field: one for one in differences(observed, desired)}
    assert len(told) == len(differences(observed, desired))
    for path in _paths(observed) | _paths(desired):
        before, after = _at(observed, path), _at(desired, path)
        if path in told:
            assert (told[path].observed, told[path].desired) == (
                None if before == {} else before,
                None if after == {} else after,
            )
            assert before != after
        else:
            assert before == after or (after == {} and DOCUMENTED_DEFAULTS[path] == before)


@given(CONFIGS, CONFIGS)
def test_made_one_by_one_they_lead_to_a_match(observed, desired):
    """Nothing more than what is told has to change."""
    changed = copy.deepcopy(observed)
    for one in differences(observed, desired):
        _put(changed, one.field, one.desired)
    assert matches(changed, desired)
    assert holds(changed, desired)


@given(CONFIGS)
def test_a_configuration_differs_in_nothing_from_itself_and_its_defaults(config):
    """The result is the same with and without defaults in the response."""
    filled = copy.deepcopy(config)
    for path, value in DOCUMENTED_DEFAULTS.items():
        if _at(filled, path) == {}:
            _put(filled, path, value)
    assert differences(filled, config) == ()
    assert differences(config, config) == ()
