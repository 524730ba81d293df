package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import usher.bundles.Signals;

/** What a byte written to {@code supervise/control} asks for: the letters of svc, sv and s6-svc. */
enum SuperviseCommand {
    /** Start it, its daemon too; restart it if it exits. */
    UP,
    /** Stop it, as {@code usher stop} does. */
    DOWN,
    /** Start it; when it exits it is down. */
    ONCE,
    RESTART,
    /** Stop it, and supervise it no more until it is asked for again. */
    EXIT,
    PAUSE,
    CONTINUE,
    ALARM,
    HANG_UP,
    INTERRUPT,
    TERMINATE,
    KILL,
    QUIT,
    ABORT,
    USER_1,
    USER_2,
    WINDOW;

    /** The commands of bytes that came together; unknown ones ask for nothing, as everywhere. */
    static List<SuperviseCommand> of(byte[] bytes) {
        List<SuperviseCommand> commands = new ArrayList<>();
        for (byte one : bytes) {
            switch (one) {
                case 'u' -> up(commands);
                case 'd' -> commands.add(DOWN);
                case 'o', 'O' -> commands.add(ONCE);
                case 'r' -> commands.add(RESTART);
                case 'x' -> commands.add(EXIT);
                case 'p' -> commands.add(PAUSE);
                case 'c' -> commands.add(CONTINUE);
                case 'a' -> commands.add(ALARM);
                case 'h' -> commands.add(HANG_UP);
                case 'i' -> commands.add(INTERRUPT);
                case 't' -> commands.add(TERMINATE);
                case 'k' -> commands.add(KILL);
                case 'q' -> commands.add(QUIT);
                case 'b' -> commands.add(ABORT);
                case '1' -> commands.add(USER_1);
                case '2' -> commands.add(USER_2);
                case 'w', 'y' -> commands.add(WINDOW);
                default -> {}
            }
        }
        return commands;
    }

    /** sv's restart is {@code tcu}: end it, and see that it runs again. */
    private static void up(List<SuperviseCommand> commands) {
        int from = commands.lastIndexOf(TERMINATE);
        if (from >= 0 && commands.subList(from + 1, commands.size()).stream().allMatch(one -> one == CONTINUE)) {
            commands.subList(from, commands.size()).clear();
            commands.add(RESTART);
        } else {
            commands.add(UP);
        }
    }

    /** The signal that it asks for, if it asks for nothing else. */
    OptionalInt signal() {
        return switch (this) {
            case UP, DOWN, ONCE, RESTART, EXIT -> OptionalInt.empty();
            case PAUSE -> Signals.number("STOP");
            case CONTINUE -> Signals.number("CONT");
            case ALARM -> Signals.number("ALRM");
            case HANG_UP -> Signals.number("HUP");
            case INTERRUPT -> Signals.number("INT");
            case TERMINATE -> Signals.number("TERM");
            case KILL -> Signals.number("KILL");
            case QUIT -> Signals.number("QUIT");
            case ABORT -> Signals.number("ABRT");
            case USER_1 -> Signals.number("USR1");
            case USER_2 -> Signals.number("USR2");
            case WINDOW -> Signals.number("WINCH");
        };
    }
}
