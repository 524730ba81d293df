/**
 * Listening sockets, processes and what holds them together, and the loop in which one thread waits for all that happens
 * to them. This room knows what a bundle declares and nothing of which bundle depends on which; what it asks of the kernel
 * goes through {@link usher.activation.posix}.
 */
@NullMarked
package usher.activation;

import org.jspecify.annotations.NullMarked;
