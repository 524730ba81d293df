package usher.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code run} tells a person once the launcher is up: what it listens on, and which commands to try. */
final class Banner {
    private Banner() {}

    /**
     * The text, for standard output.
     *
     * @param options what must be given to reach this launcher, empty if its places are the default ones
     */
    static String text(List<BundleStatus> bundles, List<SocketStatus> sockets, List<String> options, Paint paint) {
        StringBuilder out = new StringBuilder();
        if (sockets.isEmpty()) {
            out.append("usher is up; no bundle listens on anything.\n");
        } else {
            out.append("usher is up and listens on\n\n");
            Table table = new Table(paint);
            for (SocketStatus socket : sockets) {
                String state = socket.state().equals("listening") ? "" : "(" + socket.state() + ")";
                table.row(
                        Paint.Colour.GREEN,
                        0,
                        "  " + socket.address(),
                        socket.bundle() + " (" + socket.socket() + ")",
                        state);
            }
            out.append(table.text());
        }
        List<String> troubled = new ArrayList<>();
        for (BundleStatus bundle : bundles) {
            if (Paint.of(bundle.state()) == Paint.Colour.RED) {
                String why = bundle.detail().isEmpty() ? "" : ": " + bundle.detail();
                troubled.add("  " + bundle.name() + "  " + paint.paint(Paint.Colour.RED, bundle.state() + why) + "\n");
            }
        }
        if (!troubled.isEmpty()) {
            out.append("\nnot up:\n\n");
            troubled.forEach(out::append);
        }
        out.append("\nTo try, in another terminal:\n\n").append(commands(bundles, options));
        return out.append("\nControl-C here does the same as shutdown.\n").toString();
    }

    private static String commands(List<BundleStatus> bundles, List<String> options) {
        StringBuilder usher = new StringBuilder("  " + quoted(System.getProperty("usher.command", "usher")));
        options.forEach(option -> usher.append(' ').append(quoted(option)));
        String example = bundles.stream()
                .filter(bundle -> bundle.state() == State.LISTENING || bundle.state() == State.UP)
                .findFirst()
                .map(bundle -> bundle.name().value())
                .orElse("BUNDLE");
        Table table = new Table(Paint.NONE)
                .row(usher + " status", "what is up, what waits for traffic")
                .row(usher + " sockets", "every socket, and who has it")
                .row(usher + " logs -f " + quoted(example), "what " + example + " prints")
                .row(usher + " shutdown", "stop everything, close the sockets");
        return table.text();
    }

    /** The options with which the same user's commands reach the launcher of these arguments. */
    static List<String> options(Arguments arguments, Places places, Map<String, String> environment) {
        List<String> options = new ArrayList<>();
        if (arguments.runDirectory().isPresent() || environment.containsKey("USHER_RUN_DIR")) {
            options.addAll(List.of("--run-dir", places.runDirectory().path().toString()));
        }
        return options;
    }

    /** As it must be typed into a shell. */
    static String quoted(String word) {
        boolean plain = !word.isEmpty()
                && word.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || "/._-+,=@:".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
