package usher.activation;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;
import usher.activation.posix.Epoll;
import usher.activation.posix.PosixException;

/**
 * The one thread's wait for everything: descriptors ({@code epoll(7)}, level-triggered), timers, and work that other
 * threads hand over. All but {@link #submit}, {@link #wakeUp} and {@link #stop} belong to the thread that runs it.
 *
 * <p>Invariant: an event is delivered only to a watch that stands at the moment of delivery. Each watch has a token of
 * its own that travels through the kernel, so what an unwatched or closed descriptor had pending in the same batch is
 * dropped, even when its number has been given to another meanwhile. Closing a watched descriptor unwatches it first,
 * because the kernel would go on reporting an open file description that a child still shares.
 */
public final class EventLoop implements AutoCloseable {
    public static final int READABLE = Epoll.IN;
    public static final int WRITABLE = Epoll.OUT;
    /** Delivered whatever the interest, as are hang-ups. */
    public static final int ERROR = Epoll.ERR;

    public static final int HANG_UP = Epoll.HUP;

    private static final long WAKE_UP = 0;
    /** In rounds. */
    private static final int MOST_DELAYS = 64;

    /** Called with what holds: a sum of {@link #READABLE}, {@link #WRITABLE}, {@link #ERROR}, {@link #HANG_UP}. */
    public interface Handler {
        void ready(int events);
    }

    /** As a Runnable, it unwatches; made for every connection, so not a closure. */
    private final class Watch implements Runnable {
        final Descriptor descriptor;
        final Long token;
        final Handler handler;

        Watch(Descriptor descriptor, long token, Handler handler) {
            this.descriptor = descriptor;
            this.token = token;
            this.handler = handler;
        }

        @Override
        public void run() {
            unwatch(descriptor);
        }
    }

    private final Epoll epoll = new Epoll();
    private final Descriptor counter = Descriptor.own(Descriptors.eventCounter(), "make", "a wake-up counter");
    private final Map<Long, Watch> byToken = new HashMap<>();
    private final Map<Descriptor, Watch> byDescriptor = new HashMap<>();
    private final Timers timers = new Timers();
    private final Queue<Runnable> unfinished = new ArrayDeque<>();
    private final Queue<Runnable> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wakeUpPending = new AtomicBoolean();
    private final byte[] count = {1, 0, 0, 0, 0, 0, 0, 0};
    private volatile boolean stopped;
    private long nextToken = WAKE_UP + 1;
    private int left;
    private int delays;

    public EventLoop() {
        if (java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN) {
            count[7] = count[0];
        }
        PosixException.check(epoll.add(counter.number(), Epoll.IN, WAKE_UP), "watch", counter);
    }

    /**
     * Has the handler called whenever the descriptor is ready for what {@code interest} says, or hangs up or fails,
     * until it is unwatched or closed. Watching again replaces interest and handler; an event already in hand then goes
     * to nobody, but level-triggered as this is, it comes again if it still holds.
     */
    public void watch(Descriptor descriptor, int interest, Handler handler) {
        Watch watch = new Watch(descriptor, nextToken++, handler);
        Watch old = byDescriptor.put(descriptor, watch);
        int result = old == null
                ? epoll.add(descriptor.number(), interest, watch.token)
                : epoll.modify(descriptor.number(), interest, watch.token);
        if (result < 0) {
            byDescriptor.remove(descriptor);
            if (old != null) {
                byToken.remove(old.token);
            }
        }
        PosixException.check(result, "watch", descriptor);
        if (old != null) {
            byToken.remove(old.token);
        }
        byToken.put(watch.token, watch);
        descriptor.beforeClose(watch);
    }

    /** Forgets the descriptor; nothing happens if it was not watched. */
    public void unwatch(Descriptor descriptor) {
        Watch watch = byDescriptor.remove(descriptor);
        if (watch != null) {
            byToken.remove(watch.token);
            epoll.remove(descriptor.number());
            descriptor.beforeClose(null);
        }
    }

    /** Whether more of what is ready waits for the handler that is called now. */
    public boolean isBusy() {
        return left > 0;
    }

    public boolean isWatched(Descriptor descriptor) {
        return byDescriptor.containsKey(descriptor);
    }

    /** Has the action run once, at that {@link System#nanoTime} or as soon after it as may be. */
    public Timer at(long nanoTime, Runnable action) {
        return timers.add(nanoTime, action);
    }

    /** Has the work done once, before waiting: when nothing is ready any more, or a while later at the latest. */
    public void beforeRest(Runnable work) {
        unfinished.add(work);
    }

    /** Hands work to the loop's thread, from any thread; pieces run in the order in which they came. */
    public void submit(Runnable work) {
        submitted.add(work);
        wakeUp();
    }

    /** Has a waiting {@link #runOnce} return, or the next one not wait; wake-ups before that count once. */
    public void wakeUp() {
        if (wakeUpPending.compareAndSet(false, true)) {
            Descriptors.write(counter.number(), count, 0, count.length);
        }
    }

    /** Makes {@link #run} return after the batch at hand. */
    public void stop() {
        stopped = true;
        wakeUp();
    }

    public void run() {
        while (!stopped) {
            runOnce(-1);
        }
    }

    /**
     * Waits until something is ready, a timer is due, work was handed over or so long has passed (-1: for ever), then
     * does all that is due: events first, then timers, then work. What a handler throws comes out of here; the rest of
     * its batch comes again with the next call.
     */
    public void runOnce(long timeoutMillis) {
        int ready = isBusyStill() ? epoll.await(0) : 0;
        if (ready == 0) {
            finish();
            ready = epoll.await(timers.millisToWait(timeoutMillis));
        }
        for (int i = 0; i < ready; i++) {
            left = ready - i - 1;
            long token = epoll.token(i);
            Watch watch = byToken.get(token);
            if (watch != null) {
                watch.handler.ready(epoll.events(i));
            } else if (token == WAKE_UP) {
                Descriptors.read(counter.number(), new byte[8], 0, 8);
                // After the counter is empty and before the queue is looked at: a later submit writes again.
                wakeUpPending.set(false);
            }
        }
        timers.runDue();
        runSubmitted();
    }

    /** Whether something is left to be finished that may wait for yet another round. */
    private boolean isBusyStill() {
        return !unfinished.isEmpty() && delays++ < MOST_DELAYS;
    }

    private void finish() {
        delays = 0;
        for (Runnable work = unfinished.poll(); work != null; work = unfinished.poll()) {
            work.run();
        }
    }

    /** Runs what is there now; what that submits waits for the next round, so that it cannot starve the descriptors. */
    private void runSubmitted() {
        try {
            for (int due = submitted.size(); due > 0; due--) {
                Runnable work = submitted.poll();
                if (work != null) {
                    work.run();
                }
            }
        } finally {
            if (!submitted.isEmpty()) {
                wakeUp();
            }
        }
    }

    @Override
    public void close() {
        byDescriptor.keySet().forEach(descriptor -> descriptor.beforeClose(null));
        counter.close();
        epoll.close();
    }
}
