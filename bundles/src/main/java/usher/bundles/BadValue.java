package usher.bundles;

/**
 * A text that is not what it should be. The message is a clause that says why and what would be right; whoever reads
 * the file turns it into a {@link Problem} that names the file and quotes the text. It never leaves this package.
 */
final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    /** The file could not be read, and a problem says so already. */
    static BadValue reported() {
        return new BadValue("");
    }

    BadValue(String why) {
        super(why, null, false, false);
    }

    boolean isReported() {
        return why().isEmpty();
    }

    String why() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
