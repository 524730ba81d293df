package usher.activation;

import java.util.OptionalLong;
import java.util.function.Consumer;

/** What holds one process and all that descends from it, so that nothing of them survives and nobody else is hit. */
public sealed interface Enclosure extends AutoCloseable permits GroupEnclosure, SessionEnclosure {

    /** The same launch, whose process will be in here. */
    Launch admit(Launch launch);

    /** The process that was started in here. */
    void isLedBy(Child first);

    /** Whether the process is in here. */
    boolean holds(int process);

    /** By what {@link Containment#tagOf} knows a process of this one. */
    String tag();

    /** By what the kernel knows a process of this one, if it has a number for it. */
    OptionalLong number();

    /** Kills all that is in here. */
    void kill();

    /**
     * Calls {@code then} when all that {@link #kill} has killed is gone: at once, most of the time. With false if
     * something has not gone in a time in which everything should have: it sits in the kernel, waiting for a device.
     */
    void whenEmpty(EventLoop loop, Consumer<Boolean> then);

    /** To be called when nothing is in here any more. */
    @Override
    void close();
}
