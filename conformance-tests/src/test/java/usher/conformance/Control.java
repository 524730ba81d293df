package usher.conformance;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Talks to the launcher as docs/control-protocol.md says, without starting a command for each word: where hundreds are to
 * be said.
 */
record Control(Path socket) {

    /** Of status, 3 says that what was named is not up. */
    private static final Set<String> DONE = Set.of("00", "03");

    /** Does it, however often launchers die meanwhile; what is said on standard output, if it could be done. */
    String ask(String verb, List<String> options, String... operands) {
        List<String> all = new ArrayList<>(List.of("usher 1", verb, "--token=" + UUID.randomUUID()));
        all.addAll(options);
        String answer = Await.value(
                verb + " is answered",
                Await.GENEROUS,
                () -> {
                    List<String> lines = new ArrayList<>(all);
                    lines.add("--");
                    lines.addAll(List.of(operands));
                    String whole = exchange(String.join("\n", lines) + "\n\n");
                    if (!all.contains("--again")) {
                        all.add("--again");
                    }
                    return whole;
                },
                whole -> whole.lines().anyMatch(line -> line.startsWith("0")));
        if (answer.lines().noneMatch(DONE::contains)) {
            throw new AssertionError(verb + " " + String.join(" ", operands) + ": " + answer);
        }
        return answer.lines()
                .filter(line -> line.startsWith("1"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"));
    }

    /** As much of an answer as comes. */
    private String exchange(String request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException killed) {
            return "";
        }
    }

    /** Of these, or of all. */
    Statuses status(String... names) {
        return new Statuses(BundleStatus.parse(ask("status", List.of("--format=json"), names)));
    }
}
