package usher.launcher;

/** The launcher cannot begin; the message says why and what to do, for people. */
final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
        super(message);
    }

    /** The message, which is never null here. */
    String why() {
        return String.valueOf(getMessage());
    }
}
