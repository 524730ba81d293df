package usher.launcher;

import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) in the order of the calls, one line for each element of an outermost array, so that two answers
 * can be compared line by line.
 */
final class Json {
    private static final int OUTERMOST = 2;

    private final StringBuilder out = new StringBuilder();
    /** So deep, each member or element begins a line. */
    private final int outermost;

    private int depth;
    private boolean first = true;

    Json() {
        this(OUTERMOST);
    }

    private Json(int outermost) {
        this.outermost = outermost;
    }

    /** All of it in one line. */
    static Json line() {
        return new Json(0);
    }

    Json object() {
        return open('{');
    }

    Json endObject() {
        return close('}');
    }

    Json array() {
        return open('[');
    }

    Json endArray() {
        return close(']');
    }

    /** The name of the member whose value comes next. */
    Json key(String name) {
        separate();
        quote(name);
        out.append(':');
        first = true;
        return this;
    }

    Json value(@Nullable String text) {
        separate();
        if (text == null) {
            out.append("null");
        } else {
            quote(text);
        }
        return this;
    }

    Json value(long number) {
        separate();
        out.append(number);
        return this;
    }

    Json value(boolean truth) {
        separate();
        out.append(truth);
        return this;
    }

    Json nothing() {
        return value((String) null);
    }

    Json member(String name, @Nullable String text) {
        return key(name).value(text);
    }

    Json member(String name, long number) {
        return key(name).value(number);
    }

    /** The text written so far, and a line's end. */
    String text() {
        return out + "\n";
    }

    private Json open(char bracket) {
        separate();
        out.append(bracket);
        depth++;
        first = true;
        return this;
    }

    private Json close(char bracket) {
        depth--;
        first = false;
        out.append(bracket);
        return this;
    }

    private void separate() {
        if (!first) {
            out.append(',');
            if (depth <= outermost) {
                out.append('\n').append(" ".repeat(depth));
            }
        }
        first = false;
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.isSurrogate(c) && !isPaired(text, i)) {
                        String digits = Integer.toHexString(c | 0x10000);
                        out.append("\\u").append(digits, 1, digits.length());
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
