package usher.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) into {@link Map}, {@link List}, {@link String}, {@link Double}, {@link Boolean} and null.
 *
 * <p>Strict, because it judges the launcher's output: anything that is not JSON is an {@link AssertionError}.
 */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static @Nullable Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blank();
        json.expect(json.at == text.length());
        return value;
    }

    /** The object that {@code text} is; keys in the order of the text. */
    static Map<?, ?> object(String text) {
        return as(Map.class, parse(text));
    }

    static <T> T as(Class<T> type, @Nullable Object value) {
        if (!type.isInstance(value)) {
            throw new AssertionError("expected a JSON " + type.getSimpleName() + ", got " + value);
        }
        return type.cast(value);
    }

    private @Nullable Object value() {
        blank();
        expect(at < text.length());
        return switch (text.charAt(at)) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        for (boolean more = !closes('}'); more; more = !closes('}')) {
            expect(map.isEmpty() || skip(','));
            blank();
            String key = string();
            blank();
            expect(skip(':'));
            map.put(key, value());
        }
        return map;
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        for (boolean more = !closes(']'); more; more = !closes(']')) {
            expect(list.isEmpty() || skip(','));
            list.add(value());
        }
        return list;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        expect(skip('"'));
        while (!skip('"')) {
            expect(at < text.length() && text.charAt(at) >= ' ');
            char c = text.charAt(at++);
            string.append(c == '\\' ? escaped() : c);
        }
        return string.toString();
    }

    private char escaped() {
        expect(at < text.length());
        char c = text.charAt(at++);
        if (c == 'u') {
            expect(at + 4 <= text.length());
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        int known = "\"\\/bfnrt".indexOf(c);
        expect(known >= 0);
        return "\"\\/\b\f\n\r\t".charAt(known);
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        expect(number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"));
        return Double.valueOf(number);
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        expect(text.startsWith(word, at));
        at += word.length();
        return value;
    }

    private boolean closes(char bracket) {
        blank();
        return skip(bracket);
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void blank() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(boolean fine) {
        if (!fine) {
            throw new AssertionError("not JSON at character " + at + ": " + text);
        }
    }
}
