package usher.bundles;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths made of text that anybody may have written. */
final class Paths {
    private Paths() {}

    /** The absolute path that {@code text} is, without repeated slashes and {@code .} components. */
    static Path absolute(String text) throws BadValue {
        Path path = any(text);
        if (!path.isAbsolute()) {
            throw new BadValue("a path starts with / here");
        }
        // Not normalize(): with symbolic links in the path, "a/.." is not nothing.
        Path clean = path.getRoot();
        for (Path name : path) {
            if (!name.toString().equals(".")) {
                clean = clean == null ? name : clean.resolve(name);
            }
        }
        return clean == null ? path : clean;
    }

    /** The path that {@code text} is, absolute or not. */
    static Path any(String text) throws BadValue {
        if (text.isEmpty()) {
            throw new BadValue("a path is not empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadValue("this is no path: " + e.getReason());
        }
    }

    /** The path that {@code text} is; null if it is none. */
    static @Nullable Path orNull(String text) {
        try {
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
