package usher.depgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Who takes part in a start job: the closure of those asked for. Of a bundle that waits for traffic only the sockets are
 * opened, and what it alone asks for waits with it, but for what is flagged {@code eager} and the mount that a socket needs.
 */
final class Members {
    /** Takes no part. */
    static final byte OUT = 0;
    /** Its sockets, if any, are opened; its processes wait for a first knock, its own or another's. */
    static final byte WAITS = 1;
    /** Its processes are started with the job. */
    static final byte STARTS = 2;

    private static final int ASKED_FOR = -1;

    private final Ties ties;
    private final byte[] role;
    /** The pull that first brought a bundle in. */
    private final int[] cause;

    private final int[] starting;
    private int startingEnd;
    private final int[] waiting;
    private int waitingEnd;
    private int[] all = {};

    private Members(Ties ties) {
        this.ties = ties;
        role = new byte[ties.size()];
        cause = new int[ties.size()];
        starting = new int[ties.size()];
        waiting = new int[ties.size()];
    }

    static Members of(Ties ties, int[] asked, boolean now) {
        Members members = new Members(ties);
        for (int bundle : asked) {
            if (now) {
                members.start(bundle, ASKED_FOR);
            } else {
                members.add(bundle, ASKED_FOR);
            }
        }
        members.close();
        return members;
    }

    private void close() {
        int started = 0;
        int waited = 0;
        while (started < startingEnd || waited < waitingEnd) {
            if (started < startingEnd) {
                int bundle = starting[started++];
                for (int pull = ties.pulls.outStart(bundle); pull < ties.pulls.outEnd(bundle); pull++) {
                    add(ties.pulls.head(pull), pull);
                }
            } else {
                int bundle = waiting[waited++];
                for (int pull = ties.pulls.outStart(bundle); pull < ties.pulls.outEnd(bundle); pull++) {
                    if (ties.pulls.label(pull).kind() == Pull.Kind.LISTENS || ties.eager[ties.pulls.head(pull)]) {
                        add(ties.pulls.head(pull), pull);
                    } else {
                        await(ties.pulls.head(pull), pull);
                    }
                }
            }
        }
        int count = 0;
        int[] members = new int[startingEnd + waitingEnd];
        for (int bundle = 0; bundle < role.length; bundle++) {
            if (role[bundle] != OUT) {
                members[count++] = bundle;
            }
        }
        all = Arrays.copyOf(members, count);
    }

    private void add(int bundle, int pull) {
        if (ties.lazy[bundle]) {
            await(bundle, pull);
        } else {
            start(bundle, pull);
        }
    }

    private void start(int bundle, int pull) {
        if (role[bundle] == OUT) {
            cause[bundle] = pull;
        }
        if (role[bundle] != STARTS) {
            role[bundle] = STARTS;
            starting[startingEnd++] = bundle;
        }
    }

    private void await(int bundle, int pull) {
        if (role[bundle] == OUT) {
            cause[bundle] = pull;
            role[bundle] = WAITS;
            waiting[waitingEnd++] = bundle;
        }
    }

    /** In ascending order. */
    int[] all() {
        return all;
    }

    boolean has(int bundle) {
        return role[bundle] != OUT;
    }

    boolean starts(int bundle) {
        return role[bundle] == STARTS;
    }

    boolean waits(int bundle) {
        return role[bundle] == WAITS;
    }

    /** The links that brought the bundle in, in words: {@code default/wants/a, a/requires/b}. */
    String chain(int bundle) {
        List<String> links = new ArrayList<>();
        int at = bundle;
        while (cause[at] != ASKED_FOR) {
            links.add(ties.pulls.label(cause[at]).source());
            at = ties.pulls.tail(cause[at]);
        }
        Collections.reverse(links);
        return links.isEmpty() ? "asked for by name" : String.join(", ", links);
    }
}
