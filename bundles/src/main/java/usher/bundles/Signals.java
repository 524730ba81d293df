package usher.bundles;

import java.util.Locale;
import java.util.OptionalInt;

/** Signals by name and number, as {@code signal(7)} has them for x86, ARM and most others on Linux. */
public final class Signals {
    private static final String[] NAMES = {
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    /** The first and the last real-time signal that the C library leaves to programs. */
    private static final int RTMIN = 34;

    private static final int RTMAX = 64;

    private Signals() {}

    /** The number for {@code TERM}, {@code SIGTERM}, {@code term}, {@code 15} or {@code RTMIN+3}; none for others. */
    public static OptionalInt number(String text) {
        if (Digits.isNumber(text)) {
            long number = Digits.parse(text, RTMAX);
            return number < 1 ? OptionalInt.empty() : OptionalInt.of((int) number);
        }
        String name = text.toUpperCase(Locale.ROOT);
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        for (int i = 1; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return OptionalInt.of(i);
            }
        }
        return switch (name) {
            case "IOT" -> OptionalInt.of(6);
            case "CLD" -> OptionalInt.of(17);
            case "POLL" -> OptionalInt.of(29);
            case "RTMIN" -> OptionalInt.of(RTMIN);
            case "RTMAX" -> OptionalInt.of(RTMAX);
            default -> realTime(name);
        };
    }

    private static OptionalInt realTime(String name) {
        boolean up = name.startsWith("RTMIN+");
        long offset = up || name.startsWith("RTMAX-") ? Digits.parse(name.substring(6), RTMAX - RTMIN) : -1;
        if (offset < 0) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) (up ? RTMIN + offset : RTMAX - offset));
    }

    /** The name without {@code SIG}, such as {@code KILL} or {@code RTMIN+3}; the number itself if it has none. */
    public static String name(int number) {
        if (number > 0 && number < NAMES.length) {
            return NAMES[number];
        }
        if (number == RTMIN) {
            return "RTMIN";
        }
        return number > RTMIN && number <= RTMAX ? "RTMIN+" + (number - RTMIN) : Integer.toString(number);
    }
}
