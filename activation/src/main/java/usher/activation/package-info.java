@NullMarked
package usher.activation;

import org.jspecify.annotations.NullMarked;
