package usher.launcher;

import java.time.Duration;
import usher.activation.ExitStatus;
import usher.bundles.Signals;

/** Facts as phrases for people. */
final class Words {
    private Words() {}

    static String of(ExitStatus status) {
        return switch (status.kind()) {
            case EXIT -> "exit status " + status.number();
            case SIGNAL -> "signal " + Signals.name(status.number());
            case UNKNOWN -> "an unknown status";
        };
    }

    /** {@code 90s}, {@code 100ms}, {@code 2m}, {@code 1h}: as in a bundle's files. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }
}
