package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of inetd.conf, of every dialect, and the bundles and remarks they become. */
final class InetdImportTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource({"servers", "users", "limits", "addresses", "words", "builtIns", "notTranslated"})
    void makesBundlesOfLines(String lines, String expected) {
        assertThat(Drafts.shown(Drafts.read(Importer.From.INETD, lines))).isEqualTo(expected);
    }

    static List<Arguments> servers() {
        return Drafts.table("""
                ftp	stream	tcp	nowait	root	/usr/sbin/in.ftpd	in.ftpd -l -a
                =>
                ftp/service/run: #!/bin/sh|exec /usr/sbin/in.ftpd -l -a
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                tftp dgram udp wait nobody /usr/sbin/in.tftpd in.tftpd --secure /srv/tftp
                =>
                tftp/service/run: #!/bin/sh|exec /usr/sbin/in.tftpd --secure /srv/tftp
                tftp/service/user: nobody
                tftp/sockets/tftp/handover: stdin
                tftp/sockets/tftp/listen: udp:0.0.0.0:tftp
                ---
                imap stream tcp wait cyrus /usr/sbin/imapd imapd
                =>
                imap/service/run: #!/bin/sh|exec /usr/sbin/imapd
                imap/service/user: cyrus
                imap/sockets/imap/handover: stdin
                imap/sockets/imap/listen: 0.0.0.0:imap
                ---
                telnet stream tcp nowait telnetd /usr/sbin/tcpd /usr/sbin/in.telnetd
                =>
                telnet/service/run: #!/bin/bash|exec -a /usr/sbin/in.telnetd /usr/sbin/tcpd
                telnet/service/user: telnetd
                telnet/sockets/telnet/accept:
                telnet/sockets/telnet/listen: 0.0.0.0:telnet
                ---
                2323 stream tcp nowait guest /bin/sh -sh -i
                =>
                _sh-2323/service/run: #!/bin/bash|exec -a -sh /bin/sh -i
                _sh-2323/service/user: guest
                _sh-2323/sockets/_sh-2323/accept:
                _sh-2323/sockets/_sh-2323/listen: 0.0.0.0:2323
                ---
                9418 stream tcp nowait git /usr/bin/git
                =>
                git-9418/service/run: #!/bin/sh|exec /usr/bin/git
                git-9418/service/user: git
                git-9418/sockets/git-9418/accept:
                git-9418/sockets/git-9418/listen: 0.0.0.0:9418
                ---
                git stream tcp nowait git /usr/bin/git git
                git stream tcp6 nowait git /usr/bin/git git
                git stream tcp6 nowait git /usr/bin/git git
                127.0.0.1:9418 stream tcp nowait git /usr/bin/git git
                git stream tcp46 nowait git /usr/bin/git git
                =>
                git/service/run: #!/bin/sh|exec /usr/bin/git
                git/service/user: git
                git/sockets/git/accept:
                git/sockets/git/listen: 0.0.0.0:git
                git-tcp6/service/run: #!/bin/sh|exec /usr/bin/git
                git-tcp6/service/user: git
                git-tcp6/sockets/git-tcp6/accept:
                git-tcp6/sockets/git-tcp6/bind-ipv6-only: ipv6-only
                git-tcp6/sockets/git-tcp6/listen: [::]:git
                ERROR conf:3: listens where conf:2 does already (remove one of the two)
                ERROR conf:4: listens where conf:1 does already (remove one of the two)
                ERROR conf:5: listens where conf:1 does already (remove one of the two)
                """);
    }

    static List<Arguments> users() {
        return Drafts.table("""
                ftp stream tcp nowait nobody.nogroup /x x
                =>
                ftp/service/group: nogroup
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: nobody
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                ftp stream tcp nowait first.last:staff/daemon /x x
                =>
                ftp/service/group: staff
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: first.last
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ERROR conf:1: login class "daemon" is not translated: Linux has none
                ---
                ftp stream tcp nowait a,b /x x
                =>
                ERROR conf:1: service "ftp" is not imported: the user is "a,b", and one name or one number is wanted, such as nobody or 65534
                """);
    }

    static List<Arguments> limits() {
        return Drafts.table("""
                ftp stream tcp nowait.60 root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ftp/sockets/ftp/rate-limit: 60/1m
                WARNING conf:1: nowait.60 switches the service off for all when it is exceeded; the rate-limit 60/1m that it becomes counts for each source and slows that source only
                ---
                ftp stream tcp nowait/40/20/5 root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ftp/sockets/ftp/max-connections: 40
                ftp/sockets/ftp/max-connections-per-source: 5
                ftp/sockets/ftp/rate-limit: 20/1m
                ---
                ftp stream tcp nowait/0 root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                tftp dgram udp wait/1 root /x x
                =>
                tftp/service/run: #!/bin/sh|exec /x
                tftp/service/user: root
                tftp/sockets/tftp/handover: stdin
                tftp/sockets/tftp/listen: udp:0.0.0.0:tftp
                ---
                tftp dgram udp wait:30 root /x x
                =>
                tftp/service/run: #!/bin/sh|exec /x
                tftp/service/user: root
                tftp/sockets/tftp/handover: stdin
                tftp/sockets/tftp/listen: udp:0.0.0.0:tftp
                ERROR conf:1: the limits after wait are not translated: they count connections, and with wait the server takes those itself
                ---
                ftp stream tcp nowait.many root /x x
                =>
                ERROR conf:1: service "ftp" is not imported: a limit is a number, as in nowait.60 or nowait/40/20/5
                ---
                ftp stream tcp nowait/1/2/3/4 root /x x
                =>
                ERROR conf:1: service "ftp" is not imported: there are too many limits
                ---
                ftp stream tcp maybe root /x x
                =>
                ERROR conf:1: service "ftp" is not imported: wait or nowait is wanted, perhaps with limits as in nowait.60 or nowait/40/20/5
                """);
    }

    static List<Arguments> addresses() {
        return Drafts.table("""
                ftp stream tcp4 nowait root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                tftp dgram udp46 wait root /x x
                =>
                tftp/service/run: #!/bin/sh|exec /x
                tftp/service/user: root
                tftp/sockets/tftp/handover: stdin
                tftp/sockets/tftp/listen: udp:tftp
                ---
                localhost:ftp stream tcp6 nowait root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: [::1]:ftp
                ---
                127.0.0.1,[fe80::1%lo]:ftp stream tcp nowait root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 127.0.0.1:ftp
                ftp-tcp/service/run: #!/bin/sh|exec /x
                ftp-tcp/service/user: root
                ftp-tcp/sockets/ftp-tcp/accept:
                ftp-tcp/sockets/ftp-tcp/listen: [fe80::1]:ftp%lo
                ---
                ::1:
                ftp stream tcp6 nowait root /x x
                *:
                telnet stream tcp nowait root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: [::1]:ftp
                telnet/service/run: #!/bin/sh|exec /x
                telnet/service/user: root
                telnet/sockets/telnet/accept:
                telnet/sockets/telnet/listen: 0.0.0.0:telnet
                ---
                www.example.org:ftp stream tcp nowait root /x x
                127.0.0.1:ftp stream tcp6 nowait root /x x
                nosuch stream tcp nowait root /x x
                0 stream tcp nowait root /x x
                =>
                ERROR conf:1: service "www.example.org:ftp" is not imported: an address is written in numbers, such as 127.0.0.1:8080 or [::1]:8080, because host names are not looked up
                ERROR conf:2: service "127.0.0.1:ftp" is not imported: "127.0.0.1" is no address of tcp6
                ERROR conf:3: service "nosuch" is not imported: SERVICES knows no tcp port named nosuch
                ERROR conf:4: service "0" is not imported: a port is a number from 1 to 65535
                ---
                /run/x.sock stream unix nowait root /x x
                :www:staff:660:/run/y dgram unix wait root /x x
                =>
                x/service/run: #!/bin/sh|exec /x
                x/service/user: root
                x/sockets/x/accept:
                x/sockets/x/listen: /run/x.sock
                y/service/run: #!/bin/sh|exec /x
                y/service/user: root
                y/sockets/y/group: staff
                y/sockets/y/handover: stdin
                y/sockets/y/listen: unix-dgram:/run/y
                y/sockets/y/mode: 0660
                y/sockets/y/user: www
                ---
                ftp stream tcp,sndbuf=16k,rcvbuf=8192 nowait root /x x
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ftp/sockets/ftp/receive-buffer: 8192
                ftp/sockets/ftp/send-buffer: 16K
                """.replace("SERVICES", Drafts.SERVICES.toString()));
    }

    static List<Arguments> words() {
        return Drafts.table("""
                ftp stream tcp nowait root /x x "two words" '' a"b c"d $(id) `id` a;b *.c ~ \\n !x
                =>
                ftp/service/run: #!/bin/sh|exec /x 'two words' '' 'ab cd' '$(id)' '`id`' 'a;b' '*.c' '~' '\\n' '!x'
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                ftp stream tcp nowait root "/x;id" "it's"
                =>
                ftp/service/run: #!/bin/bash|exec -a 'it'\\''s' '/x;id'
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                ftp stream tcp
                	nowait root
                	# not me
                  /x x -a
                telnet stream tcp nowait root /x x # in.telnetd
                =>
                ftp/service/run: #!/bin/sh|exec /x -a
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                telnet/service/run: #!/bin/sh|exec /x '#' in.telnetd
                telnet/service/user: root
                telnet/sockets/telnet/accept:
                telnet/sockets/telnet/listen: 0.0.0.0:telnet
                WARNING conf:3: is taken for a comment, though some inetds take it for arguments of the line before
                WARNING conf:5: passes "#" to the program, because inetd does so too: comments have lines of their own
                ---
                # Comments, and what was switched off.
                #<off># telnet	stream	tcp	nowait	telnetd	/usr/sbin/tcpd	/usr/sbin/in.telnetd
                ## ftp stream tcp nowait root /usr/sbin/in.ftpd in.ftpd
                # ftp stream of words
                =>
                WARNING conf:2: is a comment, so the service in it is switched off and not imported
                WARNING conf:3: is a comment, so the service in it is switched off and not imported
                ---
                ftp stream tcp nowait root /x x "open
                =>
                ERROR conf:1: is not imported: a quotation mark " is not closed
                ---
                a/../../b:ftp stream tcp nowait root /x x
                ../evil stream unix nowait root /x x
                =>
                ERROR conf:1: service "a/../../b:ftp" is not imported: an address is written in numbers, such as 127.0.0.1:8080 or [::1]:8080, because host names are not looked up
                ERROR conf:2: service "../evil" is not imported: a path starts with /
                """);
    }

    static List<Arguments> builtIns() {
        return List.of(
                Arguments.of(
                        "time stream tcp nowait root internal",
                        "time/service/run: " + script("time") + "\n"
                                + "time/service/user: nobody\n"
                                + "time/sockets/time/accept:\n"
                                + "time/sockets/time/listen: 0.0.0.0:37"),
                Arguments.of(
                        "echo dgram udp6 wait root internal",
                        "echo/service/run: " + script("echo-udp") + "\n"
                                + "echo/service/user: nobody\n"
                                + "echo/sockets/echo/bind-ipv6-only: ipv6-only\n"
                                + "echo/sockets/echo/handover: stdin\n"
                                + "echo/sockets/echo/listen: udp:[::]:7"),
                Arguments.of(
                        "tcpmux stream tcp nowait root internal\nftp stream tcp nowait root internal\n"
                                + "echo stream tcp wait root internal",
                        "ERROR conf:1: service \"tcpmux\" is not imported: usher has no TCPMUX (RFC 1078)\n"
                                + "ERROR conf:2: service \"ftp\" is not imported: it is internal, and of inetd's own services"
                                + " usher has echo, discard, daytime, chargen and time, on TCP and UDP\n"
                                + "ERROR conf:3: service \"echo\" is not imported: on TCP inetd's own services are nowait,"
                                + " on UDP wait"));
    }

    private static String script(String name) {
        boolean udp = name.endsWith("-udp");
        return BuiltIns.named(udp ? name.substring(0, name.length() - 4) : name)
                .orElseThrow()
                .script(udp)
                .strip()
                .replace('\n', '|');
    }

    static List<Arguments> notTranslated() {
        return Drafts.table("""
                rstatd/1-3 dgram rpc/udp wait root /usr/sbin/rpc.rstatd rpc.rstatd
                tcpmux/+date stream tcp nowait guest /bin/date date
                tftp dgram udp nowait root /x x
                ftp dgram tcp nowait root /x x
                ftp stream sctp nowait root /x x
                ftp stream tcp/faith nowait root /x x
                ftp raw tcp nowait root /x x
                ftp stream tcp nowait root x x
                ftp stream tcp
                =>
                ERROR conf:1: service "rstatd/1-3" is not imported: it is an RPC service, and usher does not register with the portmapper
                ERROR conf:2: service "tcpmux/+date" is not imported: usher has no TCPMUX (RFC 1078)
                ERROR conf:3: service "tftp" is not imported: dgram with nowait would start a server for a datagram that is still there for the next one; if the server reads until there are no more, the word is wait
                ERROR conf:4: service "ftp" is not imported: the type is "dgram", but with tcp must be stream
                ERROR conf:5: service "ftp" is not imported: the protocol is "sctp", but usher has tcp and udp, perhaps with 4, 6 or 46, and unix
                ERROR conf:6: service "ftp" is not imported: the protocol is "tcp/faith", but usher has tcp and udp, perhaps with 4, 6 or 46, and unix
                ERROR conf:7: service "ftp" is not imported: the type is "raw", but with tcp must be stream
                ERROR conf:8: service "ftp" is not imported: the program is "x", but must be a path that starts with /, or internal
                ERROR conf:9: is not imported: it holds 3 words, and a service is service, type, protocol, wait, user, program and arguments
                ---
                #@ in ipsec esp/transport//require
                ftp stream tcp nowait root /x x
                #@
                telnet stream tcp nowait root /x x
                =>
                ftp/service/down:
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                telnet/service/run: #!/bin/sh|exec /x
                telnet/service/user: root
                telnet/sockets/telnet/accept:
                telnet/sockets/telnet/listen: 0.0.0.0:telnet
                ERROR conf:1: is an IPsec policy, which is not translated; the services after it are imported with the flag down, so that none is open without it
                """);
    }
}
