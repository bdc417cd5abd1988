import java.time.Instant;
import java.util.TimeZone;

/** Prints the default time zone of a JVM: its id, and its offsets in seconds on 15 January and 15 July 2027. */
public final class Zone {
    private Zone() {}

    public static void main(String[] arguments) {
        TimeZone zone = TimeZone.getDefault();
        System.out.printf("%s\t%d\t%d%n", zone.getID(), seconds(zone, "2027-01-15"), seconds(zone, "2027-07-15"));
    }

    private static int seconds(TimeZone zone, String day) {
        return zone.getOffset(Instant.parse(day + "T12:00:00Z").toEpochMilli()) / 1000;
    }
}
