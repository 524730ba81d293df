package usher.launcher;

import java.util.Map;
import java.util.Optional;

/**
 * The locale of whoever called bin/usher. Java takes the encoding of file names from LC_ALL alone, so bin/usher sets that
 * to C.UTF-8 and says in USHER_LC_ALL what it was: {@code =} and the value, or nothing if it was not set.
 */
final class CallersLocale {
    private CallersLocale() {}

    /** What must be changed in the environment to have the caller's own again: nothing if bin/usher has no part in it. */
    static Map<String, Optional<String>> changes(Map<String, String> environment) {
        String was = environment.get("USHER_LC_ALL");
        if (was == null) {
            return Map.of();
        }
        return Map.of("LC_ALL", was.startsWith("=") ? Optional.of(was.substring(1)) : Optional.empty());
    }
}
