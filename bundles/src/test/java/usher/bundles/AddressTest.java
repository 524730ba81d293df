package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    private static String canonical(String text) throws BadValue {
        return Addresses.parse(text).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080 | tcp:8080",
                "tcp:8080 | tcp:8080",
                "udp:53 | udp:53",
                "1 | tcp:1",
                "65535 | tcp:65535",
                "http | tcp:80",
                "udp:domain | udp:53",
                "127.0.0.1:ssh | tcp:127.0.0.1:22",
                "127.0.0.1:8080 | tcp:127.0.0.1:8080",
                "tcp:127.0.0.1:8080 | tcp:127.0.0.1:8080",
                "0.0.0.0:80 | tcp:0.0.0.0:80",
                "255.255.255.255:80 | tcp:255.255.255.255:80",
                "udp:10.0.0.1:514 | udp:10.0.0.1:514",
                "[::1]:8080 | tcp:[::1]:8080",
                "[::]:8080 | tcp:[::]:8080",
                "udp:[::1]:53 | udp:[::1]:53",
                "[0:0:0:0:0:0:0:1]:8080 | tcp:[::1]:8080",
                "[2001:DB8:0:0:1:0:0:1]:1 | tcp:[2001:db8::1:0:0:1]:1",
                "[2001:db8:0:1:1:1:1:1]:1 | tcp:[2001:db8:0:1:1:1:1:1]:1",
                "[2001:0db8:0000:0000:0001:0000:0000:0000]:1 | tcp:[2001:db8:0:0:1::]:1",
                "[1::]:1 | tcp:[1::]:1",
                "[1:2:3:4:5:6:7::]:1 | tcp:[1:2:3:4:5:6:7:0]:1",
                "[::2:3:4:5:6:7:8]:1 | tcp:[0:2:3:4:5:6:7:8]:1",
                "[::ffff:192.0.2.1]:1 | tcp:[::ffff:192.0.2.1]:1",
                "[::ffff:c000:201]:1 | tcp:[::ffff:192.0.2.1]:1",
                "[64:ff9b::192.0.2.33]:1 | tcp:[64:ff9b::c000:221]:1",
                "[1:2:3:4:5:6:192.0.2.33]:1 | tcp:[1:2:3:4:5:6:c000:221]:1",
                "[fe80::1]:8080%eth0 | tcp:[fe80::1]:8080%eth0",
                "udp:[fe80::1]:546%2 | udp:[fe80::1]:546%2",
                "/run/x.sock | unix:/run/x.sock",
                "unix:/run/x.sock | unix:/run/x.sock",
                "/run//./x.sock | unix:/run/x.sock",
                "/run/a/../x.sock | unix:/run/a/../x.sock",
                "/run/with space | unix:/run/with space",
                "unix-dgram:/dev/log | unix-dgram:/dev/log",
                "unix-seqpacket:/run/udev | unix-seqpacket:/run/udev",
                "@name | unix:@name",
                "unix:@name | unix:@name",
                "unix-dgram:@a:b | unix-dgram:@a:b",
                "fifo:/run/x | fifo:/run/x",
                "netlink:kobject-uevent 1 | netlink:kobject-uevent 1",
                "netlink:KOBJECT_UEVENT 1 | netlink:kobject-uevent 1",
                "netlink:NETLINK_ROUTE 4294967295 | netlink:route 4294967295",
                "netlink:audit | netlink:audit 0",
                "vsock:3:22 | vsock:3:22",
                "vsock::22 | vsock::22",
                "vsock:4294967295:22 | vsock::22",
                "vsock:2:4294967294 | vsock:2:4294967294",
            })
    void hasOneFormForEverySpelling(String text, String form) throws BadValue {
        assertThat(canonical(text)).isEqualTo(form);
        assertThat(canonical(form)).as("the canonical form read again").isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | an address is such as 8080",
                "0 | a port is a number from 1 to 65535",
                "65536 | a port is a number from 1 to 65535",
                "99999999999999999999 | a port is a number from 1 to 65535",
                "080 | a port is a number from 1 to 65535",
                "-1 | knows no tcp port named -1",
                "+80 | knows no tcp port named",
                "80 80 | a port is a number",
                "nosuchservice | /etc/services knows no tcp port named nosuchservice",
                "udp:ssh | /etc/services knows no udp port named ssh",
                "127.0.0.1 | write 127.0.0.1:8080",
                "127.0.0.1: | a port is a number",
                "127.0.0.1:0 | a port is a number",
                "127.1:80 | such as 127.0.0.1",
                "127.0.0.01:80 | such as 127.0.0.1",
                "256.0.0.1:80 | such as 127.0.0.1",
                "1.2.3.4.5:80 | such as 127.0.0.1",
                "1.2.3.:80 | such as 127.0.0.1",
                "localhost:80 | host names are not looked up",
                "*:80 | for all interfaces write the port alone",
                ":80 | for all interfaces write the port alone",
                "::1:80 | stands in brackets",
                "[::1] | written as [::1]:8080",
                "[::1]80 | written as [::1]:8080",
                "[::1]: | a port is a number",
                "[]:80 | eight groups",
                "[:]:80 | eight groups",
                "[:::]:80 | eight groups",
                "[1::2::3]:80 | eight groups",
                "[1:2:3:4:5:6:7]:80 | eight groups",
                "[1:2:3:4:5:6:7:8:9]:80 | eight groups",
                "[1:2:3:4:5:6:7:8::]:80 | eight groups",
                "[::12345]:80 | eight groups",
                "[::g]:80 | eight groups",
                "[1:2:3:4:5:6:7:1.2.3.4]:80 | eight groups",
                "[::1.2.3.4:5]:80 | eight groups",
                "[1.2.3.4::]:80 | eight groups",
                "[127.0.0.1]:80 | eight groups",
                "[::1.2.3]:80 | four numbers",
                "[fe80::1%eth0]:80 | as in [fe80::1]:8080%eth0",
                "[fe80::1]:80% | followed by an interface",
                "[fe80::1]:80%interfacenametoolong | followed by an interface",
                "unix:x.sock | a path starts with /",
                "unix: | a path starts with /",
                "unix:/ | a path names a file",
                "fifo:x | a path starts with /",
                "@ | 1 to 107 bytes",
                "netlink:nosuch 1 | a family of netlink(7)",
                "netlink: | a family of netlink(7)",
                "netlink:route x | a family of netlink(7)",
                "netlink:route 4294967296 | a family of netlink(7)",
                "vsock:22 | as in vsock:3:22",
                "vsock:x:22 | as in vsock:3:22",
                "vsock:3:0 | as in vsock:3:22",
                "vsock:3:4294967295 | as in vsock:3:22",
                "sctp:80 | host names are not looked up",
            })
    void saysWhatWouldBeRight(String text, String hint) {
        assertThatThrownBy(() -> Addresses.parse(text))
                .isInstanceOf(BadValue.class)
                .hasMessageContaining(hint);
        assertThat(Address.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"80\n81", "\u0000", "/run/x\u0007", "@a\u001b[2J", "[::\uff11]:80", "\u0661"})
    void takesNoControlCharactersNorForeignDigits(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }

    @Test
    void takesUnixNamesOf107BytesAndNoMore() {
        assertThat(Address.parse("/" + "x".repeat(106))).isPresent();
        assertThat(Address.parse("/" + "x".repeat(107))).isEmpty();
        assertThat(Address.parse("@" + "x".repeat(107))).isPresent();
        assertThat(Address.parse("@" + "x".repeat(108))).isEmpty();
        assertThat(Address.parse("@" + "\u00e9".repeat(53))).as("106 bytes").isPresent();
        assertThat(Address.parse("@" + "\u00e9".repeat(54))).as("108 bytes").isEmpty();
    }

    @Test
    void keepsTheBytesAndTheScope() throws BadValue {
        Address.Inet inet = (Address.Inet) Addresses.parse("udp:[fe80::102]:547%eth0");
        byte[] bytes = {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2};
        assertThat(inet)
                .isEqualTo(new Address.Inet(
                        Address.Transport.UDP, Optional.of(ByteBuffer.wrap(bytes)), 547, Optional.of("eth0")));
        assertThat(Addresses.parse("netlink:kobject-uevent 1")).isEqualTo(new Address.Netlink("kobject-uevent", 15, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "8080, true",
        "udp:53, false",
        "/run/x, true",
        "unix-dgram:/run/x, false",
        "unix-seqpacket:@x, true",
        "fifo:/run/x, false",
        "netlink:route 1, false",
        "vsock:3:22, true"
    })
    void knowsWherePeersConnect(String text, boolean connects) throws BadValue {
        assertThat(Addresses.parse(text).isConnectionOriented()).isEqualTo(connects);
    }
}
