package usher.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The command line, understood.
 *
 * @param flags given, without dashes: {@code stop}, {@code why}, {@code now}, {@code no-wait}, {@code follow}, ...
 * @param lines of {@code logs -n}
 * @param save of {@code order}: where to record it
 * @param check of {@code order}: what to compare it with
 * @param into of {@code import}: the directory that the new bundles are to stand in
 * @param operands the names of bundles, or what {@code import} is to read
 */
record Arguments(
        Subcommand subcommand,
        List<Path> bundles,
        Optional<Path> runDirectory,
        Optional<Path> logDirectory,
        Optional<String> controlGroup,
        boolean insecureBundles,
        Format format,
        Set<String> flags,
        OptionalInt lines,
        Optional<Path> save,
        Optional<Path> check,
        Optional<Path> into,
        List<String> operands) {

    enum Format {
        TEXT,
        JSON,
        /** Of {@code order} only, like {@link #MERMAID}. */
        DOT,
        MERMAID;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Arguments {
        bundles = List.copyOf(bundles);
        flags = Set.copyOf(flags);
        operands = List.copyOf(operands);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    boolean json() {
        return format == Format.JSON;
    }
}
