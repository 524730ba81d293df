package usher.launcher;

/** Colours for a terminal (ECMA-48, SGR), or none. */
record Paint(boolean inColour) {
    static final Paint NONE = new Paint(false);

    enum Colour {
        GREEN("32"),
        YELLOW("33"),
        RED("31"),
        BOLD("1"),
        FAINT("2"),
        PLAIN("");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    String paint(Colour colour, String text) {
        return inColour && colour != Colour.PLAIN && !text.isEmpty()
                ? "\033[" + colour.code + "m" + text + "\033[0m"
                : text;
    }

    /** The colour of a state: what works, what is on its way, what needs a look. */
    static Colour of(State state) {
        return switch (state) {
            case UP, LISTENING -> Colour.GREEN;
            case WAITING, STARTING, STOPPING, BACKOFF -> Colour.YELLOW;
            case FAILED, SKIPPED, REFUSED -> Colour.RED;
            case DOWN -> Colour.FAINT;
        };
    }
}
