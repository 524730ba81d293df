/**
 * The built launcher seen from outside: {@code launcher/bin/usher} is started on bundles made for the occasion, real
 * daemons and real clients meet through it, and the kernel ({@code /proc}) is asked what became of it.
 *
 * <p>Nothing here knows a class of the launcher. A scenario with a real daemon is a directory below
 * {@code src/test/scenarios}; what needs many clients, kills or a look into a child process is a test class.
 */
@NullMarked
package usher.conformance;

import org.jspecify.annotations.NullMarked;
