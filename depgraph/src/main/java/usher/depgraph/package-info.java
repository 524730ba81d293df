/**
 * Which bundles a job takes in and in what order, as pure functions of the bundles read: relations with their
 * provenance, derived orders, plans, cycles, explanations.
 *
 * <p>JGraphT does the graph algorithms and never shows in a public type. No files, clocks or processes here.
 */
@NullMarked
package usher.depgraph;

import org.jspecify.annotations.NullMarked;
