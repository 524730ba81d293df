package usher.launcher;

import java.util.ArrayDeque;
import java.util.stream.Collectors;

/** The last of what has happened in a simulation, and how it is told. */
final class Played {
    private static final int MOST = Integer.getInteger("usher.history", 120);

    /** Events with their times, and effects; told when somebody asks, since millions of them happen. */
    private final ArrayDeque<Object> all = new ArrayDeque<>();

    private record Timed(long at, Event event) {}

    void add(Event event, long now) {
        keep(new Timed(now, event));
    }

    void add(Effect effect) {
        keep(effect);
    }

    private void keep(Object what) {
        all.add(what);
        if (all.size() > MOST) {
            all.remove();
        }
    }

    private static String line(Object what) {
        if (what instanceof Effect effect) {
            return "    " + effect.getClass().getSimpleName() + " " + about(effect) + "\n";
        }
        return what instanceof Timed timed ? timed.at() + " " + describe(timed.event()) + "\n" : "";
    }

    private static String describe(Event event) {
        if (event instanceof Event.Requested request) {
            return "Requested " + request.job() + " " + request.verb() + " " + request.names();
        }
        return event.toString();
    }

    private static String about(Effect effect) {
        if (effect instanceof Effect.Spawn spawn) {
            return spawn.bundle().name() + " " + spawn.script() + " as " + spawn.process();
        }
        if (effect instanceof Effect.Open toOpen) {
            return toOpen.bundle().name().value();
        }
        if (effect instanceof Effect.Accept accept) {
            return accept.bundle().name() + " room " + accept.room();
        }
        return effect instanceof Effect.Signal signal
                ? signal.bundle().name().value()
                : effect.toString().replaceAll("Bundle.name=([^,]*),.*", "$1");
    }

    @Override
    public String toString() {
        return all.stream().map(Played::line).collect(Collectors.joining());
    }
}
