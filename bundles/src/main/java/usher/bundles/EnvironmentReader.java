package usher.bundles;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code env/} as {@code envdir(8)} does: a file's name is a variable, its first line without spaces and tabs at
 * the end is the value, in which NUL stands for a line's end; an empty file unsets the variable.
 */
final class EnvironmentReader {
    private EnvironmentReader() {}

    static Map<String, Optional<String>> read(Settings files) {
        Map<String, Optional<String>> variables = new HashMap<>();
        for (String name : files.entries()) {
            if (name.indexOf('=') >= 0) {
                files.reading().error(files.source(name), "names a variable with =, which no variable has", "");
                continue;
            }
            String text = files.reading().read(files.path(name), files.source(name));
            if (text != null) {
                variables.put(name, text.isEmpty() ? Optional.empty() : Optional.of(value(text)));
            }
        }
        return variables;
    }

    private static String value(String text) {
        int newline = text.indexOf('\n');
        int end = newline < 0 ? text.length() : newline;
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
            end--;
        }
        return text.substring(0, end).replace('\0', '\n');
    }
}
