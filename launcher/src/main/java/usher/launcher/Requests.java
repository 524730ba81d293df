package usher.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import usher.activation.posix.Processes;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.BundleSet;
import usher.bundles.Problem;
import usher.bundles.Signals;
import usher.depgraph.Relations;
import usher.launcher.ControlProtocol.Request;

/** Answers the clients of the control socket: facts at once, jobs as {@link WaitedJobs} hear of them. */
final class Requests {
    private final Places places;
    private final Engine engine;
    private final Survey survey;
    private final Shell shell;
    private final Consumer<Event> tell;
    private final Chronicle chronicle;
    private final Handing handing;
    private final WaitedJobs waited;
    private long lastJob;

    Requests(
            Places places,
            Engine engine,
            Survey survey,
            Shell shell,
            Chronicle chronicle,
            Handing handing,
            WaitedJobs waited,
            Consumer<Event> tell) {
        this.chronicle = chronicle;
        this.waited = waited;
        this.handing = handing;
        this.places = places;
        this.engine = engine;
        this.survey = survey;
        this.shell = shell;
        this.tell = tell;
    }

    /** Goes on where the numbers of a launcher before this one ended. */
    void restore(long last) {
        lastJob = last;
    }

    long nextJob() {
        chronicle.lastJob(++lastJob);
        return lastJob;
    }

    void answer(ControlConnection client, Request request) {
        shell.settleConnections(); // so that what is said is all there is, and an upgrade loses sight of nobody
        switch (request.verb()) {
            case "status" -> status(client, request);
            case "sockets" -> sockets(client, request);
            case "start" -> job(client, request, request.has("--now") ? Event.Verb.START_NOW : Event.Verb.START);
            case "stop" -> job(client, request, Event.Verb.STOP);
            case "restart" -> job(client, request, Event.Verb.RESTART);
            case "signal" -> signal(client, request);
            case "replace" -> job(client, request, Event.Verb.REPLACE);
            case "refresh" -> job(client, request, Event.Verb.REFRESH);
            case "shutdown" -> job(client, request, Event.Verb.SHUTDOWN);
            case "upgrade" -> upgrade(client, request);
            default -> {
                client.err("usher: " + request.verb() + ": this launcher does not know the verb");
                client.exit(Exit.USAGE);
            }
        }
    }

    private void status(ControlConnection client, Request request) {
        BundleSet tree = places.read();
        Optional<List<Bundle>> named = named(client, request, tree);
        if (named.isEmpty()) {
            return;
        }
        List<BundleStatus> facts = survey.bundles(request.operands().isEmpty() ? all(tree) : named.get(), tree);
        client.out(
                request.wantsJson()
                        ? StatusJson.bundles(facts)
                        : StatusText.bundles(facts, Instant.now(), request.paint()));
        if (request.operands().isEmpty() && !request.wantsJson()) {
            client.out("\nheld by " + shell.containment().detail() + "\n");
        }
        client.exit(request.operands().isEmpty() ? Exit.DONE : BundleStatus.exitStatus(facts));
    }

    private void sockets(ControlConnection client, Request request) {
        Optional<List<Bundle>> named = named(client, request, places.read());
        if (named.isPresent()) {
            Set<BundleName> names = new TreeSet<>();
            named.get().forEach(bundle -> names.add(bundle.name()));
            List<SocketStatus> facts = survey.sockets(names);
            client.out(request.wantsJson() ? StatusJson.sockets(facts) : StatusText.sockets(facts, request.paint()));
            client.exit(Exit.DONE);
        }
    }

    /** The operand is the command of the build to upgrade to; who asks again hears what has become of it. */
    private void upgrade(ControlConnection client, Request request) {
        Path to = Path.of(request.operands().isEmpty() ? "" : request.operands().get(0));
        if (!request.has("--again")) {
            client.err("usher: upgrade: " + handing.upgrade(to));
            client.exit(Exit.FAILED);
        } else if (to.toString().equals(System.getProperty("usher.self"))) {
            client.out(
                    request.wantsJson()
                            ? StatusJson.upgrade(to, Processes.pid())
                            : "upgraded to " + to + ", process " + Processes.pid());
            client.exit(Exit.DONE);
        } else {
            client.err("usher: upgrade: " + to + " did not start, and " + System.getProperty("usher.self")
                    + " goes on; " + places.spareLogDirectory().resolve("guard") + " says more");
            client.exit(Exit.FAILED);
        }
    }

    /** The first operand is the signal. */
    private void signal(ControlConnection client, Request request) {
        List<String> operands = request.operands();
        OptionalInt signal = operands.isEmpty() ? OptionalInt.empty() : Signals.number(operands.get(0));
        if (signal.isEmpty()) {
            client.err("usher: signal: no signal is named");
            client.exit(Exit.USAGE);
            return;
        }
        Request bundles = new Request(request.verb(), request.options(), operands.subList(1, operands.size()));
        Optional<List<Bundle>> named = named(client, bundles, places.read());
        if (named.isPresent()) {
            boolean all = true;
            for (Bundle bundle : named.get()) {
                Life life = engine.life(bundle.name());
                boolean sent = life != null && shell.signal(life, signal.getAsInt());
                if (!sent) {
                    client.err("usher: " + bundle.name() + ": has no main process");
                }
                all &= sent;
            }
            client.exit(all ? Exit.DONE : Exit.FAILED);
        }
    }

    /** Every bundle that lives, by its own definition, and every other one along the path. */
    private Collection<Bundle> all(BundleSet tree) {
        Map<BundleName, Bundle> all = new java.util.TreeMap<>();
        tree.bundles().forEach(bundle -> all.put(bundle.name(), bundle));
        engine.lives().forEach(life -> {
            if (!life.isGone()) {
                all.putIfAbsent(life.bundle().name(), life.bundle());
            }
        });
        return all.values();
    }

    /** The bundles of the request's words, or nothing, and the client has been told. */
    private Optional<List<Bundle>> named(ControlConnection client, Request request, BundleSet tree) {
        List<Bundle> bundles = new ArrayList<>();
        boolean unknown = false;
        for (String word : request.operands()) {
            Bundle bundle = BundleName.isValid(word) ? find(tree, new BundleName(word)) : null;
            if (bundle == null) {
                client.err("usher: " + places.noSuchBundle(word));
                unknown = true;
            } else {
                bundles.add(bundle);
            }
        }
        if (unknown) {
            client.exit(Exit.NO_SUCH_BUNDLE);
            return Optional.empty();
        }
        return Optional.of(bundles);
    }

    /** A bundle that was removed while it runs can still be named. */
    private @Nullable Bundle find(BundleSet tree, BundleName name) {
        Life life = engine.life(tree.canonical(name));
        return tree.find(name).orElse(life == null || life.isGone() ? null : life.bundle());
    }

    private void job(ControlConnection client, Request request, Event.Verb verb) {
        if (waited.rejoin(client, request)) {
            return;
        }
        BundleSet tree = places.read();
        Optional<List<Bundle>> bundles = named(client, request, tree);
        if (bundles.isEmpty()) {
            return;
        }
        Set<BundleName> names = new TreeSet<>();
        bundles.get().forEach(bundle -> names.add(bundle.name()));
        if (verb == Event.Verb.REFRESH && names.isEmpty()) {
            names.addAll(alive());
            tree.problems().stream().filter(Problem::isError).forEach(problem -> client.note("usher: " + problem));
        }
        long job = nextJob();
        if (!request.has("--no-wait")) {
            waited.begin(job, client, request, names);
        }
        tell.accept(new Event.Requested(job, verb, names, Relations.of(tree)));
        if (request.has("--no-wait")) {
            client.exit(Exit.DONE);
        }
    }

    /** What SIGHUP asks for; returns what is wrong with the tree as it is now. */
    List<String> refreshAll() {
        BundleSet tree = places.read();
        tell.accept(new Event.Requested(nextJob(), Event.Verb.REFRESH, alive(), Relations.of(tree)));
        return tree.problems().stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
    }

    /** A job for one bundle that nobody waits for. */
    void ask(Event.Verb verb, BundleName bundle) {
        Relations relations = Relations.of(places.read());
        tell.accept(new Event.Requested(nextJob(), verb, List.of(bundle), relations));
    }

    private Set<BundleName> alive() {
        Set<BundleName> alive = new TreeSet<>();
        for (Life life : engine.lives()) {
            if (!life.isGone()) {
                alive.add(life.bundle().name());
            }
        }
        return alive;
    }
}
