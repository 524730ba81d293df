package usher.activation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import usher.bundles.Bundle;
import usher.bundles.BundleName;

/** Bundles are held by sessions, because control groups cannot be made. */
final class SessionsOnly implements Containment {
    private static final int ID_BYTES = 16;

    private final Path runDirectory;
    private final String why;

    SessionsOnly(Path runDirectory, String why) {
        this.runDirectory = runDirectory;
        this.why = why;
    }

    @Override
    public String kind() {
        return "session";
    }

    @Override
    public String detail() {
        return "sessions, without control groups: " + why;
    }

    @Override
    public void clear(Collection<Enclosure> kept) {
        // What is left is no child of this process, so nothing says whose it was.
    }

    @Override
    public Optional<String> apply(Bundle bundle) {
        return bundle.cgroup().entrySet().stream()
                .findFirst()
                .map(knob -> "cgroup/" + knob.getKey() + ": holds " + ControlGroups.quoted(knob.getValue())
                        + ", and no control group can be made here: " + why);
    }

    @Override
    public Enclosure enclosure(Bundle bundle, int process) {
        String text = runDirectory + "\0" + bundle.name() + "\0" + process;
        return new SessionEnclosure(HexFormat.of().formatHex(hash(text), 0, ID_BYTES));
    }

    @Override
    public Optional<Enclosure> ofConnections(Bundle bundle) {
        return Optional.empty();
    }

    @Override
    public String tagOf(int process) {
        return "";
    }

    @Override
    public void isIdle(BundleName bundle) {
        // There is nothing to tidy up.
    }

    @Override
    public void close() {
        // Nor here.
    }

    static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every Java has it
        }
    }
}
