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

    private Daemons() {}
}
