package usher.activation;

import java.util.List;
import usher.activation.posix.Program;
import usher.activation.posix.SpawnActions;

/** One process to be spawned, and its number or the error number negated once it has been; for one thread at a time. */
final class Order implements Runnable {
    private final Program program;
    private final SpawnActions actions;
    private final List<String> additions;
    private int result;

    Order(Program program, SpawnActions actions, List<String> additions) {
        this.program = program;
        this.actions = actions;
        this.additions = additions;
    }

    @Override
    public void run() {
        result = program.spawn(actions, additions);
    }

    int result() {
        return result;
    }
}
