package usher.launcher;

import java.io.PrintStream;
import java.util.Optional;

/** {@code usher run}: the launcher in the foreground. */
final class RunCommand {
    private RunCommand() {}

    static int run(Arguments arguments, Places places, Paint paint, PrintStream out, PrintStream err) {
        Optional<String> fault = places.runDirectory().make(places.uid());
        if (fault.isPresent()) {
            err.println("usher: " + fault.get());
            return Exit.FAILED;
        }
        err.println("usher: run: is not there yet " + arguments.operands() + paint.inColour() + out.checkError());
        return Exit.FAILED;
    }
}
