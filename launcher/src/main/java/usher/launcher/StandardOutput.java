package usher.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output that remembers why it could not be written: a PrintStream only knows that, and goes on. */
final class StandardOutput extends OutputStream {
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private String failure = "";

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = failure.isEmpty() ? RunDirectory.reason(e) : failure;
            throw e;
        }
    }

    /** Whether somebody has got less than all; not if the reader of a pipe has had enough, as {@code head} has. */
    boolean isIncomplete() {
        return !failure.isEmpty() && !failure.contains("Broken pipe");
    }

    String why() {
        return failure;
    }
}
