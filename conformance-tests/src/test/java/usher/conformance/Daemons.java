package usher.conformance;

/** Small daemons for {@code service/run}. Perl, because it is in every Debian and starts in milliseconds. */
final class Daemons {
    /**
     * Takes its listening socket from descriptor 3, reads a line from every peer and answers {@code PID\n}. A peer that
     * says {@code die} gets its answer too; then the daemon kills itself, between two answers as it were.
     */
    static final String ANSWERING = """
            #!/usr/bin/perl
            use strict;
            use warnings;
            use Socket;
            open(my $listening, '+<&=', 3) or die "no descriptor 3: $!";
            while (1) {
                accept(my $peer, $listening) or next;
                my $line = <$peer>;
                syswrite($peer, "$$\\n");
                close($peer);
                kill('KILL', $$) if defined $line && $line =~ /^die/;
            }
            """;

    /** Serves one connection on descriptors 0 and 1: answers its line with {@code PID LINE}. */
    static final String ONE_LINE = "#!/bin/sh\nread line && echo \"$$ $line\"";

    /**
     * Like {@link #ANSWERING}, says on descriptor 4 when it is ready, and ends well on TERM: not before whoever it has
     * accepted is answered.
     */
    static final String GRACEFUL = """
            #!/usr/bin/perl
            use strict;
            use warnings;
            use Socket;
            open(my $listening, '+<&=', 3) or die "no descriptor 3: $!";
            open(my $ready, '>&=', 4) or die "no descriptor 4: $!";
            my $over = 0;
            $SIG{TERM} = sub { $over = 1; };
            syswrite($ready, "\\n");
            close($ready);
            while (!$over) {
                my $readable = '';
                vec($readable, 3, 1) = 1;
                select($readable, undef, undef, 0.05) > 0 or next;
                last if $over;
                # Another process may have been quicker, and then this waits for the next peer, or for TERM.
                my $peer;
                $listening->blocking(0);
                accept($peer, $listening) or next;
                $peer->blocking(1);
                my $line = '';
                while ($line !~ /\\n/) {
                    my $got = sysread($peer, $line, 100, length $line);
                    last if defined $got && $got == 0;
                }
                syswrite($peer, "$$\\n");
                close($peer);
            }
            # on TERM
            """;

    /** {@link #ANSWERING} with its listening socket on that descriptor. */
    static String answeringOn(int descriptor) {
        return ANSWERING.replace("'+<&=', 3", "'+<&=', " + descriptor);
    }

    private Daemons() {}
}
