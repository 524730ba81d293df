package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Entries of xinetd.conf, and the bundles and remarks they become. */
final class XinetdImportTest {
    /** What every service needs, so that the tables show what matters. */
    private static final String SERVER = """
            socket_type = stream
            wait = no
            user = root
            server = /x
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"services", "attributes", "access", "defaults", "notTranslated", "mistakes"})
    void makesBundlesOfEntries(String entries, String expected) {
        assertThat(Drafts.shown(Drafts.read(Importer.From.XINETD, entries))).isEqualTo(expected);
    }

    static List<Arguments> services() {
        return Drafts.table(
                """
                # As Debian has it.
                service rsync
                {
                	disable		= no
                	socket_type	= stream
                	wait		= no
                	user		= nobody
                	group		= nogroup
                	server		= /usr/bin/rsync
                	server_args	= --daemon --config=/etc/rsyncd.conf
                	log_on_failure	+= USERID
                }
                =>
                rsync/service/group: nogroup
                rsync/service/run: #!/bin/sh|exec /usr/bin/rsync --daemon --config=/etc/rsyncd.conf
                rsync/service/user: nobody
                rsync/sockets/rsync/accept:
                rsync/sockets/rsync/listen: 0.0.0.0:rsync
                WARNING conf:11: log_on_failure USERID has no counterpart: that is not logged
                ---
                service tftp
                {
                    protocol = udp
                    wait = yes
                    user = root
                    server = /usr/sbin/in.tftpd
                    server_args = -s /srv/tftp $(id) 'x'
                    disable = yes
                }
                =>
                tftp/service/down:
                tftp/service/run: #!/bin/sh|exec /usr/sbin/in.tftpd -s /srv/tftp '$(id)' ''\\''x'\\'''
                tftp/service/user: root
                tftp/sockets/tftp/handover: stdin
                tftp/sockets/tftp/listen: udp:0.0.0.0:tftp
                ---
                service web
                {
                    type = UNLISTED
                    id = web-main
                    port = 8080
                    interface = 127.0.0.1
                    socket_type = stream
                    protocol = tcp
                    wait = yes
                    user = www
                    server = /usr/sbin/tcpd
                    flags = NAMEINARGS NODELAY KEEPALIVE REUSE IPv4
                    server_args = webd -f
                }
                =>
                web-main/service/run: #!/bin/bash|exec -a webd /usr/sbin/tcpd -f
                web-main/service/user: www
                web-main/sockets/web-main/handover: stdin
                web-main/sockets/web-main/keep-alive:
                web-main/sockets/web-main/listen: 127.0.0.1:8080
                web-main/sockets/web-main/no-delay:
                ---
                service time
                {
                    type = INTERNAL
                    id = time-dgram
                    socket_type = dgram
                    wait = yes
                    user = root
                }
                =>
                time-dgram/service/run: SCRIPT
                time-dgram/service/user: nobody
                time-dgram/sockets/time-dgram/handover: stdin
                time-dgram/sockets/time-dgram/listen: udp:0.0.0.0:37
                """.replace("SCRIPT", BuiltIns.TIME.script(true).strip().replace('\n', '|')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "umask = 027|service/umask: 027",
                "rlimit_as = 8M|service/limits/as: 8388608",
                "rlimit_files = UNLIMITED|service/limits/nofile: unlimited",
                "env = A=b=c B=|service/env/A: b=c",
                "nice = -5|service/run: #!/bin/sh\\nexec nice -n -5 /x",
                "passenv = PATH TZ|service/run: #!/bin/sh\\nexec env -i ${PATH+\"PATH=$PATH\"} ${TZ+\"TZ=$TZ\"} /x",
                "passenv =|service/run: #!/bin/sh\\nexec env -i /x",
                "instances = 5|sockets/ftp/max-connections: 5",
                "per_source = 2|sockets/ftp/max-connections-per-source: 2",
                "cps = 25 30|sockets/ftp/rate-limit: 25/1s",
                "log_on_success = HOST PID|sockets/ftp/log-connections:",
                "log_on_failure = HOST|sockets/ftp/log-connections:",
                "bind = ::1|sockets/ftp/listen: [::1]:ftp",
                "flags = IPv6|sockets/ftp/listen: ftp",
                "port = 2121|sockets/ftp/listen: 0.0.0.0:2121",
                "no_access = 192.0.2.7|sockets/ftp/deny: 192.0.2.7/32"
            })
    void translatesAttributes(String attribute, String line) {
        String entry = "service ftp\n{\n" + SERVER + attribute + "\n}\n";
        assertThat(Drafts.shown(Drafts.read(Importer.From.XINETD, entry)).lines())
                .contains("ftp/" + line.replace("\\n", "|"));
    }

    static List<Arguments> attributes() {
        return table("""
                instances = 5 6
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ftp/sockets/ftp/max-connections: 5
                ERROR conf:7: instances takes one word, so "6" is not translated
                ---
                id = default
                =>
                default-tcp/service/run: #!/bin/sh|exec /x
                default-tcp/service/user: root
                default-tcp/sockets/default-tcp/accept:
                default-tcp/sockets/default-tcp/listen: 0.0.0.0:ftp
                ---
                flags = IPv6
                v6only = yes
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/bind-ipv6-only: ipv6-only
                ftp/sockets/ftp/listen: [::]:ftp
                ---
                env = A=1
                env += B=2
                env -= A=1
                passenv = HOME
                flags = NAMEINARGS
                server_args = ftpd
                nice = 3
                =>
                ftp/service/env/B: 2
                ftp/service/run: #!/bin/sh|exec nice -n 3 env -i ${HOME+"HOME=$HOME"} ${B+"B=$B"} bash -c 'exec -a "$0" "$@"' ftpd /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                instances = UNLIMITED
                per_source = UNLIMITED
                groups = no
                mdns = yes
                log_type = FILE /var/log/x
                deny_time = FOREVER
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                WARNING conf:7: instances = UNLIMITED has no counterpart: there are at most 64 at once, and more peers wait, unless max-connections says another number
                WARNING conf:9: groups = no has no counterpart: a server has all groups of its user
                WARNING conf:10: mdns has no counterpart: usher announces nothing
                WARNING conf:11: log_type has no counterpart: each bundle has a log of its own
                WARNING conf:12: deny_time means something with flag SENSOR only
                ---
                banner = /etc/issue
                max_load = 2.5
                nice = 20
                rlimit_cpu = long
                umask = 8
                env = PATH
                passenv = A;B
                instances = 0
                frobnicate = yes
                flags = FROB
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ERROR conf:7: banner is not translated: put cat before the exec in service/run
                ERROR conf:8: max_load = "2.5" is not translated: usher does not look at the machine's load
                ERROR conf:9: nice = "20" is not translated: a number from -20 to 19 is wanted
                ERROR conf:10: rlimit_cpu = "long" is not translated: a size is a number of bytes from 0 to 9223372036854775807, perhaps with K, M or G, such as 64K
                ERROR conf:11: umask = "8" is not translated: permissions are octal digits from 0 to 0777, such as 0660
                ERROR conf:12: env "PATH" is not translated: a variable is NAME=VALUE
                ERROR conf:13: passenv = "A;B" is not translated: "A;B" is no name of a variable
                ERROR conf:14: instances = "0" is not translated: a number from 1 to 2147483647 is wanted
                ERROR conf:15: frobnicate is not translated: xinetd knows no such attribute
                ERROR conf:16: flag "FROB" is not translated: xinetd knows none such
                """);
    }

    /** Cases that show nothing but what is added to an entry of five lines. */
    private static List<Arguments> table(String text) {
        return Drafts.table(text).stream()
                .map(one -> Arguments.of("service ftp\n{\n" + SERVER + one.get()[0] + "\n}", one.get()[1]))
                .toList();
    }

    static List<Arguments> access() {
        return table("""
                only_from = 127.0.0.1 128.138.12.0 10.1.{2,3} 192.168.1.{7,8}
                only_from += 192.0.2.64/26 198.51.100.0/255.255.255.128 2001:db8::/32 ::1
                no_access = 128.138.12.9 10.0.0.0
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/allow: 127.0.0.1/32|128.138.12.0/24|10.1.2.0/24|10.1.3.0/24|192.168.1.7/32|192.168.1.8/32|192.0.2.64/26|198.51.100.0/25|2001:db8::/32|::1/128
                ftp/sockets/ftp/deny: 128.138.12.9/32|10.0.0.0/8
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                only_from = 0.0.0.0
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/allow: 0.0.0.0/0
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                only_from =
                no_access = 10.0.0.1
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/deny: 0.0.0.0/0|::/0|10.0.0.1/32
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ---
                only_from = www.example.org
                =>
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/deny: 0.0.0.0/0|::/0
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ERROR conf:7: only_from "www.example.org" is not translated: names are not looked up, so those peers are kept out (write addresses into allow)
                ---
                no_access = .example.org 192.0.2.1/255.0.255.0
                access_times = 08:00-18:00
                libwrap = ftpd
                flags = IDONLY
                =>
                ftp/service/down:
                ftp/service/run: #!/bin/sh|exec /x
                ftp/service/user: root
                ftp/sockets/ftp/accept:
                ftp/sockets/ftp/listen: 0.0.0.0:ftp
                ERROR conf:7: no_access ".example.org" is not translated: names are not looked up; the bundle is imported with the flag down, so that it is not open to more than before
                ERROR conf:7: no_access "192.0.2.1/255.0.255.0" is not translated: names are not looked up; the bundle is imported with the flag down, so that it is not open to more than before
                ERROR conf:8: access_times is not translated: usher knows no opening hours; the bundle is imported with the flag down, so that it is not open to more than before
                ERROR conf:9: libwrap is not translated: put tcpd before the server, or use allow and deny; the bundle is imported with the flag down, so that it is not open to more than before
                ERROR conf:10: flag IDONLY is not translated: usher asks no ident server; the bundle is imported with the flag down, so that it is not open to more than before
                """);
    }

    static List<Arguments> defaults() {
        return Drafts.table("""
                service rsync
                {
                    socket_type = stream
                    wait = no
                    user = root
                    server = /x
                    only_from += 10.0.0.1
                    only_from -= 127.0.0.1
                    per_source = 3
                }
                service tftp
                {
                    socket_type = dgram
                    wait = yes
                    user = root
                    server = /y
                    instances = 7
                    only_from = 0.0.0.0
                }
                defaults
                {
                    instances = 60
                    per_source = 10
                    cps = 50 10
                    only_from = 127.0.0.1 192.0.2.1
                    disabled = tftp
                    port = 5
                }
                =>
                rsync/service/run: #!/bin/sh|exec /x
                rsync/service/user: root
                rsync/sockets/rsync/accept:
                rsync/sockets/rsync/allow: 192.0.2.1/32|10.0.0.1/32
                rsync/sockets/rsync/listen: 0.0.0.0:rsync
                rsync/sockets/rsync/max-connections: 60
                rsync/sockets/rsync/max-connections-per-source: 3
                rsync/sockets/rsync/rate-limit: 50/1s
                tftp/service/down:
                tftp/service/run: #!/bin/sh|exec /y
                tftp/service/user: root
                tftp/sockets/tftp/handover: stdin
                tftp/sockets/tftp/listen: udp:0.0.0.0:tftp
                WARNING conf:17: instances has no effect with wait = yes: the server takes what comes itself
                ERROR conf:18: only_from is not translated: with wait = yes the server takes what comes itself; the bundle is imported with the flag down, so that it is not open to more than before
                WARNING conf:24: cps switches the service off for all when it is exceeded; the rate-limit 50/1s that it becomes counts for each source and slows that source only
                ERROR conf:27: port is not translated: it has no place in defaults
                ---
                defaults
                {
                    enabled = rsync
                }
                service rsync
                {
                    socket_type = stream
                    wait = no
                    server = /x
                }
                service git
                {
                    socket_type = stream
                    wait = no
                    server = /x
                }
                =>
                rsync/service/run: #!/bin/sh|exec /x
                rsync/sockets/rsync/accept:
                rsync/sockets/rsync/listen: 0.0.0.0:rsync
                git/service/down:
                git/service/run: #!/bin/sh|exec /x
                git/sockets/git/accept:
                git/sockets/git/listen: 0.0.0.0:git
                WARNING conf:5: names no user, without which xinetd does not start it: it will run as the launcher's own
                WARNING conf:11: names no user, without which xinetd does not start it: it will run as the launcher's own
                """);
    }

    static List<Arguments> notTranslated() {
        return Drafts.table(notTranslated("type = RPC")
                + "it is an RPC service, and usher does not register with the portmapper\n"
                + notTranslated("type = TCPMUX")
                + "usher has no TCPMUX (RFC 1078)\n"
                + notTranslated("type = SPECIAL")
                + "type \"SPECIAL\" has no counterpart\n"
                + notTranslated("type = UNLISTED")
                + "it is UNLISTED, so a port must be given\n"
                + notTranslated("type = INTERNAL")
                + "it is INTERNAL, and of xinetd's own services usher has echo, discard, daytime, chargen and time\n"
                + notTranslated("redirect = 192.0.2.1 80")
                + "redirect has no counterpart: run a forwarder, such as socat or systemd-socket-proxyd\n"
                + notTranslated("flags = SENSOR")
                + "flag SENSOR has no counterpart: it would serve those whom it is to catch\n"
                + notTranslated("protocol = udp")
                + "socket_type and protocol are \"stream udp\", but usher has stream with tcp and dgram with udp\n"
                + notTranslated("bind = www.example.org")
                + "an address is written in numbers, such as 127.0.0.1:8080 or [::1]:8080, because host names are not"
                + " looked up\n"
                + notTranslated("port = 99999")
                + "a port is a number from 1 to 65535\n"
                + notTranslated("flags = NAMEINARGS")
                + "flag NAMEINARGS takes the server's name from server_args, which is empty\n");
    }

    private static String notTranslated(String attribute) {
        return "---\n".repeat(attribute.equals("type = RPC") ? 0 : 1) + "service ftp\n{\n" + SERVER + attribute
                + "\n}\n=>\nERROR conf:1: service \"ftp\" is not imported: ";
    }

    static List<Arguments> mistakes() {
        return Drafts.table("""
                service a
                socket_type = stream
                }
                frob
                {
                }
                }
                service
                {
                }
                service ftp
                {
                    frob
                    wait = maybe
                    wait = no
                    port += 5
                }
                service b
                {
                =>
                ERROR conf:2: is no {, which must follow on conf:1, so that entry is not imported
                ERROR conf:4: holds "frob", but an entry is service, defaults, include or includedir; all up to the next } is skipped
                ERROR conf:7: is a } that ends nothing
                ERROR conf:8: is not imported: after service stands a name
                ERROR conf:11: service "ftp" is not imported: wait is "maybe", but must be yes or no
                ERROR conf:13: holds "frob", but an attribute is NAME = VALUES, NAME += VALUES or NAME -= VALUES
                ERROR conf:15: wait is not translated: it is set at conf:14 already
                ERROR conf:16: port is not translated: it takes no +=
                ERROR conf:18: is not imported: the file ends before its }
                """);
    }
}
