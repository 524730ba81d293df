package usher.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code usher run} as it is mostly called, understood by hand: to put together the whole grammar ({@link Syntax}) takes
 * a tenth of the time in which a launcher that was killed comes back. What is not plain is left to that.
 */
final class PlainRun {
    private final List<Path> bundles = new ArrayList<>();
    private final List<String> operands = new ArrayList<>();
    private @Nullable Path runDirectory;
    private @Nullable Path logDirectory;
    private boolean verb;

    private PlainRun() {}

    /** The same as {@link Syntax} makes of these words, or nothing. */
    static Optional<Arguments> understand(String... words) {
        PlainRun run = new PlainRun();
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            int equals = word.indexOf('=');
            boolean taken;
            if (!word.startsWith("-")) {
                taken = run.takes(word);
            } else if (equals >= 0) {
                taken = run.takes(word.substring(0, equals), word.substring(equals + 1));
            } else {
                taken = i + 1 < words.length && run.takes(word, words[++i]);
            }
            if (!taken) {
                return Optional.empty();
            }
        }
        return run.verb ? Optional.of(run.arguments()) : Optional.empty();
    }

    private boolean takes(String option, String value) {
        Path path;
        try {
            path = Path.of(value);
        } catch (InvalidPathException e) {
            return false;
        }
        if (value.isEmpty() || value.startsWith("-") || Subcommand.has(value)) {
            return false;
        }
        if (option.equals("--bundles")) {
            return bundles.add(path);
        }
        if (option.equals("--run-dir") && runDirectory == null) {
            runDirectory = path;
            return true;
        }
        if (option.equals("--log-dir") && logDirectory == null) {
            logDirectory = path;
            return true;
        }
        return false;
    }

    /** The verb, and after that names of bundles. */
    private boolean takes(String word) {
        if (verb) {
            return operands.add(word);
        }
        verb = word.equals(Subcommand.RUN.toString());
        return verb;
    }

    private Arguments arguments() {
        return new Arguments(
                Subcommand.RUN,
                bundles,
                Optional.ofNullable(runDirectory),
                Optional.ofNullable(logDirectory),
                Optional.empty(),
                false,
                Arguments.Format.TEXT,
                Set.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                operands);
    }
}
