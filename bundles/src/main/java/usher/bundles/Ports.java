package usher.bundles;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Port numbers, and the names that the services database gives them ({@code services(5)}), read at first use. */
final class Ports {
    private static final Ports SYSTEM = new Ports(Path.of("/etc/services"));

    private final Path database;
    private @Nullable Map<String, Integer> byName;

    Ports(Path database) {
        this.database = database;
    }

    static Ports system() {
        return SYSTEM;
    }

    /** The port that {@code text} says, for {@code tcp} or {@code udp}. */
    int parse(String text, String protocol) throws BadValue {
        if (Digits.isNumber(text)) {
            long port = text.charAt(0) == '0' ? -1 : Digits.parse(text, 65535);
            if (port < 1) {
                throw new BadValue("a port is a number from 1 to 65535");
            }
            return (int) port;
        }
        if (!isName(text)) {
            throw new BadValue("a port is a number from 1 to 65535, or a name from " + database);
        }
        Integer port = names().get(text + "/" + protocol);
        if (port == null) {
            throw new BadValue(
                    names().isEmpty()
                            ? "a port's name is looked up in " + database + ", which is not there to read"
                            : database + " knows no " + protocol + " port named " + text);
        }
        return port;
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == ':' || c == '/' || c == '#' || c == '[' || c == ']' || c == '%') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private synchronized Map<String, Integer> names() {
        Map<String, Integer> known = byName;
        if (known == null) {
            known = read();
            byName = known;
        }
        return known;
    }

    private Map<String, Integer> read() {
        Map<String, Integer> ports = new HashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(database, StandardCharsets.ISO_8859_1)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line, ports);
            }
        } catch (IOException e) {
            // No database: names mean nothing, and parse says so.
        }
        return ports;
    }

    private static void add(String line, Map<String, Integer> ports) {
        int comment = line.indexOf('#');
        StringTokenizer words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
        if (words.countTokens() < 2) {
            return;
        }
        String name = words.nextToken();
        String portAndProtocol = words.nextToken();
        int slash = portAndProtocol.indexOf('/');
        long port = slash < 0 ? -1 : Digits.parse(portAndProtocol.substring(0, slash), 65535);
        if (port < 1) {
            return;
        }
        String suffix = portAndProtocol.substring(slash);
        ports.putIfAbsent(name + suffix, (int) port);
        while (words.hasMoreTokens()) {
            ports.putIfAbsent(words.nextToken() + suffix, (int) port);
        }
    }
}
