package usher.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bundle being written, one small file after the other; contents get their last newline here. */
record Bundle(Path directory) {

    /** A daemon: {@code script} is the text of {@code service/run}, its first line included. */
    Bundle run(String script) {
        return executable("service/run", script);
    }

    /** A daemon that lives, takes nothing from its sockets and ends at the first TERM. */
    Bundle runsIdle() {
        return run("#!/bin/sh\nexec sleep 600");
    }

    Bundle executable(String file, String script) {
        file(file, script);
        Tree.mode(directory.resolve(file), "rwxr-xr-x");
        return this;
    }

    /** A socket in the short form. */
    Bundle socket(String name, String address) {
        return file("sockets/" + name, address);
    }

    Bundle flag(String file) {
        return file(file, "");
    }

    Bundle file(String file, String content) {
        Path path = directory.resolve(file);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, content.isEmpty() ? "" : content + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A link such as {@code requires/db}, made as people make it: to the neighbour's directory. */
    Bundle link(String relation, String other) {
        return link(relation, Path.of("../..", other));
    }

    /** A link to a bundle that lies elsewhere. */
    Bundle link(String relation, Path other) {
        try {
            Path links = Files.createDirectories(directory.resolve(relation));
            Files.createSymbolicLink(links.resolve(other.getFileName()), other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
