package usher.activation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import usher.activation.posix.Errno;
import usher.activation.posix.Nodes;

/** Where the tools of chain loading are: in the system's own directories, never along a PATH; looked up once. */
final class Tools {
    private static final List<String> DIRECTORIES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");
    private static final Map<String, String> FOUND = new ConcurrentHashMap<>();

    private Tools() {}

    static String find(String tool) throws Steps.Refused {
        String known = FOUND.get(tool);
        if (known != null) {
            return known;
        }
        for (String directory : DIRECTORIES) {
            String path = directory + "/" + tool;
            if (Nodes.checkExecutable(path) == 0) {
                FOUND.put(tool, path);
                return path;
            }
        }
        throw new Steps.Refused(
                Errno.ENOENT,
                tool + " is needed for this bundle's settings and is in none of " + DIRECTORIES
                        + (tool.equals("sh") ? "" : " (it is part of util-linux)"));
    }
}
