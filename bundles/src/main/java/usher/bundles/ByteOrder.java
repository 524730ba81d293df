package usher.bundles;

/** The order of two strings' UTF-8 bytes, which is the order of their code points. */
final class ByteOrder {
    private ByteOrder() {}

    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates sort below U+E000 in UTF-16 but stand for code points above it.
                boolean oneIsSurrogate = Character.isSurrogate(x) != Character.isSurrogate(y);
                return oneIsSurrogate ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
