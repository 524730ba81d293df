package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.util.ArrayList;
import java.util.List;
import jnr.enxio.channels.NativeSelectableChannel;
import jnr.enxio.channels.NativeSelectorProvider;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptors;

/**
 * The figures of docs/decisions/0002: CPU time of one turn with one ready descriptor among many. No test by name, so it
 * runs only when asked for: {@code mvn test -pl activation -am -Dtest=LoopTiming -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class LoopTiming {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;

    private int delivered;

    @Test
    void ourLoopAndThatOfJnrEnxio() throws IOException {
        for (int watched : new int[] {10, 100, 1000, 5000}) {
            List<Pipe> pipes = new ArrayList<>();
            for (int i = 0; i < watched; i++) {
                pipes.add(Pipe.open());
            }
            Descriptors.write(pipes.get(watched / 2).writeEnd().number(), new byte[1], 0, 1);
            int turns = watched < 1000 ? 20_000 : 500;
            System.out.printf(
                    "%5d descriptors: ours %8.2f us, jnr-enxio %8.2f us%n",
                    watched, ours(pipes, turns), theirs(pipes, turns));
            pipes.forEach(Pipe::close);
        }
        assertThat(delivered).isPositive();
    }

    /** Microseconds a turn, of the last and warmest round. */
    private double ours(List<Pipe> pipes, int turns) {
        double micros = 0;
        try (EventLoop loop = new EventLoop()) {
            pipes.forEach(pipe -> loop.watch(pipe.readEnd(), EventLoop.READABLE, events -> delivered++));
            for (int round = 0; round < ROUNDS; round++) {
                long start = CPU.getCurrentThreadCpuTime();
                for (int i = 0; i < turns; i++) {
                    loop.runOnce(0);
                }
                micros = (CPU.getCurrentThreadCpuTime() - start) / 1e3 / turns;
            }
        }
        return micros;
    }

    private double theirs(List<Pipe> pipes, int turns) throws IOException {
        double micros = 0;
        try (Selector selector = NativeSelectorProvider.getInstance().openSelector()) {
            for (Pipe pipe : pipes) {
                Wrapped channel = new Wrapped(pipe.readEnd().number());
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            for (int round = 0; round < ROUNDS; round++) {
                long start = CPU.getCurrentThreadCpuTime();
                for (int i = 0; i < turns; i++) {
                    selector.selectNow();
                    delivered += selector.selectedKeys().size();
                    selector.selectedKeys().clear();
                }
                micros = (CPU.getCurrentThreadCpuTime() - start) / 1e3 / turns;
            }
        }
        return micros;
    }

    private static final class Wrapped extends AbstractSelectableChannel implements NativeSelectableChannel {
        private final int number;

        Wrapped(int number) {
            super(NativeSelectorProvider.getInstance());
            this.number = number;
        }

        @Override
        public int getFD() {
            return number;
        }

        @Override
        public int validOps() {
            return SelectionKey.OP_READ;
        }

        @Override
        protected void implCloseSelectableChannel() {}

        @Override
        protected void implConfigureBlocking(boolean block) {}
    }
}
