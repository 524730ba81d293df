package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Limits;
import usher.activation.posix.Manner;
import usher.activation.posix.Processes;
import usher.bundles.Service;

/** Against the real kernel: what a child finds when it looks at itself. */
@SuppressWarnings("try") // closing early is what some tests are about
class SpawnerTest {
    /** The descriptors of the shell, which ls sees from outside; a colon so that no shell replaces itself by ls. */
    private static final String LIST = "/bin/ls -l /proc/$$/fd; :";

    private final Limits.Limit original = Limits.of(Limits.NOFILE);
    private final OriginalLimits given = OriginalLimits.of(new Limits.Limit(512, original.hard()));
    private final Spawner spawner = new Spawner(given);

    @TempDir
    Path temp;

    @BeforeEach
    void leaveStrayDescriptorsAround() throws IOException {
        for (int i = 0; i < 3; i++) {
            int stray = Descriptors.open("/dev/null", Descriptors.O_RDONLY, 0);
            Descriptors.setCloseOnExec(stray, false);
            strays.add(Descriptor.own(stray));
        }
    }

    private final List<Descriptor> strays = new java.util.ArrayList<>();

    @AfterEach
    void close() {
        strays.forEach(Descriptor::close);
        spawner.close();
        Limits.set(Limits.NOFILE, original);
    }

    @Test
    void givesTheChildExactlyTheNamedDescriptors() {
        try (Listener a = Declared.open(Declared.socket(Declared.tcp(0)));
                Listener b = Declared.open(Declared.socket(Declared.udp(0)))) {
            Map<Integer, String> seen =
                    descriptorsSeen(Running.launch(sh(LIST), Map.of(3, a.descriptor(), 4, b.descriptor())));
            assertThat(seen).containsOnlyKeys(0, 1, 2, 3, 4);
            assertThat(seen.get(0)).isEqualTo("/dev/null");
            assertThat(seen.get(3)).isEqualTo(link(a.descriptor()));
            assertThat(seen.get(4)).isEqualTo(link(b.descriptor()));
        }
    }

    @Test
    void closesTheNumbersBetweenTheNamedDescriptors() {
        try (Listener a = Declared.open(Declared.socket(Declared.tcp(0)))) {
            Map<Integer, String> seen = descriptorsSeen(Running.launch(sh(LIST), Map.of(40, a.descriptor())));
            assertThat(seen).containsOnlyKeys(0, 1, 2, 40);
        }
    }

    @Test
    void neverOverwritesASourceThatIsStillNeeded() {
        // Sources and targets are the same numbers, in every rotation: each must arrive where it was sent.
        List<Descriptor> pipes = new java.util.ArrayList<>();
        int base = 60;
        for (int i = 0; i < 4; i++) {
            try (Pipe pipe = Pipe.open()) {
                int number = Descriptors.duplicate(pipe.readEnd().number(), base + i);
                assertThat(number).isEqualTo(base + i);
                pipes.add(Descriptor.own(number));
            }
        }
        for (int turn = 0; turn < 4; turn++) {
            Map<Integer, Descriptor> plan = new HashMap<>();
            for (int i = 0; i < 4; i++) {
                plan.put(base + i, pipes.get((i + turn) % 4));
            }
            Map<Integer, String> seen = descriptorsSeen(Running.launch(sh(LIST), plan));
            for (int i = 0; i < 4; i++) {
                assertThat(seen.get(base + i)).as("turn %s", turn).isEqualTo(link(pipes.get((i + turn) % 4)));
            }
        }
        pipes.forEach(Descriptor::close);
    }

    @Test
    void passesTheSameDescriptorUnderSeveralNumbersAndItsOwn() {
        try (Descriptor one = Descriptor.own(Descriptors.duplicate(strays.get(0).number(), 70))) {
            Map<Integer, String> seen =
                    descriptorsSeen(Running.launch(sh(LIST), Map.of(one.number(), one, 3, one, 71, one)));
            assertThat(seen).containsOnlyKeys(0, 1, 2, 3, one.number(), 71);
        }
    }

    @Test
    void handsSocketsOverBlocking() throws IOException {
        try (Listener a = Declared.open(Declared.socket(Declared.tcp(0)))) {
            String info = Running.outputOf(
                    spawner, Running.launch(List.of("/bin/cat", "/proc/self/fdinfo/3"), Map.of(3, a.descriptor())));
            int flags = info.lines()
                    .filter(line -> line.startsWith("flags:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                    .findFirst()
                    .orElseThrow();
            assertThat(flags & Descriptors.O_NONBLOCK).isZero();
            assertThat(flags & Descriptors.O_CLOEXEC).isZero();
        }
    }

    @Test
    void startsASessionWithoutBlockedOrIgnoredSignals() {
        // cat is the direct child, so what /proc/self says is true of what was spawned.
        String status = Running.outputOf(spawner, Running.launch(List.of("/bin/cat", "/proc/self/status"), Map.of()));
        assertThat(status).containsPattern("SigBlk:\\s0{16}").containsPattern("SigIgn:\\s0{16}");
        String[] stat = Running.outputOf(spawner, Running.launch(List.of("/bin/cat", "/proc/self/stat"), Map.of()))
                .split(" ", -1);
        assertThat(stat[4]).as("process group").isEqualTo(stat[0]);
        assertThat(stat[5]).as("session").isEqualTo(stat[0]);
    }

    @Test
    void givesTheOriginalDescriptorLimitBackAndKeepsItsOwn() {
        assertThat(Limits.of(Limits.NOFILE).soft()).isEqualTo(original.hard());
        given.keepBack();
        String limits = Running.outputOf(spawner, Running.launch(List.of("/bin/cat", "/proc/self/limits"), Map.of()));
        assertThat(limits).containsPattern("Max open files\\s+512\\s+" + original.hard() + "\\s");
        assertThat(Limits.of(Limits.NOFILE).soft()).isEqualTo(original.hard() - 32);
        OriginalLimits.toTheFull(
                () -> assertThat(Limits.of(Limits.NOFILE).soft()).isEqualTo(original.hard()));
        assertThat(Limits.of(Limits.NOFILE).soft()).isEqualTo(original.hard() - 32);
    }

    @Test
    void setsTheUmaskOfThePlaceOnly() {
        Service.Place place =
                new Service.Place(Optional.empty(), Optional.empty(), 027, temp, Optional.empty(), false, Map.of());
        assertThat(Running.outputOf(spawner, Running.launch(sh("umask; pwd"), place, Map.of(), false)))
                .isEqualTo("0027\n" + temp + "\n");
        assertThat(Running.outputOf(spawner, Running.launch(sh("umask"), Map.of())))
                .isEqualTo("0022\n");
    }

    @Test
    void tellsTheDaemonItsOwnProcessId() {
        try (Listener a = Declared.open(Declared.socket(Declared.tcp(0)))) {
            Launch launch = Running.launch(
                    sh("echo $$ $LISTEN_PID; " + LIST), Declared.place(temp), Map.of(3, a.descriptor()), true);
            List<String> lines = Running.outputOf(spawner, launch).lines().toList();
            String[] ids = lines.get(0).split(" ", -1);
            assertThat(ids[0]).isEqualTo(ids[1]);
            assertThat(lines.stream().filter(line -> line.contains(" -> "))).hasSize(4);
        }
    }

    @Test
    void setsLimitsOfThePlace() {
        Map<String, Service.Limit> limits = Map.of(
                "nofile", new Service.Limit(100, 200),
                "core", new Service.Limit(0, 1024),
                "memlock", new Service.Limit(65536, 65536));
        Service.Place place =
                new Service.Place(Optional.empty(), Optional.empty(), 022, temp, Optional.empty(), false, limits);
        String seen = Running.outputOf(
                spawner, Running.launch(List.of("/bin/cat", "/proc/self/limits"), place, Map.of(), false));
        assertThat(seen)
                .containsPattern("Max open files\\s+100\\s+200\\s")
                .containsPattern("Max core file size\\s+0\\s+1024\\s")
                .containsPattern("Max locked memory\\s+65536\\s+65536\\s");
    }

    @Test
    void startsAsAnotherUserWithItsGroups() {
        assumeTrue(Processes.effectiveUser() == 0, "only root can become somebody else");
        Service.Place place = new Service.Place(
                Optional.of("nobody"), Optional.empty(), 022, Path.of("/"), Optional.empty(), true, Map.of());
        String status = Running.outputOf(
                spawner, Running.launch(List.of("/bin/cat", "/proc/self/status"), place, Map.of(), false));
        assertThat(status)
                .containsPattern("Uid:\\s65534\\s65534\\s65534\\s65534")
                .containsPattern("Gid:\\s65534\\s65534")
                .containsPattern("CapEff:\\s0{16}")
                .containsPattern("NoNewPrivs:\\s1")
                .containsPattern("SigIgn:\\s0{16}");
    }

    /** As after a login whose group is that one: the user's own in the database is not among them. */
    @Test
    void startsInAnotherGroupInsteadOfTheUsersOwn() {
        assumeTrue(Processes.effectiveUser() == 0, "only root can become somebody else");
        Service.Place place = new Service.Place(
                Optional.of("nobody"), Optional.of("54322"), 022, Path.of("/"), Optional.empty(), false, Map.of());
        String status = Running.outputOf(
                spawner, Running.launch(List.of("/bin/cat", "/proc/self/status"), place, Map.of(), false));
        assertThat(status).containsPattern("Gid:\\s54322\\s54322").containsPattern("Groups:\\s54322 *\n");
    }

    @Test
    void startsAsANumberWithoutEntryInTheUserDatabase() {
        assumeTrue(Processes.effectiveUser() == 0, "only root can become somebody else");
        Service.Place place = new Service.Place(
                Optional.of("54321"), Optional.of("54322"), 022, Path.of("/"), Optional.empty(), false, Map.of());
        String status = Running.outputOf(
                spawner, Running.launch(List.of("/bin/cat", "/proc/self/status"), place, Map.of(), false));
        assertThat(status)
                .containsPattern("Uid:\\s54321\\s54321\\s54321\\s54321")
                .containsPattern("Gid:\\s54322\\s54322")
                .containsPattern("Groups:\\s*\n");
    }

    @Test
    void changesTheRootDirectory() {
        assumeTrue(Processes.effectiveUser() == 0, "only root can change the root directory");
        // The whole system under another name is a root in which the tools are found again.
        Service.Place place = new Service.Place(
                Optional.of("nobody"),
                Optional.empty(),
                022,
                Path.of("/usr"),
                Optional.of(Path.of("/proc/self/root")),
                false,
                Map.of());
        assertThat(Running.outputOf(spawner, Running.launch(sh("pwd; id -u"), place, Map.of(), false)))
                .isEqualTo("/usr\n65534\n");
    }

    @Test
    void saysThatTheProgramIsLookedForInsideTheRootDirectory(@TempDir Path root) {
        assumeTrue(Processes.effectiveUser() == 0, "only root can change the root directory");
        Service.Place place = new Service.Place(
                Optional.empty(), Optional.empty(), 022, Path.of("/"), Optional.of(root), false, Map.of());
        assertThat(spawner.spawn(Running.launch(sh("pwd"), place, Map.of(), false)))
                .isInstanceOfSatisfying(
                        Spawning.SpawnFailure.class,
                        failure -> assertThat(failure.message())
                                .startsWith("could not execute " + root + "/bin/sh: ")
                                .endsWith("(it is looked for inside root " + root + ")")
                                .doesNotContain("interpreter"));
    }

    @Test
    void startsAProcessGroupForEachOfSeveralConnectionsWithItsOwnVariables() {
        List<String> script = List.of(
                "/bin/sh", "-c", "read -r p c s q g rest < /proc/$$/stat; echo $PEER $(test $p = $g && echo leads)");
        Launch launch = Running.launch(script, Map.of());
        assertThat(spawner.prepareFor(launch, Set.of(0, 1))).isInstanceOfSatisfying(Preparation.Ready.class, ready -> {
            try (Prepared prepared = ready.prepared()) {
                for (int round = 0; round < 50; round++) {
                    List<Pipe> pipes = new ArrayList<>();
                    List<String> wanted = new ArrayList<>();
                    List<PendingSpawn> begun = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        pipes.add(Pipe.open());
                        wanted.add("peer" + round + "." + i + "x".repeat(20 * round));
                        begun.add(prepared.begin(pipes.get(i).writeEnd(), List.of("PEER=" + wanted.get(i)), () -> {}));
                    }
                    for (int i = 0; i < wanted.size(); i++) {
                        Child child = ((Spawning.Spawned) begun.get(i).await()).child();
                        pipes.get(i).writeEnd().close();
                        assertThat(Running.drain(pipes.get(i))).isEqualTo(wanted.get(i) + " leads\n");
                        pipes.get(i).close();
                        assertThat(Running.await(child)).isEqualTo(ExitStatus.exit(0));
                    }
                }
            }
        });
    }

    @Test
    void keepsWhatIsPreparedUntilTheLastProcessThatIsUnderWayHasIt() {
        Launch launch = Running.launch(sh("echo $PEER"), Map.of());
        Prepared prepared = ((Preparation.Ready) spawner.prepareFor(launch, Set.of(0, 1))).prepared();
        try (Pipe pipe = Pipe.open()) {
            PendingSpawn begun = prepared.begin(pipe.writeEnd(), List.of("PEER=somebody"), () -> {});
            prepared.close();
            Child child = ((Spawning.Spawned) begun.await()).child();
            pipe.writeEnd().close();
            assertThat(Running.drain(pipe)).isEqualTo("somebody\n");
            assertThat(Running.await(child)).isEqualTo(ExitStatus.exit(0));
        }
    }

    @Test
    void startsProcessesOutOfACopyOfTheLowestNumbersWhereManyDescriptorsAreOpen() throws IOException {
        try (Listener socket = Declared.open(Declared.socket(Declared.tcp(0)))) {
            crowd();
            for (int round = 0; round < 3; round++) {
                Map<Integer, String> seen = descriptorsSeen(Running.launch(
                        sh(LIST), Map.of(0, socket.descriptor(), 7, socket.descriptor(), 5, strays.get(0))));
                assertThat(seen).containsOnlyKeys(0, 1, 2, 5, 7);
                assertThat(seen.get(5)).isEqualTo("/dev/null");
                assertThat(seen.get(0)).isEqualTo(link(socket.descriptor()));
                assertThat(seen.get(7)).isEqualTo(link(socket.descriptor()));
            }
            assertThat(openIn(Path.of("/proc/self/fd")))
                    .as("what was lent is given back")
                    .containsOnlyOnce(link(socket.descriptor()));
            startsAProcessGroupForEachOfSeveralConnectionsWithItsOwnVariables();
            saysWhatIsWrongWithAnExecutable();
            startsAsANumberWithoutEntryInTheUserDatabase();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void startsTheNextProcessBeforeItIsToldOfTheFirst(boolean manyAreOpen) {
        if (manyAreOpen) {
            crowd();
        }
        PendingSpawn first = spawner.begin(Running.launch(sh("exit 3"), Map.of()));
        PendingSpawn second = spawner.begin(Running.launch(List.of("/nonexistent/program"), Map.of()));
        assertThat(first.isDone()).isFalse();
        assertThat(second.isDone()).isEqualTo(!Manner.isWhole());
        assertThat(second.await())
                .isInstanceOfSatisfying(
                        Spawning.SpawnFailure.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT));
        assertThat(second.isOver()).isTrue();
        Child child = ((Spawning.Spawned) first.await()).child();
        assertThat(Running.await(child)).isEqualTo(ExitStatus.exit(3));
        Child next = Running.start(spawner, Running.launch(List.of("/bin/true"), Map.of()));
        assertThat(Running.await(next)).isEqualTo(ExitStatus.exit(0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void makesTheProcessThatStandsByWithItsDescriptorsOnly(boolean manyAreOpen) throws IOException {
        if (manyAreOpen) {
            crowd();
        }
        try (Listener socket = Declared.open(Declared.socket(Declared.tcp(0)));
                Pipe pipe = Pipe.open()) {
            Launch launch = Running.launch(
                    sh(LIST), Map.of(0, socket.descriptor(), 1, pipe.writeEnd(), 4, socket.descriptor()));
            Optional<Standby> made = spawner.standBy(launch);
            assertThat(made.isPresent()).isEqualTo(Manner.isWhole());
            if (made.isEmpty()) {
                return;
            }
            try (Standby standby = made.get()) {
                assertThat(standby.isWhole()).isTrue();

                Child child = ((Spawning.Spawned) standby.begin().await()).child();

                pipe.writeEnd().close();
                Map<Integer, String> seen = descriptorsIn(Running.drain(pipe));
                assertThat(Running.await(child)).isEqualTo(ExitStatus.exit(0));
                assertThat(seen).containsOnlyKeys(0, 1, 2, 4);
                assertThat(seen.get(0)).isEqualTo(link(socket.descriptor()));
                assertThat(seen.get(4)).isEqualTo(link(socket.descriptor()));
                assertThat(openIn(Path.of("/proc/self/fd")))
                        .as("what was lent is given back")
                        .containsOnlyOnce(link(socket.descriptor()));
                assertThat(standby.isWhole()).as("its output is closed").isFalse();
            }
        }
    }

    @Test
    void saysWhyTheProcessThatStandsByCannotBeMade() {
        Optional<Standby> made = spawner.standBy(Running.launch(List.of("/nonexistent/program"), Map.of()));
        made.ifPresent(standby -> assertThat(standby.begin().await())
                .isInstanceOfSatisfying(
                        Spawning.SpawnFailure.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT)));
        assertThat(made.isPresent()).isEqualTo(Manner.isWhole());
        made.ifPresent(Standby::close);
    }

    /** Opens so many descriptors that spawning takes note of it. */
    private void crowd() {
        for (int i = 0; i <= Spawner.CROWDED; i++) {
            strays.add(strays.get(0).duplicate());
        }
        Spawning first = spawner.spawn(Running.launch(List.of("/bin/true"), Map.of()));
        assertThat(Running.await(((Spawning.Spawned) first).child())).isEqualTo(ExitStatus.exit(0));
    }

    @Test
    void startsNothingThatItHasNoDescriptorToFollow() throws IOException {
        Limits.Limit limit = Limits.of(Limits.NOFILE);
        int most;
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            most = open.mapToInt(number -> Integer.parseInt(number.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
        List<Spawning> spawnings = new ArrayList<>();
        try {
            for (int numbers = 3; numbers <= most + 3; numbers++) {
                Limits.set(Limits.NOFILE, new Limits.Limit(numbers, limit.hard()));
                spawnings.add(spawner.spawn(Running.launch(List.of("/bin/true"), Map.of())));
            }
        } finally {
            Limits.set(Limits.NOFILE, limit);
        }
        for (Spawning spawning : spawnings) {
            if (spawning instanceof Spawning.Spawned spawned) {
                assertThat(Running.await(spawned.child())).isEqualTo(ExitStatus.exit(0));
            } else {
                assertThat(spawning)
                        .isInstanceOfSatisfying(
                                Spawning.SpawnFailure.class,
                                failure -> assertThat(failure.errno()).isIn(Errno.EMFILE, Errno.EBADF));
            }
        }
        assertThat(spawnings.get(0)).as("with no descriptor left").isInstanceOf(Spawning.SpawnFailure.class);
    }

    @Test
    void saysWhatIsWrongWithAnExecutable() throws IOException {
        Path missing = temp.resolve("run");
        assertThat(spawner.spawn(Running.launch(List.of(missing.toString()), Map.of())))
                .isEqualTo(new Spawning.SpawnFailure(
                        Errno.ENOENT, "could not execute " + missing + ": no such file or directory (ENOENT)"));
        Launch chained = Running.launch(List.of(missing.toString()), Declared.place(temp), Map.of(), true);
        assertThat(spawner.spawn(chained))
                .isInstanceOfSatisfying(
                        Spawning.SpawnFailure.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT));

        Path plain = Files.writeString(temp.resolve("plain"), "#!/bin/sh\n");
        assertThat(failure(plain)).contains("permission denied").contains("chmod +x");

        Path noInterpreter = script("nointerpreter", "#!/no/such/interpreter\n");
        assertThat(failure(noInterpreter)).contains("the interpreter that its first line names does not exist");

        Path noFirstLine = script("nofirstline", "echo hello\n");
        assertThat(failure(noFirstLine)).contains("#!/bin/sh");
    }

    @Test
    void namesADirectoryThatDoesNotExist() {
        Launch launch = Running.launch(List.of("/bin/true"), Declared.place(temp.resolve("nowhere")), Map.of(), false);
        assertThat(spawner.spawn(launch))
                .isInstanceOfSatisfying(
                        Spawning.SpawnFailure.class,
                        failure -> assertThat(failure.message())
                                .isEqualTo("could not change to directory " + temp.resolve("nowhere")
                                        + ": no such file or directory (ENOENT)"));
    }

    @Test
    void startsNothingWithALimitThatCannotBeSet() {
        Service.Limit tooMany = new Service.Limit(1L << 40, 1L << 40); // beyond fs.nr_open, even for root
        Service.Place place = new Service.Place(
                Optional.empty(), Optional.empty(), 022, temp, Optional.empty(), false, Map.of("nofile", tooMany));
        Spawning spawning = spawner.spawn(Running.launch(List.of("/bin/true"), place, Map.of(), false));
        if (Manner.isWhole()) {
            assertThat(spawning)
                    .isEqualTo(new Spawning.SpawnFailure(
                            Errno.EPERM, "could not set limit nofile: operation not permitted (EPERM)"));
        } else {
            Child shell = ((Spawning.Spawned) spawning).child();
            assertThat(Running.await(shell)).isEqualTo(ExitStatus.exit(126));
        }
    }

    @Test
    void refusesAUserThatDoesNotExist() {
        Service.Place place = new Service.Place(
                Optional.of("no-such-user"), Optional.empty(), 022, temp, Optional.empty(), false, Map.of());
        assertThat(spawner.spawn(Running.launch(List.of("/bin/true"), place, Map.of(), false)))
                .isInstanceOfSatisfying(
                        Spawning.SpawnFailure.class,
                        failure -> assertThat(failure.message()).contains("no-such-user"));
    }

    private String failure(Path executable) {
        Spawning spawning = spawner.spawn(Running.launch(List.of(executable.toString()), Map.of()));
        assertThat(spawning).isInstanceOf(Spawning.SpawnFailure.class);
        return ((Spawning.SpawnFailure) spawning).message();
    }

    private static List<String> openIn(Path directory) throws IOException {
        List<String> open = new ArrayList<>();
        try (var descriptors = Files.list(directory)) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) { // that of the listing itself may be gone
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        return open;
    }

    private Path script(String name, String content) throws IOException {
        Path file = Files.writeString(temp.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Map<Integer, String> descriptorsSeen(Launch launch) {
        return descriptorsIn(Running.outputOf(spawner, launch));
    }

    private static Map<Integer, String> descriptorsIn(String list) {
        Map<Integer, String> seen = new TreeMap<>();
        list.lines()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.substring(line.lastIndexOf(' ', line.indexOf(" -> ") - 1) + 1))
                .map(entry -> entry.split(" -> ", 2))
                .forEach(words -> seen.put(Integer.valueOf(words[0]), words[1]));
        return seen;
    }

    private static String link(Descriptor descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor.number()))
                    .toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> sh(String script) {
        return List.of("/bin/sh", "-c", script);
    }
}
