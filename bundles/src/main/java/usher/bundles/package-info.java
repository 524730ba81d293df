/**
 * What a directory of bundles says, as immutable records: services, listening sockets, links, and the problems found
 * on the way.
 *
 * <p>The filesystem is the configuration: one small file per setting, links for relations. This room reads it, puts the links
 * in place that {@code enable} asks for, and writes bundles that are imported; it opens no sockets, knows no order and
 * prints nothing.
 */
@NullMarked
package usher.bundles;

import org.jspecify.annotations.NullMarked;
