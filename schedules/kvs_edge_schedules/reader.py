"""Reader of unambiguous expressions."""

from kvs_edge_schedules.expression import CronExpression
from kvs_edge_schedules.fields import HOURS, MINUTES, MONTH, SECONDS, day_rule, values, years


def read_expression(text: str, last_year: int) -> CronExpression | None:
    """Return the expression of a text that Quartz reads as written; None for any other text."""
    plain = text.replace("\t", " ")
    if not (plain.isascii() and plain.isprintable()):
        return None
    match plain.upper().split():
        case [second, minute, hour, day_of_month, month, day_of_week]:
            year = "*"
        case [second, minute, hour, day_of_month, month, day_of_week, year]:
            pass
        case _:
            return None
    rule = day_rule(day_of_month, day_of_week)
    if rule is None:
        return None
    sets = values(SECONDS, second), values(MINUTES, minute), values(HOURS, hour)
    months, in_years = values(MONTH, month), years(year, last_year)
    if not (all(sets) and months and in_years):
        return None
    return CronExpression(text, *sets, rule, months, in_years, last_year)
