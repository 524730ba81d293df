package usher.bundles;

/** How text from files and names from directories is shown in messages: on one line, and not for ever. */
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    /** The text in double quotes, control characters as {@code \n}, {@code \t} or {@code \}{@code u001b}, shortened. */
    static String quoted(String text) {
        if (text.isEmpty()) {
            return "nothing";
        }
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        int end = text.length() <= LONGEST ? text.length() : LONGEST - 3;
        escape(text, end, out);
        return out.append(end < text.length() ? "...\"" : "\"").toString();
    }

    /** A path or name with its control characters escaped. */
    static String name(String text) {
        StringBuilder out = new StringBuilder(text.length());
        escape(text, text.length(), out);
        return out.toString();
    }

    private static void escape(String text, int end, StringBuilder out) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> escape(c, out);
            }
        }
    }

    private static void escape(char c, StringBuilder out) {
        // Format characters too: some turn the writing direction round and make a message lie.
        boolean harmful = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
        if (harmful || c == '\u2028' || c == '\u2029') {
            out.append("\\u")
                    .append(Character.forDigit(c >> 12 & 15, 16))
                    .append(Character.forDigit(c >> 8 & 15, 16))
                    .append(Character.forDigit(c >> 4 & 15, 16))
                    .append(Character.forDigit(c & 15, 16));
        } else {
            out.append(c);
        }
    }
}
