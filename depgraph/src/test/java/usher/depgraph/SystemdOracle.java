package usher.depgraph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks systemd's own transaction builder, offline: {@code systemd --test} loads the units of one directory, builds the
 * transaction that starts one of them, prints it and ends. It refuses to do so as root, so then it is run as nobody.
 */
final class SystemdOracle {
    private static final Path SYSTEMD = Path.of("/usr/lib/systemd/systemd");
    private static final int NOBODY = 65534;
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path units;
    private final Path scratch;
    private final Path generators;

    /** {@code directory}, empty, will hold the units, and what systemd leaves behind. */
    SystemdOracle(Path directory) throws IOException {
        units = Files.createDirectories(directory.resolve("units"));
        scratch = Files.createDirectories(directory.resolve("scratch"));
        generators = Files.createDirectories(directory.resolve("generators"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwx------"));
        if (ROOT) {
            Files.setAttribute(scratch, "unix:uid", NOBODY);
        }
    }

    /** What is missing on this machine, if anything. */
    static Optional<String> obstacle() {
        if (!Files.isExecutable(SYSTEMD)) {
            return Optional.of("needs " + SYSTEMD + " (Debian package systemd)");
        }
        return ROOT && !Files.isExecutable(Path.of("/usr/bin/setpriv"))
                ? Optional.of("needs setpriv (Debian package util-linux)")
                : Optional.empty();
    }

    Path units() {
        return units;
    }

    /** What starting all of these units would do, none of them mattering so much that everything is refused. */
    SystemdOutcome startAll(Collection<String> all) throws IOException {
        UnitWriter.writeAsking("all.target", all, units);
        return start("all.target");
    }

    /** What starting the unit would do. */
    SystemdOutcome start(String unit) throws IOException {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(SYSTEMD.toString(), "--test", "--user", "--unit=" + unit));
        command.addAll(List.of("--log-target=console", "--log-level=notice", "--no-pager"));
        Path dump = units.resolveSibling("dump");
        Path log = units.resolveSibling("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(dump.toFile())
                .redirectError(log.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", "/usr/bin:/bin",
                        "HOME", scratch.toString(),
                        "XDG_RUNTIME_DIR", scratch.toString(),
                        "SYSTEMD_UNIT_PATH", units.toString(),
                        // The machine's own generators have no part in this, and take more time than all the rest.
                        "SYSTEMD_GENERATOR_PATH", generators.toString(),
                        "SYSTEMD_ENVIRONMENT_GENERATOR_PATH", generators.toString()));
        Process process = builder.start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("systemd --test has not ended within a minute");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(log);
        SystemdOutcome outcome = SystemdOutcome.read(Files.readAllLines(dump), lines);
        if ((process.exitValue() == 0) == outcome.isRefused()
                || (!outcome.isRefused() && outcome.started().isEmpty())) {
            throw new AssertionError("systemd --test ended with " + process.exitValue() + " and said: " + lines);
        }
        return outcome;
    }
}
