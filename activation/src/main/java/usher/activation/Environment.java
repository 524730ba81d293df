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

    /** {@code NAME=value} by names, these with a Latin-1 character for each byte. */
    private final Map<String, byte[]> entries;

    private Environment(Map<String, byte[]> entries) {
        this.entries = entries;
    }

    public static Environment empty() {
        return new Environment(Map.of());
    }

    /** This process's own, all of it. */
    public static Environment own() {
        Map<String, byte[]> entries = new TreeMap<>();
        try {
            // System.getenv would decode by the locale and lose what is not of its character set.
            byte[] block = Files.readAllBytes(Path.of("/proc/self/environ"));
            for (String entry : new String(block, StandardCharsets.ISO_8859_1).split("\0", -1)) {
                put(entries, entry);
            }
        } catch (IOException noProc) {
            System.getenv().forEach((name, value) -> put(entries, latin(name + "=" + value)));
        }
        return new Environment(entries);
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

    private static void put(Map<String, byte[]> entries, String entry) {
        int equals = entry.indexOf('=', 1);
        if (equals > 0) {
            entries.putIfAbsent(entry.substring(0, equals), entry.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    public Environment with(String name, String value) {
        return with(Map.of(name, Optional.of(value)));
    }

    /** As an envdir says: a value sets the variable, none removes it. */
    public Environment with(Map<String, Optional<String>> changes) {
        Map<String, byte[]> changed = new TreeMap<>(entries);
        changes.forEach((name, value) -> {
            if (value.isPresent()) {
                changed.put(latin(name), (name + "=" + value.get()).getBytes(StandardCharsets.UTF_8));
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
        Map<String, byte[]> changed = new TreeMap<>(entries);
        changed.keySet().removeIf(names);
        return new Environment(changed);
    }

    /** {@code NAME=value} each, in byte order of the names. */
    public List<byte[]> strings() {
        return List.copyOf(entries.values());
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
