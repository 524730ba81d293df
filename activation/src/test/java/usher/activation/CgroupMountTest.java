package usher.activation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CgroupMountTest {
    private static final String BESIDE = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw
            """;

    @Test
    void isFoundBesideVersionOne() {
        assertThat(CgroupMount.candidates(BESIDE, "8:pids:/a\n0::/b/c\n"))
                .containsExactly("/sys/fs/cgroup/unified/b/c");
        assertThat(CgroupMount.candidates(BESIDE, "8:pids:/a\n0::/\n")).containsExactly("/sys/fs/cgroup/unified");
    }

    @Test
    void isFoundWhereAPartOfTheHierarchyIsMounted() {
        String mounts = "41 31 0:38 /user/me /mnt/my\\040groups ro - cgroup2 none rw\n";

        assertThat(CgroupMount.candidates(mounts, "0::/user/me/shell\n")).containsExactly("/mnt/my groups/shell");
        assertThat(CgroupMount.candidates(mounts, "0::/user/me\n")).containsExactly("/mnt/my groups");
        assertThat(CgroupMount.candidates(mounts, "0::/user/meadow\n")).isEmpty();
        assertThat(CgroupMount.candidates(mounts, "0::/\n")).isEmpty();
    }

    @Test
    void prefersTheMountThatCoversAnother() {
        String mounts = BESIDE + "50 31 0:38 / /other rw - cgroup2 cgroup2 rw\n";

        assertThat(CgroupMount.candidates(mounts, "0::/b\n")).containsExactly("/other/b", "/sys/fs/cgroup/unified/b");
    }

    @Test
    void isNowhereWithoutVersionTwoAndOutsideOfTheNamespace() {
        assertThat(CgroupMount.candidates(BESIDE, "8:pids:/a\n")).isEmpty();
        assertThat(CgroupMount.candidates(BESIDE, "0::/../x\n")).isEmpty();
        assertThat(CgroupMount.candidates("31 23 0:28 / / rw - ext4 /dev/vda rw\n", "0::/\n"))
                .isEmpty();
    }
}
