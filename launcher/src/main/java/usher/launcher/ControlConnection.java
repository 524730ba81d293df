package usher.launcher;

import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;
import usher.activation.EventLoop;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Errno;
import usher.activation.posix.Sockets;
import usher.launcher.ControlProtocol.Request;
import usher.launcher.ControlProtocol.RequestReader;

/**
 * One client of the control socket: its request is put together as it comes in, its answer goes out as fast as it is
 * read. A client that does not read costs memory for its answer and nobody's time.
 */
final class ControlConnection {
    /** A client that has left so much unread has gone to sleep; it is let go. */
    private static final int MOST_UNREAD = 64 << 20;

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final BiConsumer<ControlConnection, Request> answerer;
    private final RequestReader reader = new RequestReader();
    private final byte[] buffer = new byte[8192];
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private boolean requested;
    private boolean finished;
    /** For room in the socket. */
    private boolean waiting;

    ControlConnection(EventLoop loop, Descriptor descriptor, BiConsumer<ControlConnection, Request> answerer) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.answerer = answerer;
        Descriptors.setNonBlocking(descriptor.number(), true);
        watch();
    }

    private void watch() {
        loop.watch(descriptor, EventLoop.READABLE | (waiting ? EventLoop.WRITABLE : 0), this::ready);
    }

    boolean isOpen() {
        return descriptor.isOpen();
    }

    void out(String text) {
        send(ControlProtocol.out(text));
    }

    void err(String text) {
        send(ControlProtocol.err(text));
    }

    /** Before the outcomes of a job. */
    void note(String text) {
        send(ControlProtocol.note(text));
    }

    /** To a client that has asked for {@code --progress}. */
    void progress(String line) {
        send(ControlProtocol.progress(line));
    }

    /** Whether somebody hears what is said, and more is to be. */
    boolean isAnswering() {
        return descriptor.isOpen() && !finished;
    }

    /** Ends the answer; the connection closes when all of it has gone out. */
    void exit(int status) {
        finished = true;
        send(ControlProtocol.exit(status));
    }

    private void ready(int events) {
        if ((events & EventLoop.WRITABLE) != 0) {
            flush();
        }
        if (descriptor.isOpen() && (events & ~EventLoop.WRITABLE) != 0) {
            read();
        }
    }

    private void read() {
        int got = Descriptors.read(descriptor.number(), buffer, 0, buffer.length);
        if (got == -Errno.EAGAIN || got == -Errno.EINTR) {
            return;
        }
        if (got <= 0) {
            // The client has gone; what it asked for goes on.
            descriptor.close();
        } else if (!requested) {
            switch (reader.add(buffer, got)) {
                case PARTIAL -> {}
                case COMPLETE -> {
                    requested = true;
                    answerer.accept(this, reader.request());
                }
                case BAD -> {
                    requested = true;
                    err(
                            "usher: this launcher does not understand the request: it is of another version than the command"
                                    + " (start it with the same build)");
                    exit(Exit.FAILED);
                }
            }
        }
    }

    private void send(byte[] bytes) {
        if (descriptor.isOpen()) {
            unsent.writeBytes(bytes);
            flush();
        }
    }

    private void flush() {
        byte[] bytes = unsent.toByteArray();
        int sent = 0;
        while (sent < bytes.length) {
            int result = Sockets.send(
                    descriptor.number(),
                    java.util.Arrays.copyOfRange(bytes, sent, Math.min(bytes.length, sent + (64 << 10))),
                    Sockets.MSG_NOSIGNAL | Sockets.MSG_DONTWAIT);
            if (result == -Errno.EAGAIN) {
                break;
            }
            if (result < 0 && result != -Errno.EINTR) {
                descriptor.close();
                return;
            }
            sent += Math.max(0, result);
        }
        unsent.reset();
        unsent.write(bytes, sent, bytes.length - sent);
        if (unsent.size() > MOST_UNREAD || unsent.size() == 0 && finished) {
            descriptor.close();
        } else if (waiting != unsent.size() > 0) {
            waiting = !waiting;
            watch();
        }
    }
}
