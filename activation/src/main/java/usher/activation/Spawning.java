package usher.activation;

/** What came of starting a process. */
public sealed interface Spawning {

    /** It runs; whether its executable does anything sensible is another matter. */
    record Spawned(Child child) implements Spawning {}

    /** There is no process; the message says which file, user or tool is to blame. */
    record SpawnFailure(int errno, String message) implements Spawning {}
}
