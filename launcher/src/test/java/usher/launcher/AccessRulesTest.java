package usher.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import usher.activation.posix.SockAddr;
import usher.bundles.ListeningSocket;
import usher.bundles.Prefix;

class AccessRulesTest {
    private static final Prefix TEN = new Prefix(ByteBuffer.wrap(new byte[] {10, 0, 0, 0}), 8);
    private static final Prefix TEN_ONE = new Prefix(ByteBuffer.wrap(new byte[] {10, 1, 0, 0}), 16);
    private static final Prefix EVERYBODY = new Prefix(ByteBuffer.wrap(new byte[4]), 0);

    @Test
    void letsTheLongestPrefixDecideAndDenyWhereBothHaveIt() {
        assertThat(admits(List.of(), List.of(), 10, 2)).isTrue();
        assertThat(admits(List.of(TEN), List.of(), 10, 2)).isTrue();
        assertThat(admits(List.of(TEN), List.of(), 11, 2))
                .as("on no line of allow")
                .isFalse();
        assertThat(admits(List.of(), List.of(TEN), 11, 2)).as("deny alone").isTrue();
        assertThat(admits(List.of(), List.of(TEN), 10, 2)).isFalse();
        assertThat(admits(List.of(TEN), List.of(TEN_ONE), 10, 1)).isFalse();
        assertThat(admits(List.of(TEN), List.of(TEN_ONE), 10, 2)).isTrue();
        assertThat(admits(List.of(TEN_ONE), List.of(TEN), 10, 1)).isTrue();
        assertThat(admits(List.of(TEN_ONE), List.of(EVERYBODY), 10, 1)).isTrue();
        assertThat(admits(List.of(TEN), List.of(TEN), 10, 1)).isFalse();
    }

    @Test
    void leavesUnixPeersAlone() {
        assertThat(AccessRules.objection(rules(List.of(TEN), List.of(EVERYBODY)), new SockAddr.Unix("", false)))
                .isEmpty();
    }

    private static boolean admits(List<Prefix> allow, List<Prefix> deny, int first, int second) {
        ByteBuffer host = ByteBuffer.wrap(new byte[] {(byte) first, (byte) second, 0, 1});
        return AccessRules.objection(rules(allow, deny), new SockAddr.Inet(host, 4000, 0))
                .isEmpty();
    }

    private static ListeningSocket.Connections rules(List<Prefix> allow, List<Prefix> deny) {
        return new ListeningSocket.Connections(64, OptionalInt.empty(), allow, deny, Optional.empty(), false);
    }
}
