package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;

@Timeout(60)
@SuppressWarnings("try") // closing early is what some tests are about
class EventLoopTest {
    private static final byte[] ONE = {1};

    private final EventLoop loop = new EventLoop();
    private final List<String> seen = new ArrayList<>();
    private final List<Pipe> pipes = new ArrayList<>();

    @AfterEach
    void close() {
        pipes.forEach(Pipe::close);
        loop.close();
    }

    @Test
    void tellsAgainAndAgainAsLongAsSomethingIsThere() {
        Pipe pipe = readable();
        loop.watch(pipe.readEnd(), EventLoop.READABLE, events -> seen.add("readable"));
        loop.runOnce(0);
        loop.runOnce(0);
        assertThat(seen).containsExactly("readable", "readable");
        pipe.read(new byte[10]);
        loop.runOnce(0);
        assertThat(seen).hasSize(2);
    }

    @Test
    void neverDeliversWhatAnUnwatchedDescriptorHadPendingInTheSameBatch() {
        Pipe a = readable();
        Pipe b = readable();
        loop.watch(a.readEnd(), EventLoop.READABLE, events -> {
            seen.add("a");
            loop.unwatch(b.readEnd());
        });
        loop.watch(b.readEnd(), EventLoop.READABLE, events -> {
            seen.add("b");
            loop.unwatch(a.readEnd());
        });
        loop.runOnce(0);
        assertThat(seen).hasSize(1);
        loop.runOnce(0);
        assertThat(seen).hasSize(2);
        assertThat(seen.get(1)).isEqualTo(seen.get(0));
    }

    @Test
    void neverDeliversTheEventOfAClosedDescriptorToTheNewOwnerOfItsNumber() {
        Pipe a = readable();
        Pipe b = readable();
        List<Integer> reused = new ArrayList<>();
        for (List<Pipe> pair : List.of(List.of(a, b), List.of(b, a))) {
            Pipe other = pair.get(1);
            loop.watch(pair.get(0).readEnd(), EventLoop.READABLE, events -> {
                seen.add("first");
                // The other one is closed while its event is in the batch, and its number goes to a quiet pipe.
                int number = other.readEnd().number();
                other.readEnd().close();
                Pipe quiet = pipe();
                Descriptor heir = quiet.readEnd().number() == number
                        ? quiet.readEnd()
                        : Descriptor.own(Descriptors.duplicate(quiet.readEnd().number(), number));
                reused.add(heir.number() - number);
                loop.watch(heir, EventLoop.READABLE, more -> seen.add("heir"));
            });
        }
        loop.runOnce(0);
        assertThat(seen).containsExactly("first");
        assertThat(reused).containsExactly(0);
    }

    @Test
    void forgetsADescriptorThatIsClosedEvenIfAChildStillSharesIt() {
        Pipe pipe = readable();
        Descriptor shared = pipe.readEnd().duplicate();
        loop.watch(pipe.readEnd(), EventLoop.READABLE, events -> seen.add("readable"));
        pipe.readEnd().close();
        loop.runOnce(0);
        assertThat(seen).isEmpty();
        shared.close();
    }

    @Test
    void replacesInterestAndHandlerWhenWatchedAgain() {
        Pipe pipe = pipe();
        loop.watch(pipe.writeEnd(), EventLoop.WRITABLE, events -> seen.add("writable"));
        loop.runOnce(0);
        loop.watch(pipe.writeEnd(), EventLoop.READABLE, events -> seen.add("again"));
        loop.runOnce(0);
        assertThat(seen).containsExactly("writable");
        pipe.readEnd().close(); // a hang-up comes whatever the interest
        loop.runOnce(0);
        assertThat(seen).containsExactly("writable", "again");
    }

    @Test
    void deliversAHangUpAsReadiness() {
        Pipe pipe = pipe();
        loop.watch(
                pipe.readEnd(),
                EventLoop.READABLE,
                events -> seen.add((events & EventLoop.HANG_UP) != 0 ? "hang-up" : "other"));
        pipe.writeEnd().close();
        loop.runOnce(1000);
        assertThat(seen).containsExactly("hang-up");
        loop.unwatch(pipe.readEnd());
        loop.runOnce(0);
        assertThat(seen).hasSize(1);
    }

    @Test
    void runsWorkFromManyThreadsOnceAndInTheOrderOfEach() throws InterruptedException {
        int threads = 4;
        int each = 5000;
        int[] next = new int[threads];
        AtomicInteger outOfOrder = new AtomicInteger();
        AtomicInteger left = new AtomicInteger(threads * each);
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            running.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int expected = i;
                    loop.submit(() -> {
                        outOfOrder.addAndGet(next[thread]++ == expected ? 0 : 1);
                        left.decrementAndGet();
                    });
                }
            }));
        }
        running.forEach(Thread::start);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (left.get() > 0 && System.nanoTime() < deadline) {
            loop.runOnce(1000); // a lost wake-up would show as a second's wait, many as the deadline
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertThat(left.get()).isZero();
        assertThat(outOfOrder.get()).isZero();
    }

    @Test
    void wakesAWaitingLoopOnceForManyWakeUps() throws InterruptedException {
        Thread waker = new Thread(() -> loop.submit(() -> seen.add("work")));
        long start = System.nanoTime();
        waker.start();
        while (seen.isEmpty()) {
            loop.runOnce(TimeUnit.SECONDS.toMillis(30));
        }
        waker.join();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        for (int i = 0; i < 5; i++) {
            loop.wakeUp();
        }
        loop.runOnce(-1);
        start = System.nanoTime();
        loop.runOnce(20);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(19));
    }

    @Test
    void letsWorkThatSubmitsItselfNotStarveDescriptors() {
        Pipe pipe = readable();
        loop.watch(pipe.readEnd(), EventLoop.READABLE, events -> seen.add("readable"));
        Runnable[] again = new Runnable[1];
        again[0] = () -> loop.submit(again[0]);
        loop.submit(again[0]);
        loop.runOnce(-1);
        loop.runOnce(-1);
        assertThat(seen).hasSize(2);
    }

    @Test
    void keepsWorkForTheNextRoundWhenOnePieceThrows() {
        loop.submit(() -> {
            throw new IllegalStateException("on purpose");
        });
        loop.submit(() -> seen.add("work"));
        assertThatThrownBy(() -> loop.runOnce(-1)).hasMessage("on purpose");
        loop.runOnce(-1);
        assertThat(seen).containsExactly("work");
    }

    @Test
    void runsTimersInTheOrderOfTheirTimesAndNotTooEarly() {
        Random random = new Random(7);
        long start = System.nanoTime();
        List<Long> due = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long at = start + TimeUnit.MICROSECONDS.toNanos(random.nextInt(50_000));
            loop.at(at, () -> {
                assertThat(System.nanoTime()).isGreaterThanOrEqualTo(at);
                due.add(at);
            });
        }
        long deadline = start + TimeUnit.SECONDS.toNanos(30);
        while (due.size() < 200 && System.nanoTime() < deadline) {
            loop.runOnce(-1);
        }
        assertThat(due).hasSize(200).isSorted();
    }

    @Test
    void runsNoCancelledTimerAndEachOnlyOnce() {
        long now = System.nanoTime();
        Timer[] second = new Timer[1];
        loop.at(now, () -> {
            seen.add("first");
            second[0].cancel();
        });
        second[0] = loop.at(now, () -> seen.add("second"));
        loop.runOnce(0);
        loop.runOnce(0);
        assertThat(seen).containsExactly("first");
    }

    @Test
    void letsATimerThatRenewsItselfForNowNotHoldTheLoop() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            seen.add("tick");
            loop.at(System.nanoTime() - 1, again[0]);
        };
        again[0].run();
        loop.runOnce(0);
        loop.runOnce(0);
        assertThat(seen).hasSize(3);
    }

    private Pipe pipe() {
        Pipe pipe = Pipe.open();
        pipes.add(pipe);
        return pipe;
    }

    private Pipe readable() {
        Pipe pipe = pipe();
        assertThat(Descriptors.write(pipe.writeEnd().number(), ONE, 0, 1)).isEqualTo(1);
        return pipe;
    }
}
