package usher.activation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Errno;
import usher.activation.posix.Messages;
import usher.activation.posix.PosixException;
import usher.activation.posix.SocketOption;
import usher.activation.posix.Sockets;

/**
 * Descriptors in flight: a pair of SEQPACKET sockets that guard and launcher share. What is sent into one end waits at
 * the other, in the kernel, and what a message carries is open as long as the message is there ({@code unix(7)}). So
 * nobody need run to hold it. A launcher that comes anew looks at all messages without taking them (MSG_PEEK), so being
 * killed meanwhile loses nothing, and being killed after a descriptor was sent loses nothing either.
 *
 * <pre>
 *   + NAME COUNT   descriptors, in place of what NAME stood for      (several of these lines in one message)
 *   - NAME         none any more
 * </pre>
 *
 * <p>The later message wins. Before the queue is full, all that counts is sent once more, and then as many messages as
 * were there before are taken out.
 */
public final class Mailbox implements Keeper, AutoCloseable {
    /** What the kernel charges for a small message, and more. */
    private static final int COST = 1280;

    private static final int WANTED_BUFFER = 16 << 20;
    private static final int LONGEST = 64 << 10;
    private static final int MOST_TEXT = 12 << 10;

    private final Descriptor in;
    private final Descriptor out;
    private final Consumer<String> complain;
    private final Map<String, List<Descriptor>> kept = new LinkedHashMap<>();
    private final int room;
    private int queued;
    private long queuedText;
    private boolean stale;

    private record Letter(StringBuilder text, List<Descriptor> descriptors) {
        Letter() {
            this(new StringBuilder(), new ArrayList<>());
        }
    }

    /** Of the two ends of a pair, which this owns from now on; {@code complain} hears what cannot be kept. */
    public Mailbox(Descriptor in, Descriptor out, Consumer<String> complain) {
        this.in = in;
        this.out = out;
        this.complain = complain;
        int forced =
                Sockets.setOption(in.number(), SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUFFORCE, WANTED_BUFFER);
        if (forced < 0) {
            Sockets.setOption(in.number(), SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF, WANTED_BUFFER);
        }
        room = Sockets.option(in.number(), SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF) / 2;
    }

    /** A new pair: what is sent into the first element waits at the second. */
    public static Descriptor[] pair() {
        int[] ends = new int[2];
        PosixException.check(Sockets.pair(Sockets.SOCK_SEQPACKET, ends), "make", "a socket pair");
        return new Descriptor[] {Descriptor.own(ends[0]), Descriptor.own(ends[1])};
    }

    /** Copies of all that is kept, by name; to be called once, before anything is kept by this. */
    public Map<String, List<Descriptor>> contents() {
        PosixException.check(
                Sockets.setOption(out.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PEEK_OFF, 0),
                "look into",
                "the mailbox");
        try {
            for (Messages.Received letter = Messages.peek(out.number(), LONGEST);
                    letter != null;
                    letter = Messages.peek(out.number(), LONGEST)) {
                read(letter);
            }
        } finally {
            Sockets.setOption(out.number(), SocketOption.SOL_SOCKET, SocketOption.SO_PEEK_OFF, -1);
        }
        return new LinkedHashMap<>(kept);
    }

    private void read(Messages.Received letter) {
        queued++;
        queuedText += letter.content().length();
        int next = 0;
        for (String line : letter.content().lines().toList()) {
            String name = line.substring(line.indexOf(' ', 2) + 1);
            List<Descriptor> superseded = kept.remove(name);
            stale |= superseded != null; // it is in flight still
            close(superseded);
            if (line.startsWith("+")) {
                int count = Integer.parseInt(line.substring(2, line.indexOf(' ', 2)));
                kept.put(name, List.copyOf(letter.descriptors().subList(next, next + count)));
                next += count;
            }
        }
    }

    private static void close(@org.jspecify.annotations.Nullable List<Descriptor> superseded) {
        if (superseded != null) {
            superseded.forEach(Descriptor::close);
        }
    }

    @Override
    public void keep(String name, List<Descriptor> descriptors) {
        stale |= kept.remove(name) != null;
        kept.put(name, List.copyOf(descriptors));
        Letter letter = new Letter();
        add(letter, name, descriptors);
        post(letter);
    }

    @Override
    public void forget(String name) {
        stale |= kept.containsKey(name);
        forgetAtLeisure(name);
    }

    @Override
    public void forgetAtLeisure(String name) {
        if (kept.remove(name) != null) {
            Letter letter = new Letter();
            letter.text().append("- 0 ").append(name).append('\n');
            post(letter);
        }
    }

    /** Whether something is in flight still that has been forgotten. */
    public boolean isStale() {
        return stale;
    }

    @Override
    public void letGo() {
        if (stale) {
            renew();
        }
    }

    private static void add(Letter letter, String name, List<Descriptor> descriptors) {
        letter.text()
                .append("+ ")
                .append(descriptors.size())
                .append(' ')
                .append(name)
                .append('\n');
        letter.descriptors().addAll(descriptors);
    }

    private void post(Letter letter) {
        if ((long) queued * COST + 2 * queuedText > room) {
            renew();
        }
        send(letter);
    }

    private boolean send(Letter letter) {
        byte[] text = letter.text().toString().getBytes(StandardCharsets.UTF_8);
        int sent = Messages.send(in.number(), text, letter.descriptors());
        if (sent < 0) {
            complain.accept("a descriptor cannot be kept for the case that this launcher is killed: "
                    + Errno.name(-sent) + " (" + letter.text().toString().trim() + ")");
            return false;
        }
        queued++;
        queuedText += text.length;
        return true;
    }

    /** Sends all that counts once more and takes out what was there before. */
    private void renew() {
        int before = queued;
        long beforeText = queuedText;
        for (Letter letter : letters()) {
            if (!send(letter)) {
                return; // what was there before still counts
            }
        }
        for (int i = 0; i < before; i++) {
            if (Messages.drop(out.number()) < 0) {
                break;
            }
        }
        queued -= before;
        queuedText -= beforeText;
        stale = false;
    }

    private Collection<Letter> letters() {
        List<Letter> letters = new ArrayList<>();
        Letter letter = new Letter();
        letters.add(letter);
        for (Map.Entry<String, List<Descriptor>> entry : kept.entrySet()) {
            List<Descriptor> open =
                    entry.getValue().stream().filter(Descriptor::isOpen).toList();
            if (open.size() < entry.getValue().size()) {
                continue;
            }
            if (letter.descriptors().size() + open.size() > Messages.MOST_DESCRIPTORS
                    || letter.text().length() + entry.getKey().length() > MOST_TEXT) {
                letter = new Letter();
                letters.add(letter);
            }
            add(letter, entry.getKey(), open);
        }
        letters.removeIf(empty -> empty.text().length() == 0);
        return letters;
    }

    /** Both ends, in the order in which the constructor takes them. */
    public List<Descriptor> ends() {
        return List.of(in, out);
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}
