"""Schedules made from words, and expressions that are judged at synthesis."""

import pytest
from aws_cdk import CfnParameter, Duration

from cdk_kvs_edge import ConfigurationError, ScheduleConfig


@pytest.mark.parametrize(
    ("schedule", "expression", "seconds"),
    [
        (ScheduleConfig.between("08:30", "16:30", days=["MON-FRI"]), "0 30 8-15 ? * MON-FRI *", 3599),
        (ScheduleConfig.between("09:10", "09:40"), "0 10 9 ? * * *", 1800),
        (ScheduleConfig.around_the_clock(), "0 0 * ? * * *", 3599),
    ],
)
def test_a_schedule_is_made_from_words(stack, declare, template_of, only, schedule, expression, seconds):
    """As the template then holds it."""
    declare(stack, recorder_schedule=schedule)
    recorder = only(template_of(stack))["Properties"]["EdgeConfig"]["RecorderConfig"]
    assert recorder["ScheduleConfig"] == {"ScheduleExpression": expression, "DurationInSeconds": seconds}


def test_a_window_that_cant_be_made_is_refused_with_the_nearest():
    """The call raises a ValueError."""
    with pytest.raises(ValueError, match=r'"08:30-16:45" needs more than one expression.*nearest.*"08:30-16:30"'):
        ScheduleConfig.between("08:30", "16:45")


@pytest.mark.parametrize("job", ["recorder", "uploader"])
def test_an_expression_that_quartz_refuses_is_a_fault(stack, declare, job):
    """Beside the other faults, with field, value and fix."""
    schedule = ScheduleConfig(expression="0 0 25 ? * MON-FRI *", duration=Duration.minutes(30))
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, **{f"{job}_schedule": schedule}, hub_move="MAYBE")
    assert {fault.path for fault in raised.value.faults} == {
        f"{job}_schedule.expression",
        "hub_move",
    }
    assert "25" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("@daily", "0 0 0 ? * * *"), ("0 9 * * *", "0 0 9 ? * * *"), ("0 9 * * 1-5", "0 0 9 ? * MON-FRI *")],
)
def test_a_refused_expression_is_one_fault_with_the_expression_that_was_meant(stack, declare, text, meant):
    """The first two are shorter than the service's 11 characters, which says less."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, recorder_schedule=ScheduleConfig(expression=text, duration=Duration.minutes(30)))
    (fault,) = raised.value.faults
    assert fault.rule.endswith(f'; probably meant: "{meant}"')


def test_a_schedule_that_is_no_text_is_one_fault(stack, declare):
    """The check of the argument says it, and nothing else does."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, recorder_schedule=ScheduleConfig(expression=5, duration=Duration.minutes(30)))
    assert [fault.path for fault in raised.value.faults] == ["recorder_schedule.expression"]


def test_an_expression_that_is_a_token_passes(stack, declare, template_of, only):
    """It is known only at deployment."""
    expression = CfnParameter(stack, "Expression").value_as_string
    declare(stack, recorder_schedule=ScheduleConfig(expression=expression, duration=Duration.minutes(30)))
    recorder = only(template_of(stack))["Properties"]["EdgeConfig"]["RecorderConfig"]
    assert recorder["ScheduleConfig"]["ScheduleExpression"] == {"Ref": "Expression"}
