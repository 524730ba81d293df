package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import usher.activation.posix.Descriptor;
import usher.activation.posix.Descriptors;

class MailboxTest {
    private final List<String> complaints = new ArrayList<>();
    private final List<Descriptor> opened = new ArrayList<>();
    private final Descriptor[] pair = Mailbox.pair();
    private final Descriptor[] ofTheNext = {pair[0].duplicate(), pair[1].duplicate()};
    private final Mailbox mailbox = new Mailbox(pair[0], pair[1], complaints::add);

    @AfterEach
    void close() {
        mailbox.close();
        opened.addAll(List.of(ofTheNext));
        opened.forEach(Descriptor::close);
        assertThat(complaints).isEmpty();
    }

    /** What a launcher finds that comes after this one. */
    private Map<String, List<Descriptor>> found() {
        Map<String, List<Descriptor>> found = new Mailbox(ofTheNext[0], ofTheNext[1], complaints::add).contents();
        found.values().forEach(opened::addAll);
        return found;
    }

    private static List<Descriptor> of(Map<String, List<Descriptor>> found, String name) {
        return Objects.requireNonNull(found.get(name));
    }

    private Descriptor pipeHolding(String text) {
        Pipe pipe = Pipe.open();
        Descriptors.write(pipe.writeEnd().number(), text.getBytes(StandardCharsets.UTF_8), 0, text.length());
        pipe.writeEnd().close();
        opened.add(pipe.readEnd());
        return pipe.readEnd();
    }

    private static String read(Descriptor descriptor) {
        byte[] buffer = new byte[100];
        return new String(buffer, 0, Descriptors.read(descriptor.number(), buffer, 0, 100), StandardCharsets.UTF_8);
    }

    @Test
    void keepsWhatItsSenderHasClosed() {
        Descriptor descriptor = pipeHolding("hello");
        mailbox.keep("one pipe", List.of(descriptor));
        descriptor.close();
        assertThat(read(of(found(), "one pipe").get(0))).isEqualTo("hello");
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(found()).isEmpty();
    }

    @Test
    void canBeLookedIntoAgainAndAgain() {
        mailbox.keep("a", List.of(pipeHolding("first"), pipeHolding("second")));
        assertThat(found().get("a")).hasSize(2);
        Map<String, List<Descriptor>> again = found();
        assertThat(again).containsOnlyKeys("a");
        assertThat(read(of(again, "a").get(1))).isEqualTo("second");
    }

    @Test
    void theLaterOfTwoOfOneNameWins() {
        mailbox.keep("a", List.of(pipeHolding("old")));
        mailbox.keep("a", List.of(pipeHolding("new")));
        mailbox.keep("b", List.of(pipeHolding("gone")));
        mailbox.forget("b");
        mailbox.forget("never there");
        Map<String, List<Descriptor>> found = found();
        assertThat(found).containsOnlyKeys("a");
        assertThat(read(of(found, "a").get(0))).isEqualTo("new");
    }

    @Test
    void letsGoOfWhatIsForgotten() {
        Pipe pipe = Pipe.open();
        mailbox.keep("pipe", List.of(pipe.writeEnd()));
        pipe.writeEnd().close();
        mailbox.forget("pipe");
        mailbox.letGo();
        assertThat(pipe.read(new byte[1])).as("end of what is written").isZero();
        assertThat(mailbox.isStale()).isFalse();
        pipe.close();
    }

    @Test
    void keepsMoreThanItsQueueHasRoomFor() {
        List<Descriptor> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Descriptor descriptor = pipeHolding("number " + i);
            all.add(descriptor);
            mailbox.keep("pipe " + i, List.of(descriptor));
        }
        for (int round = 0; round < 20_000; round++) {
            mailbox.keep("busy", List.of(all.get(round % 600)));
        }
        for (int i = 0; i < 600; i += 2) {
            mailbox.forget("pipe " + i);
        }
        Map<String, List<Descriptor>> found = found();
        assertThat(found).hasSize(301);
        assertThat(read(of(found, "pipe 299").get(0))).isEqualTo("number 299");
        found.values().forEach(list -> list.forEach(Descriptor::close));
        all.forEach(Descriptor::close);
    }

    @Test
    void aProcessThatSharesTheTableHasWhatWasOpenedAfterIt() {
        Optional<TableHolder> holder = TableHolder.start();
        assertThat(holder).isPresent();
        Descriptor descriptor = pipeHolding("taken");
        Descriptor copy = holder.get().take(descriptor.number()).orElseThrow();
        opened.add(copy);
        assertThat(read(copy)).isEqualTo("taken");
        Descriptor[] pair = Mailbox.pair();
        opened.addAll(List.of(pair));
        List<Descriptor> connections = holder.get().connections();
        opened.addAll(connections);
        assertThat(connections)
                .anyMatch(one -> Descriptors.isSame(one.number(), pair[0].number()))
                .noneMatch(one -> Descriptors.isSame(one.number(), descriptor.number()));
        ProcessId id = holder.get().id();
        assertThat(id.isAlive()).isTrue();
        assertThat(new ProcessId(id.pid(), id.startedAt() - 1).isAlive()).isFalse();
        holder.get().close();
        assertThat(id.isAlive()).isFalse();
        copy.close();
        descriptor.close();
    }
}
