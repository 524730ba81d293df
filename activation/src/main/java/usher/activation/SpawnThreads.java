package usher.activation;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that spawn besides the one that asks. Who spawns waits until the child has reached its exec, most of the time
 * without doing anything; with several processors others can go on meanwhile.
 */
final class SpawnThreads implements AutoCloseable {
    private static final int MOST = 4;

    /** How many processes are worth spawning at a time. */
    static final int AT_A_TIME = Math.max(1, Math.min(MOST, Runtime.getRuntime().availableProcessors()));

    private final ExecutorService helpers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "spawn");
        thread.setDaemon(true);
        return thread;
    });

    /** Returns when all are done. The caller does what no helper has come to yet, so a helper can only be of help. */
    void runAll(List<? extends Runnable> orders) {
        Batch batch = new Batch(orders);
        wake(batch, helpers);
        batch.run();
        batch.await();
    }

    private static void wake(Batch batch, Executor helpers) {
        for (int helper = 1; helper < batch.orders.size() && helper < AT_A_TIME; helper++) {
            try {
                helpers.execute(batch);
            } catch (OutOfMemoryError noThread) {
                return; // no thread is to be had: then without
            }
        }
    }

    private static final class Batch implements Runnable {
        final List<? extends Runnable> orders;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch undone;

        Batch(List<? extends Runnable> orders) {
            this.orders = orders;
            this.undone = new CountDownLatch(orders.size());
        }

        @Override
        public void run() {
            for (int mine = next.getAndIncrement(); mine < orders.size(); mine = next.getAndIncrement()) {
                try {
                    orders.get(mine).run();
                } finally {
                    undone.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (undone.getCount() > 0) {
                try {
                    undone.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}
