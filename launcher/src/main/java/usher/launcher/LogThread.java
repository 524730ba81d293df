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
    private final Thread thread = new Thread(loop::run, "logs");

    LogThread() {
        thread.setDaemon(true);
        thread.start();
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
