package usher.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "500, 500", "500ms, 500", "90s, 90000", "2m, 120000", "1h, 3600000"})
    void readsDurations(String text, long milliseconds) throws BadValue {
        assertThat(Values.duration(text)).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "90x", "-1s", "1.5s", "90 s", "1h30m", "99999999999999999999", "9999999999h"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> Values.duration(text)).hasMessageContaining("such as 500ms or 90s");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "64K, 65536", "16M, 16777216", "1G, 1073741824", "2147483647, 2147483647"})
    void readsSizes(String text, long bytes) throws BadValue {
        assertThat(Values.size(text, 1, Integer.MAX_VALUE)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "K", "2G", "-1", "64k", "1KB", "2147483648"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> Values.size(text, 1, Integer.MAX_VALUE)).hasMessageContaining("such as 64K");
    }

    @ParameterizedTest
    @CsvSource({"0666, 438", "666, 438", "0, 0", "0755, 493"})
    void readsModes(String text, int mode) throws BadValue {
        assertThat(Values.mode(text)).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0888", "1777", "rw", "-1"})
    void refusesOtherModes(String text) {
        assertThatThrownBy(() -> Values.mode(text)).hasMessageContaining("such as 0660");
    }

    @Test
    void readsLimits() throws BadValue {
        assertThat(Values.limit("1024")).isEqualTo(new Service.Limit(1024, 1024));
        assertThat(Values.limit("1024:4096")).isEqualTo(new Service.Limit(1024, 4096));
        assertThat(Values.limit("1024:infinity")).isEqualTo(new Service.Limit(1024, -1));
        assertThat(Values.limit("unlimited")).isEqualTo(new Service.Limit(-1, -1));
        for (String bad : new String[] {"", ":", "1:", ":1", "2:1", "unlimited:1", "x"}) {
            assertThatThrownBy(() -> Values.limit(bad)).as(bad).hasMessageContaining("1024:4096");
        }
    }

    @Test
    void readsRates() throws BadValue {
        assertThat(Values.rate("20/1s")).isEqualTo(new ListeningSocket.Rate(20, Duration.ofSeconds(1)));
        for (String bad : new String[] {"", "20", "/1s", "0/1s", "20/0", "20/x"}) {
            assertThatThrownBy(() -> Values.rate(bad)).as(bad).isInstanceOf(BadValue.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TERM, 15",
        "SIGTERM, 15",
        "sigkill, 9",
        "15, 15",
        "USR1, 10",
        "RTMIN, 34",
        "SIGRTMIN+3, 37",
        "RTMAX-1, 63"
    })
    void readsSignals(String text, int number) {
        assertThat(Signals.number(text)).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "0", "65", "TREM", "RTMIN+31", "RTMIN-1", "-9"})
    void refusesOtherSignals(String text) {
        assertThat(Signals.number(text)).isEmpty();
    }

    @Test
    void namesEverySignalSoThatItCanBeReadAgain() {
        for (int number = 1; number <= 64; number++) {
            assertThat(Signals.number(Signals.name(number))).hasValue(number);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.77/24, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "192.0.2.0/25, 192.0.2.128, false",
        "192.0.2.0/24, ::ffff:192.0.2.9, true",
        "::ffff:192.0.2.0/120, 192.0.2.9, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "[::1], ::1, true",
        "::/0, ::ffff:192.0.2.9, false",
    })
    void tellsWhetherAPeerIsInANetwork(String network, String peer, boolean inside) throws BadValue {
        ByteBuffer address = peer.contains(":") ? InternetAddress.parseIpv6(peer) : InternetAddress.parseIpv4(peer);
        assertThat(Prefix.parse(network).contains(address)).isEqualTo(inside);
    }

    @Test
    void readsNetworksALineEach() throws BadValue {
        assertThat(Prefix.parseLines("# the office\n192.0.2.0/24\n\n  ::1  # here\n"))
                .extracting(Prefix::toString)
                .containsExactly("192.0.2.0/24", "::1/128");
        for (String bad : new String[] {"192.0.2.0/33", "::/129", "192.0.2.0/", "example.org", "192.0.2.0/-1"}) {
            assertThatThrownBy(() -> Prefix.parseLines(bad)).as(bad).hasMessageContaining("192.0.2.0/24");
        }
    }

    @Test
    void ordersByBytesAndNotByUtf16() {
        String[] names = {"\ud83d\ude00", "\uffee", "a", "b", "B", "a-b", "a.b", "ab"};
        ByteOrder.sort(names);
        assertThat(names).containsExactly("B", "a", "a-b", "a.b", "ab", "b", "\uffee", "\ud83d\ude00");
    }

    @Test
    void suggestsNamesWithinTwoChanges() {
        assertThat(Spelling.nearest("acept", SocketReader.ATTRIBUTES)).isEqualTo("accept");
        assertThat(Spelling.nearest("idle_timeout", ServiceReader.SETTINGS)).isEqualTo("idle-timeout");
        assertThat(Spelling.nearest("RUN", ServiceReader.SETTINGS)).isEqualTo("run");
        assertThat(Spelling.nearest("xyz", ServiceReader.SETTINGS)).isNull();
        assertThat(Spelling.nearest("qqqqqq", ServiceReader.SETTINGS)).isNull();
    }

    @Test
    void showsNothingThatWouldHarmATerminal() {
        assertThat(Shown.quoted("a\n\u001b[2J\u202e")).isEqualTo("\"a\\n\\u001b[2J\\u202e\"");
        assertThat(Shown.quoted("x".repeat(1000))).hasSizeLessThan(70).endsWith("...\"");
        assertThat(Shown.quoted("")).isEqualTo("nothing");
    }
}
