package usher.bundles;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A service of inetd or xinetd while it is translated, attribute by attribute, into a bundle. */
final class ImportedService {
    final Origin origin;
    final String name;
    final Endpoint endpoint;

    /** Whether the server gets the listening socket and accepts itself; otherwise there is one for each connection. */
    final boolean wait;

    /** What the bundle is called if another one has its name already. */
    final String secondName;

    String program = "";
    String argv0 = "";
    List<String> arguments = new ArrayList<>();
    OptionalInt nice = OptionalInt.empty();

    @Nullable
    Set<String> variables;

    /** The whole script of a built-in service, which has no program. */
    @Nullable
    String builtIn;

    /** Files of {@code service/}, by name. */
    final Map<String, String> settings = new TreeMap<>();

    /** Attributes of the socket, by name. */
    final Map<String, String> attributes = new TreeMap<>();

    ImportedService(Origin origin, String name, Endpoint endpoint, boolean wait) {
        this.origin = origin;
        this.name = name;
        this.endpoint = endpoint;
        this.wait = wait;
        this.secondName = name + "-" + endpoint.protocol();
        // Both daemons stand in the root directory, and so did what they started.
        settings.put("directory", "/");
        attributes.putAll(endpoint.attributes());
        attributes.put("listen", endpoint.listen());
        attributes.put(wait ? "handover" : "accept", wait ? "stdin" : "");
    }

    /** Leaves the bundle to be started by hand. */
    void down() {
        settings.put("down", "");
    }

    boolean isDown() {
        return settings.containsKey("down");
    }

    /** Whether only one of the two can listen. */
    boolean excludes(ImportedService other) {
        return Collision.between(endpoint.address(), isOnlyV6(), other.endpoint.address(), other.isOnlyV6());
    }

    private boolean isOnlyV6() {
        return "ipv6-only".equals(attributes.get("bind-ipv6-only"));
    }

    DraftedBundle draft(String bundle, Charset charset) {
        DraftedBundle draft = new DraftedBundle(bundle, origin, charset);
        String script = builtIn;
        draft.script(
                "service/run",
                script == null ? new RunScript(program, argv0, arguments, nice, variables).text(origin) : script);
        settings.forEach((name, value) -> draft.file("service/" + name, value));
        String socket = Settings.isBackup(bundle) ? "socket" : bundle;
        attributes.forEach((name, value) -> draft.file("sockets/" + socket + "/" + name, value));
        return draft;
    }
}
