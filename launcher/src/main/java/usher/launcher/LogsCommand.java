package usher.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import usher.activation.posix.Descriptors;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;

/** {@code usher logs}: reads the files themselves, so that it works whether or not a launcher runs. */
final class LogsCommand {
    private static final int STANDARD_OUTPUT = 1;

    private LogsCommand() {}

    static int run(Arguments arguments, Places places, PrintStream out, PrintStream err) {
        String word = arguments.operands().get(0);
        Optional<LogDirectory> log = find(word, arguments, places, err);
        if (log.isEmpty()) {
            return Exit.NO_SUCH_BUNDLE;
        }
        LogPrinter.Form form = arguments.json()
                ? LogPrinter.Form.JSON
                : arguments.has("raw") ? LogPrinter.Form.RAW : LogPrinter.Form.TEXT;
        int last = arguments.lines().orElse(Integer.MAX_VALUE);
        // Of a log that is written to meanwhile, more lines follow than were the last ones.
        long most = arguments.has("follow") || last == Integer.MAX_VALUE ? Long.MAX_VALUE : last;
        LogPrinter printer = new LogPrinter(out, form, ZoneId.systemDefault(), most);
        try (LogReader reader = new LogReader(log.get(), printer, last)) {
            reader.readOn();
            if (arguments.has("follow")) {
                reader.follow(LogsCommand::isAbandoned);
            }
            printer.end();
            return Exit.DONE;
        } catch (IOException e) {
            err.println("usher: " + log.get().path() + ": " + RunDirectory.reason(e));
            return Exit.FAILED;
        } catch (InterruptedException e) {
            return Exit.DONE;
        }
    }

    /** Whether there is nobody at the other end of the pipe or terminal that standard output is: it need not be written to. */
    private static boolean isAbandoned() {
        int state = Descriptors.poll(STANDARD_OUTPUT, 0, 0);
        return state > 0 && (state & (Descriptors.POLLERR | Descriptors.POLLHUP)) != 0;
    }

    /** Where that bundle's log is or will be; none, and a message, if there is no such bundle. */
    private static Optional<LogDirectory> find(String word, Arguments arguments, Places places, PrintStream err) {
        if (!BundleName.isValid(word)) {
            err.println("usher: " + word + ": no such bundle");
            return Optional.empty();
        }
        BundleName name = new BundleName(word);
        LogDirectory diary = new LogDirectory(places.spareLogDirectory().resolve(word));
        if (Diary.isCalled(word) && diary.exists() && !isBundle(name, places)) {
            return Optional.of(diary);
        }
        List<LogDirectory> homes = homes(name, arguments, places);
        // The run directory's serves while the log directory cannot be written, so the one written last is the right
        // one.
        Optional<LogDirectory> written = homes.stream()
                .filter(LogDirectory::exists)
                .reduce((first, next) -> next.writtenAt().compareTo(first.writtenAt()) > 0 ? next : first);
        if (written.isPresent()) {
            return written;
        }
        BundleSet bundles = places.read();
        if (bundles.find(name).isEmpty()) {
            err.println(
                    "usher: " + places.noSuchBundle(word) + ", and no log of that name in " + places.logDirectory());
            return Optional.empty();
        }
        BundleName canonical = bundles.canonical(name);
        if (!canonical.equals(name)) {
            return find(canonical.value(), arguments, places, err);
        }
        bundles.find(name)
                .get()
                .logLink()
                .ifPresent(link -> err.println("usher: " + name + ": has no log here, as " + link.to()
                        + " gets its output (" + link.source() + ")"));
        return Optional.of(homes.get(0));
    }

    /** Whether there is such a bundle, here or for the running launcher, which may look for them elsewhere. */
    private static boolean isBundle(BundleName name, Places places) {
        return Files.isDirectory(places.runDirectory().path().resolve("bundles").resolve(name.value()))
                || places.read().find(name).isPresent();
    }

    /** Where that bundle's log may be, the likeliest first. */
    private static List<LogDirectory> homes(BundleName name, Arguments arguments, Places places) {
        List<Path> homes = new ArrayList<>(List.of(places.logDirectory(), places.spareLogDirectory()));
        if (arguments.logDirectory().isEmpty()
                && places.runDirectory().doubt(places.uid()).isEmpty()) {
            places.publishedLogDirectory().ifPresent(told -> homes.add(0, told));
        }
        return homes.stream()
                .map(home -> new LogDirectory(Diary.logOf(name.value(), home, places.spareLogDirectory())))
                .toList();
    }
}
