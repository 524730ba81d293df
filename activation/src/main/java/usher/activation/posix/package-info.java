/**
 * The only native code of usher: the C library's functions, called through jffi, and the layouts of what they take.
 *
 * <p>Everything here is a thin static method over one function of the C library. Each returns what the kernel would: a
 * result of zero or more, or an error number negated; {@link usher.activation.posix.PosixException#check} turns the
 * latter into the one exception for people. Nothing here knows sockets' meaning, bundles or state.
 */
@NullMarked
package usher.activation.posix;

import org.jspecify.annotations.NullMarked;
