"""Evaluation of policies: actions, resources, conditions, Deny and boundary."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvs_edge_local.iam.patterns import UnsupportedPolicyError, matches, matches_action, matches_resource
from kvs_edge_local.iam.policy import Asked, Grant, Outcome, evaluate, parse

CAM = "arn:aws:kinesisvideo:eu-central-1:123456789012:stream/cam-1/1700000000000"
CAM_PATTERN = "arn:aws:kinesisvideo:eu-central-1:123456789012:stream/cam-1/*"
DESCRIBE = "kinesisvideo:DescribeEdgeConfiguration"
START = "kinesisvideo:StartEdgeConfigurationUpdate"
DELETE = "kinesisvideo:DeleteEdgeConfiguration"


def statement(effect="Allow", action=DESCRIBE, resource=CAM_PATTERN, **more):
    return {"Effect": effect, "Action": action, "Resource": resource} | more


def policy(*statements, name="inline"):
    return parse(name, {"Version": "2012-10-17", "Statement": list(statements)})


def decide(statements, action=DESCRIBE, resource=CAM, boundary=None, **context):
    asked = Asked(action, resource, {f"aws:ResourceTag/{key}": value for key, value in context.items()})
    return evaluate(statements, asked, boundary).outcome


def test_what_no_statement_allows_is_refused():
    assert decide(()) is Outcome.NOT_ALLOWED
    assert decide(policy(statement(action=START))) is Outcome.NOT_ALLOWED


def test_an_allow_of_action_and_resource_is_enough():
    assert decide(policy(statement())) is Outcome.ALLOWED


def test_an_allow_of_another_stream_is_not():
    other = CAM.replace("cam-1", "cam-10")
    assert decide(policy(statement()), resource=other) is Outcome.NOT_ALLOWED


def test_an_explicit_deny_wins_in_every_position():
    allow, deny = statement(action="*", resource="*"), statement("Deny")
    assert decide(policy(allow, deny)) is Outcome.DENIED_EXPLICITLY
    assert decide(policy(deny, allow)) is Outcome.DENIED_EXPLICITLY
    assert decide(policy(allow, deny), action=START) is Outcome.ALLOWED


def test_actions_and_resources_may_be_lists_and_a_single_statement_needs_none():
    both = parse("inline", {"Statement": statement(action=[START, DESCRIBE], resource=["arn:x", CAM])})
    assert decide(both) is Outcome.ALLOWED


def test_a_policy_may_be_json_text():
    text = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    assert decide(parse("inline", text)) is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("pattern", "action", "matching"),
    [
        ("*", DESCRIBE, True),
        ("kinesisvideo:*", DESCRIBE, True),
        ("KinesisVideo:describeEDGEconfiguration", DESCRIBE, True),
        ("kinesisvideo:Describe*", DESCRIBE, True),
        ("kinesisvideo:*EdgeConfiguration", DESCRIBE, True),
        ("kinesisvideo:DescribeEdgeConfiguratio?", DESCRIBE, True),
        ("kinesisvideo:DescribeEdgeConfiguration?", DESCRIBE, False),
        ("kinesisvideo:Describe", DESCRIBE, False),
        ("kinesis:*", DESCRIBE, False),
    ],
)
def test_actions_match_with_wildcards_and_in_any_case(pattern, action, matching):
    assert matches_action(pattern, action) is matching


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("*", True),
        (CAM, True),
        (CAM_PATTERN, True),
        ("arn:*:kinesisvideo:*:*:stream/cam-?/*", True),
        ("arn:aws:kinesisvideo:eu-central-1:123456789012:*", True),
        ("arn:aws:kinesisvideo:eu-central-1:123456789012:stream/CAM-1/*", False),
        ("arn:aws:kinesisvideo:*", True),
        ("arn:aws:kinesisvideo:*:stream/cam-1/*", True),
        ("arn:aws:kinesisvideo:eu-*:stream/cam-1/*", True),
        ("arn:aws:kinesisvideo:eu-*1:stream/cam-1/*", False),
        ("arn:aws:kinesisvideo:e*012:stream/cam-1/*", False),
        ("arn:aws:kinesisvideo:eu-central-1?123456789012:stream/cam-1/*", False),
        ("arn:aws:kinesisvideo:us-east-1:123456789012:stream/cam-1/*", False),
        ("arn:aws:kinesisvideo:eu-central-1:123456789012:stream/cam.1/*", False),
        ("arn:aws:kinesisvideo:eu-central-1:123456789012:stream/cam-[0-9]/*", False),
    ],
)
def test_resources_match_by_segments_which_only_a_closing_asterisk_leaves(pattern, matching):
    assert matches_resource(pattern, CAM) is matching


text = st.text(string.ascii_letters + ":/-.[]()+$^\\\n", max_size=20)


@given(text)
def test_text_without_wildcards_matches_itself_only(word):
    if "${" not in word:
        assert matches(word, word)
        assert not matches(word, f"{word}x")


@given(text, text, text)
def test_an_asterisk_matches_any_text_and_a_question_mark_one_character(before, between, after):
    if "${" not in before + after:
        assert matches(f"{before}*{after}", before + between + after)
        assert matches(f"{before}?{after}", before + between + after) is (
            len(between) == 1 or _one_longer(before, between, after)
        )


def _one_longer(before, between, after):
    whole = before + between + after
    return len(whole) == len(before) + 1 + len(after) and whole.startswith(before) and whole.endswith(after)


@pytest.mark.parametrize(
    ("pattern", "matching"),
    [(CAM_PATTERN, True), ("arn:aws:kinesisvideo:*:*:stream/cam-?/*", True), ("arn:aws:kinesisvideo:*", False)],
)
def test_an_arn_in_a_condition_matches_part_by_part(pattern, matching):
    condition = {"ArnLike": {"aws:ResourceTag/hub": pattern}}
    outcome = decide(policy(statement(Condition=condition)), hub=CAM)
    assert outcome is (Outcome.ALLOWED if matching else Outcome.NOT_ALLOWED)


def test_a_policy_variable_is_refused_by_name():
    with pytest.raises(UnsupportedPolicyError, match=r"\$\{aws:username\}"):
        decide(policy(statement(resource=CAM.replace("cam-1", "${aws:username}"))))


def test_not_action_allows_all_other_actions():
    others = policy({"Effect": "Allow", "NotAction": [DELETE], "Resource": "*"})
    assert decide(others, action=START) is Outcome.ALLOWED
    assert decide(others, action=DELETE) is Outcome.NOT_ALLOWED


def test_not_resource_denies_all_other_resources():
    only_cam = policy(statement(resource="*"), {"Effect": "Deny", "Action": "*", "NotResource": CAM_PATTERN})
    assert decide(only_cam) is Outcome.ALLOWED
    assert decide(only_cam, resource=CAM.replace("cam-1", "cam-2")) is Outcome.DENIED_EXPLICITLY


@pytest.mark.parametrize(
    ("condition", "tags", "outcome"),
    [
        ({"StringEquals": {"aws:ResourceTag/site": "north"}}, {"site": "north"}, Outcome.ALLOWED),
        ({"StringEquals": {"AWS:resourcetag/site": ["south", "north"]}}, {"site": "north"}, Outcome.ALLOWED),
        ({"StringEquals": {"aws:ResourceTag/site": "north"}}, {"site": "North"}, Outcome.NOT_ALLOWED),
        ({"StringEquals": {"aws:ResourceTag/site": "nor*"}}, {"site": "north"}, Outcome.NOT_ALLOWED),
        ({"StringEquals": {"aws:ResourceTag/site": "north"}}, {}, Outcome.NOT_ALLOWED),
        ({"StringEqualsIfExists": {"aws:ResourceTag/site": "north"}}, {}, Outcome.ALLOWED),
        ({"StringEqualsIfExists": {"aws:ResourceTag/site": "north"}}, {"site": "east"}, Outcome.NOT_ALLOWED),
        ({"StringEqualsIgnoreCase": {"aws:ResourceTag/site": "north"}}, {"site": "NORTH"}, Outcome.ALLOWED),
        ({"StringLike": {"aws:ResourceTag/site": "nor*"}}, {"site": "north"}, Outcome.ALLOWED),
        ({"StringLike": {"aws:ResourceTag/site": "nor?"}}, {"site": "north"}, Outcome.NOT_ALLOWED),
        ({"StringNotEquals": {"aws:ResourceTag/site": "north"}}, {"site": "north"}, Outcome.NOT_ALLOWED),
        ({"StringNotEquals": {"aws:ResourceTag/site": ["a", "b"]}}, {"site": "c"}, Outcome.ALLOWED),
        ({"StringNotLike": {"aws:ResourceTag/site": "n*"}}, {}, Outcome.ALLOWED),
        ({"ArnLike": {"aws:ResourceTag/hub": "arn:aws:iot:*:*:thing/*"}},
         {"hub": "arn:aws:iot:eu-central-1:123456789012:thing/hub-1"}, Outcome.ALLOWED),
        ({"Null": {"aws:ResourceTag/site": "true"}}, {}, Outcome.ALLOWED),
        ({"Null": {"aws:ResourceTag/site": "false"}}, {}, Outcome.NOT_ALLOWED),
        ({"StringEquals": {"aws:ResourceTag/site": "north", "aws:ResourceTag/floor": "1"}},
         {"site": "north"}, Outcome.NOT_ALLOWED),
        ({"StringEquals": {"aws:ResourceTag/site": "north"}, "StringLike": {"aws:ResourceTag/floor": "*"}},
         {"site": "north", "floor": "1"}, Outcome.ALLOWED),
    ],
)  # fmt: skip
def test_conditions_on_tags_hold_as_iam_says(condition, tags, outcome):
    assert decide(policy(statement(Condition=condition)), **tags) is outcome


def test_a_deny_whose_condition_is_not_met_denies_nothing():
    deny_south = statement("Deny", Condition={"StringEquals": {"aws:ResourceTag/site": "south"}})
    assert decide(policy(statement(), deny_south), site="north") is Outcome.ALLOWED
    assert decide(policy(statement(), deny_south), site="south") is Outcome.DENIED_EXPLICITLY


def test_an_unknown_operator_is_refused_by_name_where_it_matters():
    dated = policy(statement(Condition={"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}))
    with pytest.raises(UnsupportedPolicyError, match="DateLessThan"):
        decide(dated)
    assert decide(dated, action=START) is Outcome.NOT_ALLOWED


def test_an_element_that_no_identity_policy_has_is_refused_where_it_matters():
    with_principal = policy(statement(Principal="*"))
    with pytest.raises(UnsupportedPolicyError, match="statement 0 of policy 'inline' has Principal"):
        decide(with_principal)
    assert decide(with_principal, action=START) is Outcome.NOT_ALLOWED


def test_a_boundary_limits_what_policies_allow_and_allows_nothing_itself():
    allowed = policy(statement(action="kinesisvideo:*"))
    boundary = policy(statement(action=[DESCRIBE, START], resource="*"), name="boundary")
    assert decide(allowed, boundary=boundary) is Outcome.ALLOWED
    assert decide(allowed, DELETE, boundary=boundary) is Outcome.NOT_WITHIN_BOUNDARY
    assert decide((), boundary=boundary) is Outcome.NOT_ALLOWED
    assert decide(allowed, boundary=()) is Outcome.NOT_WITHIN_BOUNDARY


def test_a_deny_in_the_boundary_is_explicit():
    boundary = policy(statement(action="*", resource="*"), statement("Deny"))
    assert decide(policy(statement()), boundary=boundary) is Outcome.DENIED_BY_BOUNDARY


def test_a_verdict_names_each_grant_that_it_rests_on():
    statements = policy(statement(action=[START, DESCRIBE]), statement(action="kinesisvideo:*"))
    assert evaluate(statements, Asked(DESCRIBE, CAM)).grants == {
        Grant("inline", 0, DESCRIBE, CAM_PATTERN),
        Grant("inline", 1, "kinesisvideo:*", CAM_PATTERN),
    }
    assert evaluate((), Asked(DESCRIBE, CAM)).grants == frozenset()


effects = st.sampled_from(["Allow", "Deny"])
statements = st.lists(
    st.builds(
        statement,
        effects,
        st.sampled_from(["*", DESCRIBE, START, "kinesisvideo:D*"]),
        st.sampled_from(["*", CAM, CAM_PATTERN, "arn:aws:kinesisvideo:*:*:stream/cam-2/*"]),
    ),
    max_size=6,
).map(lambda several: policy(*several))
asks = st.builds(Asked, st.sampled_from([DESCRIBE, START, DELETE]), st.just(CAM))


@given(statements, asks)
def test_the_order_of_statements_does_not_matter(several, asked):
    assert evaluate(several, asked).outcome is evaluate(several[::-1], asked).outcome


@given(statements, statements, asks)
def test_a_boundary_never_allows_more(several, boundary, asked):
    if evaluate(several, asked, boundary).outcome is Outcome.ALLOWED:
        assert evaluate(several, asked).outcome is Outcome.ALLOWED
        assert evaluate(boundary, asked).outcome is Outcome.ALLOWED


@given(statements, asks)
def test_another_deny_never_allows_more(several, asked):
    stricter = evaluate((*several, *policy(statement("Deny"))), asked)
    assert stricter.outcome is not Outcome.ALLOWED or evaluate(several, asked).outcome is Outcome.ALLOWED
