package usher.bundles;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code cgroup/}: a file's name is that of a knob of the bundle's control group, its text the value ({@code cgroups(7)}). */
final class ControlGroupReader {
    /** They act on processes; 0 would be the launcher itself. */
    private static final List<String> NO_KNOBS = List.of("cgroup.kill", "cgroup.procs", "cgroup.threads");

    private ControlGroupReader() {}

    static Map<String, String> read(Settings files) {
        Map<String, String> values = new HashMap<>();
        for (String name : files.entries()) {
            if (NO_KNOBS.contains(name)) {
                files.reading().error(files.source(name), "moves or ends processes, which is no setting", "remove it");
                continue;
            }
            if (name.indexOf('.') < 0) {
                String message = "is no knob of a control group: those are called by their controller and more";
                files.reading().error(files.source(name), message, "such as memory.max or pids.max");
                continue;
            }
            try {
                String text = files.text(name);
                values.put(name, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
            } catch (BadValue e) {
                files.reject(name, e);
            }
        }
        return values;
    }
}
