/**
 * The life of a bundle, the jobs that change it, and the shell around both: control socket, logs, command line.
 *
 * <p>Decide, then do. {@code Engine} and what it is made of ({@code Life}, {@code LifeCycle},
 * {@code Operations}) are deterministic and touch nothing: events in, effects out, time as an event. {@code Launcher}
 * turns kernel facts into events and effects into system calls, on the one thread that owns all state.
 */
@NullMarked
package usher.launcher;

import org.jspecify.annotations.NullMarked;
