package usher.conformance;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code usher status --format json}.
 *
 * @param pid of the main process; -1 if it says null
 * @param lastExit as the JSON object says it, or null
 */
record BundleStatus(
        String name,
        String state,
        long pid,
        int instances,
        int starts,
        @Nullable Object lastExit) {
    private static final List<String> SETTLED = List.of("listening", "up", "backoff", "failed", "skipped", "refused");

    /** Reads the whole answer, in its order. */
    static List<BundleStatus> parse(String json) {
        List<?> bundles = Json.as(List.class, Json.object(json).get("bundles"));
        return bundles.stream().map(entry -> of(Json.as(Map.class, entry))).toList();
    }

    /** Whether the job that {@code run} began is over for this bundle. */
    boolean isSettled() {
        return SETTLED.contains(state);
    }

    private static BundleStatus of(Map<?, ?> entry) {
        Object pid = entry.get("pid");
        return new BundleStatus(
                Json.as(String.class, entry.get("name")),
                Json.as(String.class, entry.get("state")),
                pid == null ? -1 : Json.as(Double.class, pid).longValue(),
                Json.as(Double.class, entry.get("instances")).intValue(),
                Json.as(Double.class, entry.get("starts")).intValue(),
                entry.get("lastExit"));
    }
}
