package usher.activation;

/**
 * The control group that a process is to be in.
 *
 * @param limited whether it must be there before it runs, since limits hold there; if not, it and what it has started
 *     by then are brought there right afterwards, which is quicker
 */
record Membership(ControlGroup group, boolean limited) {}
