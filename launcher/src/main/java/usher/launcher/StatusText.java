package usher.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** {@code status} and {@code sockets} as tables for people. Times are told as spans before or after {@code now}. */
final class StatusText {
    private StatusText() {}

    static String bundles(List<BundleStatus> bundles, Instant now, Paint paint) {
        if (bundles.isEmpty()) {
            return "no bundles\n";
        }
        Table table = new Table(paint).header("BUNDLE", "STATE", "SINCE", "PID", "STARTS", "LAST EXIT", "");
        for (BundleStatus bundle : bundles) {
            table.row(
                    Paint.of(bundle.state()),
                    1,
                    bundle.name().value(),
                    bundle.state().toString(),
                    span(Duration.between(bundle.since(), now)),
                    process(bundle),
                    Integer.toString(bundle.starts()),
                    bundle.lastExit().map(Words::of).orElse("-"),
                    remark(bundle, now));
        }
        return table.text();
    }

    private static String process(BundleStatus bundle) {
        OptionalLong pid = bundle.pid();
        if (pid.isPresent()) {
            return Long.toString(pid.getAsLong());
        }
        return bundle.instances() == 0 ? "-" : bundle.instances() + " running";
    }

    private static String remark(BundleStatus bundle, Instant now) {
        String next = bundle.nextTry()
                .map(time -> "next try in " + span(Duration.between(now, time)))
                .orElse("");
        return next.isEmpty() || bundle.detail().isEmpty() ? next + bundle.detail() : bundle.detail() + "; " + next;
    }

    static String sockets(List<SocketStatus> sockets, Paint paint) {
        if (sockets.isEmpty()) {
            return "no sockets\n";
        }
        Table table =
                new Table(paint).header("ADDRESS", "BUNDLE", "SOCKET", "DESCRIPTOR", "STATE", "TAKEN", "REFUSED", "");
        for (SocketStatus socket : sockets) {
            table.row(
                    socket.state().equals("waiting") ? Paint.Colour.YELLOW : Paint.Colour.GREEN,
                    4,
                    socket.address(),
                    socket.bundle().value(),
                    socket.socket(),
                    socket.fdName(),
                    socket.state(),
                    Long.toString(socket.taken()),
                    Long.toString(socket.refused()),
                    socket.detail());
        }
        return table.text();
    }

    /** The two largest units of a span: {@code 3s}, {@code 2m 5s}, {@code 4h 1m}, {@code 12d 3h}; never below zero. */
    static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        if (seconds < 86400) {
            return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
        }
        return seconds / 86400 + "d " + seconds % 86400 / 3600 + "h";
    }
}
