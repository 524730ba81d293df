@NullMarked
package usher.launcher;

import org.jspecify.annotations.NullMarked;
