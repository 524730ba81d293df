package usher.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory below {@code src/test/scenarios}; docs/testing.md says what it may hold. */
record Scenario(Path directory) {
    private static final Pattern PLACEHOLDER = Pattern.compile("@(DIR|JAVA|USER|PORT[A-Z0-9_]*)@");
    private static final Pattern NEEDS_NO_ESCAPING = Pattern.compile("[A-Za-z0-9/._-]+");

    /** All there are, by name; or only the one that the property {@code scenario} names. */
    static List<Scenario> all() {
        try (Stream<Path> directories = Files.list(Path.of("src/test/scenarios"))) {
            String only = System.getProperty("scenario", "");
            return directories
                    .filter(directory -> only.isEmpty() || directory.endsWith(only))
                    .sorted()
                    .map(Scenario::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why this machine cannot run it, or empty if it can. */
    Optional<String> obstacle() {
        if (has("root") && !isRoot()) {
            return Optional.of(this + " needs root");
        }
        return lines("needs")
                .map(line -> line.split("\\s+"))
                .filter(need -> !isCommand(need[0]))
                .map(need -> this + " needs the command " + need[0] + ": apt-get install " + need[need.length - 1])
                .findFirst();
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    static boolean isCommand(String command) {
        String path = System.getenv("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin";
        return Arrays.stream(path.split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(command)));
    }

    boolean has(String file) {
        return Files.exists(directory.resolve(file));
    }

    /** Puts its bundles and files into the launcher's directory; the result is the value of every placeholder met. */
    Map<String, String> install(Launcher launcher) throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (has("bundles")) {
            Tree.copy(directory.resolve("bundles"), launcher.bundles(), text -> replaced(text, launcher, values));
        }
        if (has("files")) {
            Tree.copy(directory.resolve("files"), launcher.directory(), text -> replaced(text, launcher, values));
        }
        values.put("DIR", launcher.directory().toString());
        return values;
    }

    private static String replaced(String text, Launcher launcher, Map<String, String> values) {
        return PLACEHOLDER.matcher(text).replaceAll(met -> {
            String value = values.computeIfAbsent(met.group(1), name -> switch (name) {
                case "DIR" -> launcher.directory().toString();
                case "USER" -> System.getProperty("user.name");
                case "JAVA" ->
                    Path.of(System.getProperty("java.home"), "bin/java").toString();
                default -> Integer.toString(launcher.freePort());
            });
            if (!NEEDS_NO_ESCAPING.matcher(value).matches()) {
                throw new AssertionError("@" + met.group(1) + "@ would need escaping in a script: " + value);
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** What the client must print, if the scenario says so. */
    Optional<String> expected() {
        return has("expected.txt")
                ? Optional.of(String.join("\n", lines("expected.txt").toList()))
                : Optional.empty();
    }

    /** The arguments of {@code usher import}, if that is what makes the bundles. */
    Optional<List<String>> imported() {
        return lines("import").map(line -> List.of(line.split(" ", -1))).findFirst();
    }

    private Stream<String> lines(String file) {
        try {
            return has(file) ? Files.readAllLines(directory.resolve(file)).stream() : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return directory.getFileName().toString();
    }
}
