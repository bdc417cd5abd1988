"""Messages about arguments that do not fit: the value, the limits, and what was probably meant."""

import pytest


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("schedule --week 2026-W54", "'2026-W54' is not a date or a week: 2026 has the weeks W01 to W53"),
        ("schedule --week 2027-W53", "'2027-W53' is not a date or a week: 2027 has the weeks W01 to W52"),
        ("schedule --week 2027W00", "'2027W00' is not a date or a week: 2027 has the weeks W01 to W52"),
        ("schedule --week 2027-w02", "; examples are 2026-11-23 and 2026-W48"),
        ("schedule --week 2026-02-30", "'2026-02-30' is not a date or a week: 2026-02 has the days 01 to 28"),
        ("schedule --week 2026-13-01", "'2026-13-01' is not a date or a week: a year has the months 01 to 12"),
        ("schedule --week 0000-01-01", "'0000-01-01' is not a date or a week; examples are 2026-11-23 and 2026-W48"),
        ("schedule --week 23.11.2026", "'23.11.2026' is not a date or a week; examples are 2026-11-23 and 2026-W48"),
        ("schedule --week 0001-01-01", "'0001-01-01' is not from 0001-01-08 to 9998-08-18"),
        (
            "validate --start 2026-02-30T00:00:00Z",
            "'2026-02-30T00:00:00Z' is not a time: 2026-02 has the days 01 to 28",
        ),
        ("cron --after 2026-02-28T25:00:00Z x", "'2026-02-28T25:00:00Z' is not a time; an example is 2026-03-29T00:"),
        ("cron --between 8-16", '--between: time "8" is not a valid time; write HH:MM'),
        ("cron --between 08:00-16:00 --days Mon-Fry", '--between and --days: day "Mon-Fry" is not a valid day'),
        ("cron --count 1.5 x", "argument --count: '1.5' is not a whole number from 0 to 10000"),
        ("cron --count -1 x", "argument --count: '-1' is not a whole number from 0 to 10000"),
        ("validate --jobs many", "argument --jobs: 'many' is not a whole number from 1 to 1024"),
        ("validate --jobs 0", "argument --jobs: '0' is not a whole number from 1 to 1024"),
        ("camera --jobs ⅷ", "argument --jobs: 'ⅷ' is not a whole number from 1 to 64"),
        ("camera --jobs " + "9" * 5000, "is not a whole number from 1 to 64"),
        (
            "camera --seconds 10s",
            "argument --seconds: '10s' is not a number of seconds from 1 to 3600; write it without",
        ),
        ("camera --timeout soon", "argument --timeout: 'soon' is not a number of seconds from 1 to 3600\n"),
        ("status --silent-after 2h", "'2h' is not a number of hours from 0 to 8784; write it without a unit\n"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_limits(run, arguments, message):
    ended = run(*arguments.split())
    assert ended.code == 2
    assert message in ended.err


@pytest.mark.parametrize(
    ("arguments", "command", "hint"),
    [
        ("validate --formt json", "validate", "unrecognized arguments: --formt; did you mean --format?"),
        ("validate -format json", "validate", "unrecognized arguments: -format; did you mean --format?"),
        ("validate --formt --strat=now", "validate", "--formt --strat=now; did you mean --format, --start?"),
        ("plan --detailed-exit-code", "plan", "did you mean --detailed-exitcode?"),
        ("plan --strat", "plan", "unrecognized arguments: --strat"),
        ("cron x y", "cron", "unrecognized arguments: y"),
        ("--formt validate", "validate", "unrecognized arguments: --formt; did you mean --format?"),
    ],
)
def test_an_unknown_option_shows_the_usage_of_its_command(run, arguments, command, hint):
    """With the nearest option of that command: an option of another command is no suggestion."""
    ended = run(*arguments.split())
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"usage: kvs-edge {command} [-h]")
    assert ended.err.endswith(f"{hint}\n")
