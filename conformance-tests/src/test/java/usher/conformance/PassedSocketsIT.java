package usher.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A launcher that is started with sockets by another one, as by systemd, uses those instead of opening its own. */
final class PassedSocketsIT {
    /** Listens on the two ports of its arguments, then becomes the command after them, with both sockets from 3 up. */
    private static final String PASSING = """
            use Socket; use POSIX ();
            my @sockets;
            for (3, 4) {
                socket(my $s, PF_INET, SOCK_STREAM, 0) or die; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
                bind($s, sockaddr_in(shift @ARGV, INADDR_LOOPBACK)) or die $!; listen($s, 16) or die;
                push @sockets, $s;
            }
            $^F = 10;
            POSIX::dup2(fileno($sockets[$_]), 20 + $_) for (0, 1);
            POSIX::dup2(20, 3); POSIX::dup2(21, 4); POSIX::close($_) for (5 .. 21);
            $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 2; $ENV{LISTEN_FDNAMES} = 'a:b';
            exec @ARGV or die;
            """;

    @RegisterExtension
    final Launcher launcher = new Launcher();

    @Test
    void usesThePassedSocketsAndPassesNothingElseOn() throws IOException {
        int port = launcher.freePort();
        int undeclared = launcher.freePort();
        int own = launcher.freePort();
        launcher.bundle("daemon").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + port);
        launcher.bundle("other").run(Daemons.ANSWERING).socket("tcp", "127.0.0.1:" + own);
        launcher.startThrough("perl", "-e", PASSING, Integer.toString(port), Integer.toString(undeclared));
        // Had the launcher tried to open the port itself, it would be in use.
        launcher.start();
        launcher.startThrough();
        launcher.awaitSettled();

        assertThat(launcher.status("daemon").state()).isEqualTo("listening");
        long pid = Long.parseLong(Client.ask(port, "who").trim());
        assertThat(Client.ask(own, "who")).matches("[0-9]+\n");

        Kernel daemon = new Kernel(pid);
        assertThat(daemon.descriptors().keySet()).contains(3).doesNotContain(4);
        assertThat(daemon.environment()).containsEntry("LISTEN_FDNAMES", "tcp").containsEntry("LISTEN_FDS", "1");
        assertThat(Ports.listener(undeclared))
                .as("kept, so that nobody is refused")
                .isPresent();
    }
}
