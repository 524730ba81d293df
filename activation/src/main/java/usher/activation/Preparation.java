package usher.activation;

/** What of a launch stays the same over many connections, or why there can be none. */
public sealed interface Preparation {

    /** Ready to be spawned as often as wanted. */
    record Ready(Prepared prepared) implements Preparation {}

    /** There will be no process; the failure says why. */
    record Failed(Spawning.SpawnFailure failure) implements Preparation {}
}
