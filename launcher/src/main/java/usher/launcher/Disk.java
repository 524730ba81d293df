package usher.launcher;

import java.util.Optional;
import usher.activation.posix.Descriptors;
import usher.activation.posix.LogCalls;
import usher.activation.posix.LogCalls.Facts;
import usher.activation.posix.Nodes;

/**
 * What log writing does to files, each method one system call and its result: zero or more, or the error number negated.
 * A seam, so that tests can fill the disk and end the process before and after every single call.
 */
interface Disk {
    Disk SYSTEM = new Kernel();

    int open(String path, int flags, int mode);

    int close(int fd);

    int splice(int pipe, int file, long at, int most);

    /** From a pipe into memory. */
    int take(int pipe, byte[] into, int most);

    int read(int fd, byte[] into, int offset, int length, long at);

    int write(int fd, byte[] from, int offset, int length, long at);

    int truncate(int fd, long length);

    int sync(int fd);

    int chmod(int fd, int mode);

    int rename(String from, String to);

    int unlink(String path);

    Optional<Facts> facts(int fd);

    /** The kernel's. */
    final class Kernel implements Disk {
        @Override
        public int open(String path, int flags, int mode) {
            return Descriptors.open(path, flags, mode);
        }

        @Override
        public int close(int fd) {
            return Descriptors.close(fd);
        }

        @Override
        public int splice(int pipe, int file, long at, int most) {
            return LogCalls.splice(pipe, file, at, most);
        }

        @Override
        public int take(int pipe, byte[] into, int most) {
            return Descriptors.read(pipe, into, 0, most);
        }

        @Override
        public int read(int fd, byte[] into, int offset, int length, long at) {
            return LogCalls.read(fd, into, offset, length, at);
        }

        @Override
        public int write(int fd, byte[] from, int offset, int length, long at) {
            return LogCalls.write(fd, from, offset, length, at);
        }

        @Override
        public int truncate(int fd, long length) {
            return Descriptors.truncate(fd, length);
        }

        @Override
        public int sync(int fd) {
            return LogCalls.sync(fd);
        }

        @Override
        public int chmod(int fd, int mode) {
            return LogCalls.chmod(fd, mode);
        }

        @Override
        public int rename(String from, String to) {
            return Nodes.rename(from, to);
        }

        @Override
        public int unlink(String path) {
            return Nodes.unlink(path);
        }

        @Override
        public Optional<Facts> facts(int fd) {
            return LogCalls.facts(fd);
        }
    }
}
