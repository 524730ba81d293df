package usher.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The services that inetd and xinetd bring themselves: RFC 862, 863, 864, 867 and 868. Here they are bundles like any
 * other, which lie beside this class as resources; an imported one takes their script, and the rest from its own line.
 */
enum BuiltIns {
    ECHO(7),
    DISCARD(9),
    DAYTIME(13),
    CHARGEN(19),
    TIME(37);

    private final int port;

    BuiltIns(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    static Optional<BuiltIns> named(String service) {
        for (BuiltIns builtIn : values()) {
            if (builtIn.toString().equals(service)) {
                return Optional.of(builtIn);
            }
        }
        return Optional.empty();
    }

    /** The text of its {@code run}: for one connection, or, with {@code udp}, for a socket that datagrams come from. */
    String script(boolean udp) {
        String path = "inetd/" + this + (udp ? "-udp" : "") + "/service/run";
        try (InputStream in = BuiltIns.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    /** As it is called in configurations. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
