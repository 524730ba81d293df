package usher.bundles;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads {@code service/}, or the same settings at the top of a plain daemontools, s6 or runit directory. */
final class ServiceReader {
    static final List<String> SETTINGS = List.of(
            "directory",
            "down",
            "down-signal",
            "eager",
            "env",
            "finish",
            "group",
            "idle-timeout",
            "limits",
            "log-count",
            "log-format",
            "log-size",
            "mount",
            "no-new-privileges",
            "notification-fd",
            "root",
            "run",
            "sd-notify",
            "start",
            "stop",
            "timeout-down",
            "timeout-finish",
            "timeout-kill",
            "timeout-up",
            "umask",
            "user");

    /** The names of {@code prlimit(1)}. */
    private static final List<String> LIMITS = List.of(
            "as",
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private final Settings settings;
    private final ServiceDraft draft;

    /** Whether the directory is the bundle's own, so that {@code down} is a flag whatever it holds */
    private final boolean plain;

    ServiceReader(Settings settings, ServiceDraft.LogDraft log, boolean plain) {
        this.settings = settings;
        this.draft = new ServiceDraft(settings.directory(), log);
        this.plain = plain;
    }

    /** Reads the setting of that name; false if there is no such setting. */
    boolean read(String name) {
        try {
            return script(name) || start(name) || place(name) || stop(name) || log(name, settings, draft.log);
        } catch (BadValue e) {
            settings.reject(name, e);
            return true;
        }
    }

    /** The service, after every setting was read. */
    Service service() {
        Reading reading = settings.reading();
        if (!draft.scripts.contains(Service.Script.RUN) && !draft.scripts.contains(Service.Script.START)) {
            String run = settings.source("run");
            String message = "does not exist, nor does " + settings.source("start") + ", so there is nothing to run";
            reading.error(run, message, "write the daemon's command into it, and chmod +x " + settings.path("run"));
        }
        return draft.service();
    }

    private boolean script(String name) {
        Service.Script script = switch (name) {
            case "run" -> Service.Script.RUN;
            case "start" -> Service.Script.START;
            case "stop" -> Service.Script.STOP;
            case "finish" -> Service.Script.FINISH;
            default -> null;
        };
        if (script == null) {
            return false;
        }
        draft.scripts.add(script);
        Path path = settings.path(name);
        Stat stat = settings.reading().stat(path, settings.source(name));
        if (stat != null && !stat.isRegular()) {
            settings.reading()
                    .error(settings.source(name), "is " + stat.kind() + ", but must be an executable file", "");
        } else if (stat != null && !stat.isExecutable()) {
            String message = "is not executable (mode " + stat.permissions() + ")";
            settings.reading().error(settings.source(name), message, "chmod +x " + Shown.name(path.toString()));
        }
        return true;
    }

    /** When it starts, with what, and how it says that it is ready. */
    private boolean start(String name) throws BadValue {
        switch (name) {
            case "down" -> draft.down = plain || settings.flag(name);
            case "eager" -> draft.eager = settings.flag(name);
            case "idle-timeout" -> {
                Duration idle = Values.duration(settings.line(name));
                draft.idleTimeout = idle.isZero() ? Optional.empty() : Optional.of(idle);
            }
            case "env" -> {
                Settings files = settings.inner(name);
                draft.environment = files == null ? Map.of() : EnvironmentReader.read(files);
            }
            case "notification-fd" -> draft.notificationFd = OptionalInt.of(settings.number(name, 0, 1_000_000));
            case "sd-notify" -> draft.sdNotify = settings.flag(name);
            case "timeout-up" -> draft.timeoutUp = Values.duration(settings.line(name));
            case "mount" -> draft.mount = Optional.of(Paths.absolute(settings.line(name)));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** As whom, where, and within which bounds. */
    private boolean place(String name) throws BadValue {
        switch (name) {
            case "user" -> draft.user = Optional.of(Values.account(settings.line(name)));
            case "group" -> draft.group = Optional.of(Values.account(settings.line(name)));
            case "umask" -> draft.umask = Values.mode(settings.line(name));
            case "directory" ->
                draft.directory =
                        draft.home.resolve(Paths.any(settings.line(name))).normalize();
            case "root" -> draft.root = Optional.of(Paths.absolute(settings.line(name)));
            case "no-new-privileges" -> draft.noNewPrivileges = settings.flag(name);
            case "limits" -> limits(settings.inner(name));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void limits(@Nullable Settings files) {
        if (files == null) {
            return;
        }
        for (String name : files.names()) {
            if (LIMITS.contains(name)) {
                try {
                    draft.limits.put(name, Values.limit(files.line(name)));
                } catch (BadValue e) {
                    files.reject(name, e);
                }
            } else {
                files.reportUnknown(name, LIMITS);
            }
        }
    }

    /** How it is stopped. */
    private boolean stop(String name) throws BadValue {
        switch (name) {
            case "down-signal" -> draft.downSignal = Values.signal(settings.line(name));
            case "timeout-down" -> draft.timeoutDown = Values.duration(settings.line(name));
            case "timeout-kill" -> draft.timeoutKill = Values.duration(settings.line(name));
            case "timeout-finish" -> draft.timeoutFinish = Values.duration(settings.line(name));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Reads a setting of the log, which may stand in the bundle or in its {@code service/}. */
    static boolean log(String name, Settings settings, ServiceDraft.LogDraft log) throws BadValue {
        switch (name) {
            case "log-format" -> log.stamp = Values.stamp(settings.line(name));
            // The bounds of multilog(8), the upper one stretched.
            case "log-size" -> log.size = Values.size(settings.line(name), 4096, 1L << 30);
            case "log-count" -> log.count = settings.number(name, 2, 10_000);
            default -> {
                return false;
            }
        }
        return true;
    }
}
