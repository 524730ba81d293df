package usher.activation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The variables of a process, immutable. Names and values are kept byte for byte as they were inherited, whatever the
 * locale; those that are added are UTF-8.
 */
public final class Environment {
    private static final List<String> PREFIXES = List.of("LISTEN_", "WATCHDOG_", "USHER_");

    /** Bytes as Latin-1 characters, one each. */
    private final Map<String, String> values;

    private Environment(Map<String, String> values) {
        this.values = values;
    }

    public static Environment empty() {
        return new Environment(Map.of());
    }

    /** This process's own, all of it. */
    public static Environment own() {
        Map<String, String> values = new TreeMap<>();
        try {
            // System.getenv would decode by the locale and lose what is not of its character set.
            byte[] block = Files.readAllBytes(Path.of("/proc/self/environ"));
            for (String entry : new String(block, StandardCharsets.ISO_8859_1).split("\0", -1)) {
                put(values, entry);
            }
        } catch (IOException noProc) {
            System.getenv().forEach((name, value) -> put(values, latin(name + "=" + value)));
        }
        return new Environment(values);
    }

    /** This process's own without what is meant for it alone: LISTEN_*, NOTIFY_SOCKET, WATCHDOG_* and USHER_*. */
    public static Environment inherited() {
        return own().without(name ->
                name.equals("NOTIFY_SOCKET") || PREFIXES.stream().anyMatch(name::startsWith));
    }

    /** Without LISTEN_*: the sockets that were passed have been taken. */
    public Environment withoutPassedSockets() {
        return without(name -> name.startsWith("LISTEN_"));
    }

    private static void put(Map<String, String> values, String entry) {
        int equals = entry.indexOf('=', 1);
        if (equals > 0) {
            values.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
        }
    }

    public Environment with(String name, String value) {
        return with(Map.of(name, Optional.of(value)));
    }

    /** As an envdir says: a value sets the variable, none removes it. */
    public Environment with(Map<String, Optional<String>> changes) {
        Map<String, String> changed = new TreeMap<>(values);
        changes.forEach((name, value) -> {
            if (value.isPresent()) {
                changed.put(latin(name), latin(value.get()));
            } else {
                changed.remove(latin(name));
            }
        });
        return new Environment(changed);
    }

    /**
     * With LISTEN_FDS and LISTEN_FDNAMES for descriptors from 3 up, a name each ({@code sd_listen_fds(3)}). LISTEN_PID
     * cannot be known before there is a process: {@link Launch#tellsPid}.
     */
    public Environment listening(List<String> names) {
        return with("LISTEN_FDS", Integer.toString(names.size())).with("LISTEN_FDNAMES", String.join(":", names));
    }

    Environment without(List<String> names) {
        return without(names::contains);
    }

    private Environment without(Predicate<String> names) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.keySet().removeIf(names);
        return new Environment(changed);
    }

    /** {@code NAME=value} each, in byte order of the names. */
    public List<byte[]> strings() {
        return values.entrySet().stream()
                .map(entry -> (entry.getKey() + "=" + entry.getValue()).getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
