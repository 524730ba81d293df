package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import usher.bundles.BundleName;

class GroupNamesTest {
    @Test
    void launchersOfDifferentRunDirectoriesNeverShareAName() {
        assertThat(GroupNames.ofLauncher(Path.of("/run/usher"))).isEqualTo("usher-run-usher");
        assertThat(GroupNames.ofLauncher(Path.of("/run-usher"))).isEqualTo("usher-run%2dusher");
        assertThat(GroupNames.ofLauncher(Path.of("/a b/\u00e9\n%"))).isEqualTo("usher-a%20b-%c3%a9%0a%25");
        String deep = "/d".repeat(300);
        assertThat(GroupNames.ofLauncher(Path.of(deep + "/a")))
                .hasSizeLessThan(256)
                .isNotEqualTo(GroupNames.ofLauncher(Path.of(deep + "/b")));
    }

    @Test
    void bundlesNeverTakeTheNameOfAFileOfTheKernels() {
        assertThat(GroupNames.ofBundle(new BundleName("memory.max"))).isEqualTo("bundle.memory.max");
        assertThat(GroupNames.ofBundle(new BundleName("launcher"))).isNotEqualTo(GroupNames.LAUNCHER);
    }

    @Test
    void theLongestNamesFit() {
        String long1 = GroupNames.ofBundle(new BundleName("\ud83d\ude00".repeat(63) + "a"));
        String long2 = GroupNames.ofBundle(new BundleName("\ud83d\ude00".repeat(63) + "b"));
        assertThat(long1.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(256);
        assertThat(long1).isNotEqualTo(long2);
    }
}
