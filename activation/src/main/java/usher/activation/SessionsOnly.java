package usher.activation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiFunction;
import usher.bundles.Bundle;
import usher.bundles.BundleName;

/** Bundles are held by sessions, because control groups cannot be made. */
final class SessionsOnly implements Containment {

    private final BiFunction<BundleName, Integer, String> marker;
    private final String why;

    SessionsOnly(BiFunction<BundleName, Integer, String> marker, String why) {
        this.marker = marker;
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
        return new SessionEnclosure(marker.apply(bundle.name(), process));
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
