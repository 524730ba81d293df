package usher.launcher;

import java.util.List;
import java.util.Optional;
import usher.activation.EventLoop;
import usher.activation.Mailbox;
import usher.activation.ProcessId;
import usher.activation.TableHolder;
import usher.activation.posix.Descriptor;

/**
 * Sees to it that a {@link TableHolder} holds what this launcher opens. Where that is not allowed, connections on their
 * way to a process may be lost when the launcher is killed, and nothing else.
 */
final class SharedTable implements AutoCloseable {
    private final EventLoop loop;
    private final Mailbox mailbox;
    private final Chronicle chronicle;
    private final Diary diary;
    private Optional<TableHolder> holder = Optional.empty();

    SharedTable(EventLoop loop, Mailbox mailbox, Chronicle chronicle, Diary diary) {
        this.loop = loop;
        this.mailbox = mailbox;
        this.chronicle = chronicle;
        this.diary = diary;
    }

    void start() {
        holder = TableHolder.start();
        if (holder.isEmpty()) {
            diary.note(
                    "no process can hold this launcher's connections (pidfd_getfd(2) is not allowed): if it is killed,"
                            + " a connection between accept and its process may be lost");
            return;
        }
        TableHolder started = holder.get();
        List<Descriptor> ends = mailbox.ends();
        chronicle.holder(new Chronicle.Holder(
                started.id(), ends.get(0).number(), ends.get(1).number()));
        loop.watch(started.pidfd(), EventLoop.READABLE, events -> {
            diary.complain("the process that holds this launcher's connections is gone; another one takes its place");
            end(started);
            start();
        });
    }

    /** Ends those of launchers before this one, now that what they have is open here and held anew. */
    void succeed(List<TableHolder> before) {
        before.forEach(this::end);
        if (RunCommand.guard().isPresent()) {
            // After whoever waits has been served: that takes a look at every process of the machine.
            loop.submit(TableHolder::endStrays);
        }
    }

    private void end(TableHolder holder) {
        ProcessId id = holder.id();
        holder.close();
        chronicle.holderIsGone(id);
    }

    @Override
    public void close() {
        holder.ifPresent(this::end);
    }
}
