package usher.launcher;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a message of {@code sd_notify(3)} says; what it says besides is nobody's business here.
 *
 * @param status a line for people, free of control characters
 * @param reloading it is busy with another configuration, until it is ready again (RELOADING=1)
 * @param extend milliseconds from now that the phase at hand may last at least (EXTEND_TIMEOUT_USEC)
 * @param watchdog milliseconds within which it promises to give a sign of life from now on, 0: no more (WATCHDOG_USEC)
 * @param alive a sign of life (WATCHDOG=1)
 * @param stuck it wants to be taken for dead (WATCHDOG=trigger)
 * @param store the descriptors that came with it are to be kept, under {@code name}
 * @param mainPid which process of the daemon is the main one from now on (MAINPID)
 * @param remove those kept under {@code name} are to be closed
 */
record Notification(
        boolean ready,
        Optional<String> status,
        boolean reloading,
        OptionalLong extend,
        OptionalLong watchdog,
        boolean alive,
        boolean stuck,
        boolean store,
        boolean remove,
        Optional<String> name,
        OptionalInt mainPid) {

    private static final int MICROS_A_MILLI = 1_000;
    private static final int LONGEST_NAME = 255;

    static Notification parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        Optional<String> status = Optional.ofNullable(values.get("STATUS"))
                .or(() -> values.containsKey("STOPPING") ? Optional.of("says that it is stopping") : Optional.empty());
        return new Notification(
                "1".equals(values.get("READY")),
                status.map(line -> line.replaceAll("\\p{Cntrl}", " ").strip()),
                "1".equals(values.get("RELOADING")),
                millis(values.get("EXTEND_TIMEOUT_USEC")),
                millis(values.get("WATCHDOG_USEC")),
                "1".equals(values.get("WATCHDOG")),
                "trigger".equals(values.get("WATCHDOG")),
                "1".equals(values.get("FDSTORE")),
                "1".equals(values.get("FDSTOREREMOVE")),
                Optional.ofNullable(values.get("FDNAME")).filter(Notification::isName),
                mainPid(values.get("MAINPID")));
    }

    private static OptionalInt mainPid(@org.jspecify.annotations.Nullable String number) {
        return number == null || !number.matches("[0-9]{1,9}")
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(number));
    }

    /** {@code sd_pid_notify_with_fds(3)}: printable ASCII without a colon. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != ':');
    }

    private static OptionalLong millis(@org.jspecify.annotations.Nullable String micros) {
        if (micros == null || !micros.matches("[0-9]{1,18}")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((Long.parseLong(micros) + MICROS_A_MILLI - 1) / MICROS_A_MILLI);
    }
}
