package usher.launcher;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import usher.activation.Child;
import usher.activation.Listener;
import usher.activation.NotifySocket;
import usher.activation.Orphans;
import usher.activation.PassedSockets;
import usher.activation.Pipe;
import usher.activation.posix.Descriptor;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;

/**
 * What has outlived the launcher before this one: descriptors, by the names under which they were kept, and processes.
 * Each is given out once; what nobody has asked for in the end is closed. After a first start there is nothing.
 */
final class Survivors {
    static final String NOTIFY = "notify";
    static final String CONTROL = "control";
    /** Hexadecimal digits; the other eight are the process's number. */
    private static final int MARKER_OF_BUNDLE = 24;

    private final TreeMap<String, List<Descriptor>> kept;
    private final String mark;
    private final Map<BundleName, String> markers = new HashMap<>();
    private final Orphans orphans;
    private final List<Descriptor> rescued;

    /**
     * Of what is kept, and what has been rescued besides.
     *
     * @param mark begins the markers of all processes that this launcher and those before it have started
     */
    Survivors(Map<String, List<Descriptor>> kept, String mark, Orphans orphans, List<Descriptor> rescued) {
        this.rescued = rescued;
        this.kept = new TreeMap<>(kept);
        this.mark = mark;
        this.orphans = orphans;
    }

    /** Of an open socket, by its mark. */
    static String socketKey(BundleName bundle, String mark) {
        return "socket/" + bundle + "/" + mark;
    }

    static String processKey(String process) {
        return "process/" + process;
    }

    static String readinessKey(BundleName bundle, int process) {
        return "ready/" + bundle + "/" + process;
    }

    static String storedKey(BundleName bundle) {
        return "stored/" + bundle + "/";
    }

    private Optional<List<Descriptor>> take(String name) {
        return Optional.ofNullable(kept.remove(name));
    }

    /** All whose names begin so, in the order of their names. */
    private Map<String, List<Descriptor>> takeAll(String prefix) {
        Map<String, List<Descriptor>> taken = new TreeMap<>();
        names(prefix).forEach(name -> taken.put(name, take(name).orElseThrow()));
        return taken;
    }

    private List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        for (String name : kept.tailMap(prefix).keySet()) {
            if (!name.startsWith(prefix)) {
                break;
            }
            names.add(name);
        }
        return names;
    }

    private Map<String, Descriptor> oneOfEach(String prefix) {
        Map<String, Descriptor> taken = new TreeMap<>();
        takeAll(prefix).forEach((name, descriptors) -> taken.put(name, descriptors.get(0)));
        return taken;
    }

    private Optional<Descriptor> one(String name) {
        return take(name).map(descriptors -> descriptors.get(0));
    }

    /**
     * Those of the declared sockets that are open, by the marks under which they are kept. If the launcher was killed while it
     * changed one's name, that is the mark it had before.
     */
    Map<String, Listener> sockets(BundleName bundle, List<ListeningSocket> declared) {
        String prefix = socketKey(bundle, "");
        List<String> marks = names(prefix);
        marks.replaceAll(key -> key.substring(prefix.length()));
        Map<String, Listener> open = new LinkedHashMap<>();
        SocketMarks.heirs(marks, declared)
                .forEach((mark, socket) ->
                        open.put(mark, Listener.adopt(socket, one(prefix + mark).orElseThrow())));
        return open;
    }

    /** Sockets that were passed to the first launcher and that no bundle has used yet. */
    PassedSockets passed() {
        return new PassedSockets(oneOfEach(PassedSockets.NAME));
    }

    /** A process that is recorded; empty if it has ended and nothing is left to be learnt of it. */
    Optional<Child> process(ProcessImage image) {
        orphans.forget(marker(image.bundle(), image.number()));
        Optional<Descriptor> pidfd = one(processKey(image.bundle() + "/" + image.number()));
        if (pidfd.isEmpty()) {
            pidfd = image.process().open();
        }
        return pidfd.map(open -> Child.adopt(image.process().pid(), open));
    }

    /** A process that has been started and is not recorded. */
    Optional<Child> process(BundleName bundle, int number) {
        return orphans.find(marker(bundle, number));
    }

    /** Whether such a process is there. */
    boolean hasProcess(BundleName bundle, int number) {
        return orphans.have(marker(bundle, number));
    }

    /** Whether the bundle's next process is there, of which the engine has not heard yet ({@link Standbys}). */
    boolean hasNext(Life life) {
        return hasProcess(life.bundle().name(), life.processes() + 1);
    }

    /** What the environment of that process says, and no other's: INVOCATION_ID, as systemd calls it. */
    String marker(BundleName bundle, int number) {
        return markers.computeIfAbsent(bundle, this::marker) + HexFormat.of().toHexDigits(number);
    }

    /** What the markers of all its processes begin with, computed once. */
    private String marker(BundleName bundle) {
        byte[] name = (mark + "/" + bundle).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(name).toString().replace("-", "").substring(0, MARKER_OF_BUNDLE);
    }

    /** The pipes of logs, by the names that {@link Outputs} gave them. */
    Map<String, List<Descriptor>> outputs() {
        Map<String, List<Descriptor>> pipes = takeAll(Outputs.LOG);
        pipes.putAll(takeAll(LoggerPipes.NAME));
        return pipes;
    }

    Optional<Pipe> readiness(BundleName bundle, int process) {
        return take(readinessKey(bundle, process)).map(ends -> new Pipe(ends.get(0), ends.get(1)));
    }

    boolean hasNotifySocket() {
        return kept.containsKey(NOTIFY);
    }

    Optional<NotifySocket> notifySocket() {
        return one(NOTIFY).map(NotifySocket::adopt);
    }

    Optional<Descriptor> control() {
        return one(CONTROL);
    }

    /** What a daemon of the bundle has given to be kept, in the order in which it came. */
    Map<String, Descriptor> stored(BundleName bundle) {
        return oneOfEach(storedKey(bundle));
    }

    /** What was open in the launcher before this one, by whatever name; the taker closes it. */
    List<Descriptor> takeRescued() {
        List<Descriptor> taken = new ArrayList<>(rescued);
        rescued.clear();
        return taken;
    }

    /** Closes what nobody wanted, and says by which names it was kept. */
    List<String> closeRest() {
        List<String> rest = List.copyOf(kept.keySet());
        kept.values().forEach(descriptors -> descriptors.forEach(Descriptor::close));
        kept.clear();
        takeRescued().forEach(Descriptor::close);
        return rest;
    }
}
