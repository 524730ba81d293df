package usher.launcher;

import usher.depgraph.Relations;

/**
 * What a knock at a bundle would start, and nothing else, as long as the life of the bundle is this one, the relations are
 * these and no job is under way.
 */
record Expectation(Life life, Relations relations, Effect.Spawn spawn) {}
