package usher.conformance;

import java.util.List;

/** What {@code status} says of every bundle. */
record Statuses(List<BundleStatus> all) {

    /** Of this one, which is there. */
    BundleStatus of(String name) {
        return all.stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no status of " + name + " in " + all));
    }
}
