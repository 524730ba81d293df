package usher.activation;

import java.util.List;
import usher.activation.posix.Descriptor;

/** Keeps descriptors beyond the life of this process, for the next one like it, by name. */
public interface Keeper {
    /** Keeps these under that name, in place of what it stood for before. The caller goes on owning its own. */
    void keep(String name, List<Descriptor> descriptors);

    /**
     * Keeps nothing under that name any more; to be called before the descriptors are closed. They may be open for a
     * moment still.
     */
    void forget(String name);

    /** The same for what may as well stay open for long, such as the pidfd of a process that has ended. */
    void forgetAtLeisure(String name);

    /** Lets go of all that has been forgotten: until then it is open, though nobody would find it. */
    void letGo();
}
