package usher.bundles;

import java.util.Comparator;
import java.util.Optional;

/**
 * Something wrong or doubtful about the tree: where ({@code source}, a path relative to the bundle directory it was
 * found in, or the directory itself), what (one sentence without a full stop, saying what the file holds and what it
 * may hold) and what to do about it (may be empty).
 */
public record Problem(Severity severity, Optional<BundleName> bundle, String source, String message, String remedy) {

    /** An error stops the bundle it belongs to; a warning stops nothing. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** Errors first, then by bundle, place and text, in byte order. */
    public static final Comparator<Problem> BY_WEIGHT = new Comparator<>() {
        @Override
        public int compare(Problem a, Problem b) {
            int result = a.severity().compareTo(b.severity());
            if (result == 0) {
                result = ByteOrder.order(bundle(a), bundle(b));
            }
            if (result == 0) {
                result = ByteOrder.order(a.source(), b.source());
            }
            return result != 0 ? result : ByteOrder.order(a.message(), b.message());
        }

        private String bundle(Problem problem) {
            return problem.bundle().isPresent() ? problem.bundle().get().value() : "";
        }
    };

    public static Problem error(BundleName bundle, String source, String message, String remedy) {
        return new Problem(Severity.ERROR, Optional.of(bundle), source, message, remedy);
    }

    public static Problem warning(BundleName bundle, String source, String message, String remedy) {
        return new Problem(Severity.WARNING, Optional.of(bundle), source, message, remedy);
    }

    /** Without a bundle: about a directory on the search path, or an entry in it that is no bundle. */
    static Problem ofPath(Severity severity, String source, String message, String remedy) {
        return new Problem(severity, Optional.empty(), source, message, remedy);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code source: message (remedy)}: the text behind {@code usher: }. */
    @Override
    public String toString() {
        return source + ": " + message + (remedy.isEmpty() ? "" : " (" + remedy + ")");
    }
}
