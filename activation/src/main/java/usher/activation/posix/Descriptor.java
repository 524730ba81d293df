package usher.activation.posix;

import org.jspecify.annotations.Nullable;

/**
 * The one owner of an open file descriptor, which is closed on exec and closed once. Not for concurrent use.
 *
 * <p>Invariant: while this is open, the number belongs to this object alone; after {@link #close} nobody can learn the
 * number from it, since the kernel may have given it to another.
 */
public final class Descriptor implements AutoCloseable {
    private final int number;
    private boolean open = true;
    private @Nullable Runnable beforeClose;

    private Descriptor(int number) {
        this.number = number;
    }

    /** Takes over an open descriptor whose FD_CLOEXEC is set already. */
    public static Descriptor own(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
        return new Descriptor(number);
    }

    /** Takes over what a call returned, or throws its error as {@code could not CALL OBJECT: ...}. */
    public static Descriptor own(int result, String call, Object object) {
        return new Descriptor(PosixException.check(result, call, object));
    }

    /** Takes over an inherited descriptor and sets its FD_CLOEXEC. */
    public static Descriptor adopt(int number) {
        PosixException.check(Descriptors.setCloseOnExec(number, true), "adopt descriptor", number);
        return new Descriptor(number);
    }

    public int number() {
        if (!open) {
            throw new IllegalStateException("descriptor " + number + " is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return open;
    }

    /** Has this run, once, just before the descriptor closes; null: nothing. So an event loop forgets it in time. */
    public void beforeClose(@Nullable Runnable action) {
        beforeClose = action;
    }

    /** Another descriptor of the same open file description. */
    public Descriptor duplicate() {
        return own(Descriptors.duplicate(number(), 3), "duplicate descriptor", number);
    }

    /** Closes the descriptor; Linux has closed it even where close(2) reports an error, so there is nothing to tell. */
    @Override
    public void close() {
        if (open) {
            runBeforeClose();
            open = false;
            Descriptors.close(number);
        }
    }

    private void runBeforeClose() {
        Runnable action = beforeClose;
        beforeClose = null;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public String toString() {
        return open ? "descriptor " + number : "closed descriptor";
    }
}
