package usher.launcher;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import usher.bundles.Importer;
import usher.bundles.Problem;

/** {@code usher import}: bundles made of what inetd or xinetd is configured with. */
final class ImportCommand {
    private ImportCommand() {}

    /** The exit status: 0; 1 if anything was not translated or not written, whatever else was; 2 if a name is no path. */
    static int run(Arguments arguments, PrintStream out, PrintStream err) {
        List<String> operands = arguments.operands();
        List<Path> files = new ArrayList<>();
        try {
            operands.subList(1, operands.size()).forEach(name -> files.add(Path.of(name)));
        } catch (InvalidPathException e) {
            err.println("usher: " + e.getInput() + ": is no path");
            return Exit.USAGE;
        }
        Importer.From from = Importer.From.valueOf(operands.get(0).toUpperCase(Locale.ROOT));
        Importer.Result result = Importer.run(from, files, arguments.into().orElseThrow());
        if (arguments.json()) {
            out.print(json(result));
        } else {
            result.made().forEach(bundle -> out.println("made " + bundle));
            Complaints.all(result.problems(), err);
        }
        return result.problems().stream().anyMatch(Problem::isError) ? Exit.FAILED : Exit.DONE;
    }

    private static String json(Importer.Result result) {
        Json json = new Json().object().key("made").array();
        result.made().forEach(bundle -> json.value(bundle.toString()));
        json.endArray().key("problems");
        OrderJson.problems(json, result.problems());
        return json.endObject().text();
    }
}
