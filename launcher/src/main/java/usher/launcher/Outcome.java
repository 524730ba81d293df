package usher.launcher;

import java.util.Locale;

/** How a job ended for one bundle; the detail is a phrase for people and may be empty. */
record Outcome(Kind kind, String detail) {
    enum Kind {
        READY,
        LISTENING,
        STOPPED,
        /** A refresh found nothing to open. */
        REFRESHED,
        FAILED,
        TIMED_OUT,
        SKIPPED,
        REFUSED,
        CANCELED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    static Outcome of(Kind kind) {
        return new Outcome(kind, "");
    }

    boolean isGood() {
        return switch (kind) {
            case READY, LISTENING, STOPPED, REFRESHED -> true;
            case FAILED, TIMED_OUT, SKIPPED, REFUSED, CANCELED -> false;
        };
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? kind.toString() : kind + ": " + detail;
    }
}
