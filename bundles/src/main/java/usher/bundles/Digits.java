package usher.bundles;

/** Whole decimal numbers without sign, as {@link Integer#parseInt(String)} does not insist on. */
final class Digits {
    private Digits() {}

    /** The value of {@code text} if it is one or more ASCII digits, at most {@code max}; otherwise -1. */
    static long parse(String text, long max) {
        if (text.isEmpty()) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > max / 10 || value * 10 > max - digit) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
