import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.quartz.CronExpression;

/**
 * Asks the real Quartz. One question a line, fields parted by tabs, text outside printable ASCII (and the backslash)
 * as {@code \\uXXXX}; one answer a line. A question that Quartz does not survive ends the process, as a thread that
 * never stops would falsify what follows: with exit code 4 where it found no end, and with the JVM's own 3
 * (-XX:+ExitOnOutOfMemoryError) where it ran out of memory. The driver starts another.
 *
 * <pre>
 * valid  EXPRESSION                      yes | no
 * fires  EXPRESSION ZONE AFTER COUNT     instants, parted by spaces ("end" after the last) | throws
 * clock  ZONE FROM TO                    INSTANT:OFFSET of each change that java.util.TimeZone knows
 * speed  WHAT ROUNDS                     reads expressions up to an empty line; operations a second
 * about                                  the versions asked
 * </pre>
 */
public final class Oracle {
    private static final long PATIENCE_SECONDS = 4;
    private static final int WITHOUT_END = 4;
    private static final ExecutorService WORKER = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private Oracle() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream answers = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        String line;
        while ((line = questions.readLine()) != null) {
            String[] question = line.split("\t", -1);
            String answer = question[0].equals("speed") ? speed(question, questions) : patiently(() -> answer(question));
            answers.println(answer);
            answers.flush();
        }
    }

    private static String patiently(Callable<String> question) {
        try {
            return WORKER.submit(question).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException exception) {
            Runtime.getRuntime().halt(WITHOUT_END);
            return null;
        } catch (ExecutionException exception) {
            return "throws";
        } catch (InterruptedException exception) {
            throw new IllegalStateException(exception);
        }
    }

    private static String answer(String[] question) throws ParseException {
        switch (question[0]) {
            case "valid":
                return CronExpression.isValidExpression(unescape(question[1])) ? "yes" : "no";
            case "fires":
                return fires(unescape(question[1]), question[2], Long.parseLong(question[3]), Integer.parseInt(question[4]));
            case "clock":
                return clock(question[1], Long.parseLong(question[2]), Long.parseLong(question[3]));
            case "about":
                return "Quartz " + CronExpression.class.getPackage().getImplementationVersion() + ", Java "
                    + Runtime.version() + ", tzdata " + ZoneRulesProvider.getVersions("UTC").lastKey();
            default:
                throw new IllegalArgumentException(question[0]);
        }
    }

    private static String fires(String text, String zone, long after, int count) throws ParseException {
        CronExpression expression = new CronExpression(text);
        expression.setTimeZone(TimeZone.getTimeZone(zone));
        StringBuilder answer = new StringBuilder();
        Date fire = new Date(after * 1000);
        for (int index = 0; index < count; index++) {
            fire = expression.getNextValidTimeAfter(fire);
            if (fire == null) {
                return answer.append("end").toString();
            }
            answer.append(fire.getTime() / 1000).append(' ');
        }
        return answer.toString().trim();
    }

    /** Quartz asks java.util.TimeZone, not java.time: the two disagree on some days after 2037. */
    private static String clock(String zone, long from, long to) {
        TimeZone asked = TimeZone.getTimeZone(zone);
        StringBuilder answer = new StringBuilder().append(from).append(':').append(asked.getOffset(from * 1000) / 1000);
        Instant instant = Instant.ofEpochSecond(from);
        while (true) {
            ZoneOffsetTransition change = ZoneId.of(zone).getRules().nextTransition(instant);
            if (change == null || change.toEpochSecond() >= to) {
                return answer.toString();
            }
            instant = change.getInstant();
            answer.append(' ').append(change.toEpochSecond()).append(':').append(asked.getOffset(instant.toEpochMilli()) / 1000);
        }
    }

    private static String speed(String[] question, BufferedReader questions) throws IOException {
        List<String> texts = new ArrayList<>();
        String line;
        while ((line = questions.readLine()) != null && !line.isEmpty()) {
            texts.add(unescape(line));
        }
        int rounds = Integer.parseInt(question[2]);
        boolean validates = question[1].equals("validate");
        double best = 0;
        for (int round = 0; round < rounds; round++) {
            best = Math.max(best, validates ? validations(texts) : nextFires(texts, question[3], Long.parseLong(question[4])));
        }
        return String.valueOf(Math.round(best));
    }

    private static double validations(List<String> texts) {
        int valid = 0;
        long start = System.nanoTime();
        for (String text : texts) {
            valid += CronExpression.isValidExpression(text) ? 1 : 0;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return valid >= 0 ? texts.size() / seconds : 0;
    }

    /** Each expression parsed before the watch starts, then asked for ten fire times in a row. */
    private static double nextFires(List<String> texts, String zone, long after) {
        List<CronExpression> expressions = new ArrayList<>();
        for (String text : texts) {
            try {
                CronExpression expression = new CronExpression(text);
                expression.setTimeZone(TimeZone.getTimeZone(zone));
                expressions.add(expression);
            } catch (ParseException exception) {
                throw new IllegalArgumentException(text, exception);
            }
        }
        int asked = 0;
        long start = System.nanoTime();
        for (CronExpression expression : expressions) {
            Date fire = new Date(after * 1000);
            for (int index = 0; index < 10 && fire != null; index++) {
                fire = expression.getNextValidTimeAfter(fire);
                asked++;
            }
        }
        return asked / ((System.nanoTime() - start) / 1e9);
    }

    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int index = 0; index < text.length(); index++) {
            if (text.charAt(index) == '\\') {
                plain.append((char) Integer.parseInt(text.substring(index + 2, index + 6), 16));
                index += 5;
            } else {
                plain.append(text.charAt(index));
            }
        }
        return plain.toString();
    }
}
