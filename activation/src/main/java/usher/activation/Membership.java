package usher.activation;

import usher.activation.posix.Manner;

/**
 * The control group that a process is to be in from its first instruction.
 *
 * @param limited whether limits hold there
 */
record Membership(ControlGroup group, boolean limited) {
    /**
     * Whether it can be born there. If not, a shell of its own takes it there: who makes a process waits for its exec, and
     * where limits hold or all is frozen, that may take its time.
     */
    boolean isByBirth() {
        return !limited && Manner.canBeBornInGroup() && !group.isFrozen();
    }
}
