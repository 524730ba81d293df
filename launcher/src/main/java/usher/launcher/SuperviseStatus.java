package usher.launcher;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import usher.launcher.Life.Phase;
import usher.launcher.Life.Wish;

/**
 * What {@code supervise/status} says: the 18 bytes that daemontools' svstat reads, and the two more of runit's sv.
 *
 * <pre>
 *   0  12  TAI64N: when the process last came or went; without one, when it went up or down
 *  12   4  its process, little-endian; 0: none
 *  16   1  1: stopped by the command p
 *  17   1  what is wanted: u up, d down, o up but not again, 0 neither (it waits for traffic)
 *  18   1  1: told to end
 *  19   1  0 down, 1 running, 2 finish runs
 * </pre>
 */
record SuperviseStatus(Instant since, int pid, boolean paused, Want want, boolean told, Running running) {
    private static final int LENGTH = 20;

    enum Want {
        UP('u'),
        DOWN('d'),
        ONCE('o'),
        NEITHER('\0');

        private final char letter;

        Want(char letter) {
            this.letter = letter;
        }
    }

    enum Running {
        DOWN(0),
        RUN(1),
        FINISH(2);

        private final int number;

        Running(int number) {
            this.number = number;
        }
    }

    /** Of a bundle that nobody has asked for. */
    static SuperviseStatus down(Instant now) {
        return new SuperviseStatus(now, 0, false, Want.DOWN, false, Running.DOWN);
    }

    /** What is to be shown after this: the stamp changes with the process, and, without one, as it goes up or down. */
    SuperviseStatus next(Life life, boolean startIsInFlight, int process, boolean once, Instant now) {
        boolean told = life.phase() == Phase.STOPPING || life.phase() == Phase.DRAINING;
        boolean runs = life.phase() == Phase.STARTING || life.phase() == Phase.UP || told;
        boolean finishes = life.phase() == Phase.CLEANING;
        int shown = runs || finishes ? process : 0;
        Running next = runs ? Running.RUN : finishes ? Running.FINISH : Running.DOWN;
        boolean wasDown = running == Running.DOWN;
        boolean same = shown == pid && (shown != 0 || wasDown == (next == Running.DOWN));
        return new SuperviseStatus(
                same ? since : now, shown, same && shown != 0 && paused, want(life, startIsInFlight, once), told, next);
    }

    private static Want want(Life life, boolean startIsInFlight, boolean once) {
        if (once) {
            return Want.ONCE;
        }
        if (startIsInFlight || life.wish() == Wish.RUN && !life.doomed()) {
            return Want.UP;
        }
        return life.wish() == Wish.LISTEN && !life.doomed() ? Want.NEITHER : Want.DOWN;
    }

    SuperviseStatus withPaused(boolean now) {
        return new SuperviseStatus(since, pid, now && pid != 0, want, told, running);
    }

    byte[] bytes() {
        byte[] bytes = new byte[LENGTH];
        Stamp.packTai64n(since, bytes);
        for (int i = 0; i < 4; i++) {
            bytes[12 + i] = (byte) (pid >>> 8 * i);
        }
        bytes[16] = (byte) (paused ? 1 : 0);
        bytes[17] = (byte) want.letter;
        bytes[18] = (byte) (told ? 1 : 0);
        bytes[19] = (byte) running.number;
        return bytes;
    }

    /** What an earlier launcher has written, if it can be believed. */
    static Optional<SuperviseStatus> parse(byte[] bytes) {
        Optional<Running> running = bytes.length != LENGTH
                ? Optional.empty()
                : Arrays.stream(Running.values())
                        .filter(one -> one.number == bytes[19])
                        .findFirst();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        int pid = 0;
        for (int i = 0; i < 4; i++) {
            pid |= (bytes[12 + i] & 0xff) << 8 * i;
        }
        Want want = Arrays.stream(Want.values())
                .filter(one -> one.letter == bytes[17])
                .findFirst()
                .orElse(Want.NEITHER);
        return Optional.of(new SuperviseStatus(
                Stamp.unpackTai64n(bytes), pid, bytes[16] == 1, want, bytes[18] == 1, running.get()));
    }
}
