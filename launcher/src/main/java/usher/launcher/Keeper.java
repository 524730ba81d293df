package usher.launcher;

import java.util.List;
import usher.activation.posix.Descriptor;

/**
 * Who keeps descriptors alive when the launcher dies, under names by which the next launcher asks for them. What is
 * used is kept first: made, kept, then handed to anybody.
 */
interface Keeper {
    /** Keeps nothing: the descriptors die with the launcher. */
    Keeper NONE = new Keeper() {
        @Override
        public void keep(String name, List<Descriptor> descriptors) {}

        @Override
        public void forget(String name) {}
    };

    /** Keeps another of each of these, in this order; what was kept under the name before is forgotten. */
    void keep(String name, List<Descriptor> descriptors);

    /** Nothing happens if nothing is kept under that name. */
    void forget(String name);
}
