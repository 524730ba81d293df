package usher.bundles;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bundles made of another system's configuration. Each is written whole or not at all; one that is there already is
 * left alone; what a file says and no bundle does is an error that names the line.
 */
public final class Importer {
    /** Whose configuration it is. */
    public enum From {
        /** {@code inetd.conf} of the BSDs, Debian and GNU; a directory stands for the files in it. */
        INETD,
        /** {@code xinetd.conf} and the files of {@code xinetd.d}; a directory stands for the files in it. */
        XINETD
    }

    /**
     * What was done.
     *
     * @param made the new bundles' directories, in the order of the lines they come from
     * @param problems errors: what was not translated or not written; warnings: what means a little else now
     */
    public record Result(List<Path> made, List<Problem> problems) {
        public Result {
            made = List.copyOf(made);
            problems = List.copyOf(problems);
        }
    }

    private final Remarks remarks = new Remarks();
    private final BundleNames names = new BundleNames();
    private final List<DraftedBundle> drafts = new ArrayList<>();
    private final Ports ports;

    /** Those that are to be started, by what of their addresses those that exclude each other have in common. */
    private final Map<String, List<ImportedService>> listening = new HashMap<>();

    Importer(Ports ports) {
        this.ports = ports;
    }

    /** Reads the files and writes what they declare below {@code into}, which is made if it is not there. */
    public static Result run(From from, List<Path> files, Path into) {
        Importer importer = new Importer(Ports.system());
        importer.read(from, files);
        List<Path> made = new ArrayList<>();
        BundleWriter writer = new BundleWriter(into, importer.remarks);
        if (writer.prepare()) {
            for (DraftedBundle draft : importer.drafts) {
                Path place = writer.write(draft);
                if (place != null) {
                    made.add(place);
                }
            }
        }
        return new Result(made, importer.remarks.problems());
    }

    List<DraftedBundle> drafts() {
        return drafts;
    }

    List<Problem> problems() {
        return remarks.problems();
    }

    private void read(From from, List<Path> files) {
        if (from == From.XINETD) {
            addXinetd(XinetdBlocks.of(files, remarks));
            return;
        }
        for (Path file : files) {
            List<Path> all = Files.isDirectory(file)
                    ? SourceText.filesIn(file, name -> !name.startsWith(".") && !Settings.isBackup(name), remarks)
                    : List.of(file);
            for (Path each : all) {
                addInetd(SourceText.read(each, remarks));
            }
        }
    }

    /** Drafts what a text declares, without any file. */
    void read(From from, SourceText source) {
        if (from == From.XINETD) {
            addXinetd(XinetdBlocks.of(source, remarks));
        } else {
            addInetd(source);
        }
    }

    private void addInetd(@Nullable SourceText source) {
        if (source != null) {
            InetdServices.of(source, ports, remarks).forEach(service -> draft(service, source.charset()));
        }
    }

    private void addXinetd(List<XinetdBlocks.Block> blocks) {
        for (XinetdServices.Translated translated : XinetdServices.of(blocks, ports, remarks)) {
            draft(translated.service(), translated.source().charset());
        }
    }

    private void draft(ImportedService service, Charset charset) {
        Origin other = service.isDown() ? null : whoListensThere(service);
        if (other != null) {
            remarks.lost(service.origin, "listens where " + other + " does already", "remove one of the two");
            return;
        }
        drafts.add(service.draft(names.give(service.name, service.secondName), charset));
    }

    /** Where the one comes from that has the place; if there is none, this one has it from now on. */
    private @Nullable Origin whoListensThere(ImportedService service) {
        Address address = service.endpoint.address();
        String common = address instanceof Address.Inet inet ? inet.transport() + " " + inet.port() : address.place();
        List<ImportedService> neighbours = listening.computeIfAbsent(common, none -> new ArrayList<>());
        for (ImportedService other : neighbours) {
            if (service.excludes(other)) {
                return other.origin;
            }
        }
        neighbours.add(service);
        return null;
    }
}
