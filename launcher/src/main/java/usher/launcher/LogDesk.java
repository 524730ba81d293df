package usher.launcher;

import usher.activation.EventLoop;

/** What all log streams share, since one thread works on one of them at a time: its loop, and room for text. */
final class LogDesk {
    private final EventLoop loop;
    private final int room;
    private final byte[] raw = new byte[Stamper.LONGEST];
    private final Stamper stamper = new Stamper();

    /** With room for so many bytes of each stream to wait. */
    LogDesk(EventLoop loop, int room) {
        this.loop = loop;
        this.room = room;
    }

    EventLoop loop() {
        return loop;
    }

    /** Above this much, what a log does not take is given up; and spools are shortened. */
    int room() {
        return room;
    }

    /** For raw text. */
    byte[] raw() {
        return raw;
    }

    /** For stamped text. */
    Stamper stamper() {
        return stamper;
    }
}
