package usher.launcher;

import usher.activation.EventLoop;

/**
 * The thread that writes logs. A disk may keep whoever writes to it waiting for seconds, and a flood of output takes a
 * processor for itself: neither may keep a connection waiting. It owns the streams; others hand it work.
 */
final class LogThread implements AutoCloseable {
    private static final int ROOM = 1 << 20;

    private final EventLoop loop = new EventLoop();
    private final LogDesk desk = new LogDesk(loop, ROOM);
    private final Thread thread;

    /** What ends this thread is thrown in that loop, whose launcher ends by it, and the next one writes on. */
    LogThread(EventLoop main) {
        thread = new Thread(() -> run(main), "logs");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(EventLoop main) {
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            main.submit(() -> {
                throw new IllegalStateException("no logs are written any more: " + e, e);
            });
        }
    }

    LogDesk desk() {
        return desk;
    }

    void submit(Runnable work) {
        loop.submit(work);
    }

    /** Returns when all that was submitted before is done. */
    @Override
    public void close() {
        loop.submit(loop::stop);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }
}
