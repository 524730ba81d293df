package usher.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

/** Answers the clients of the control socket: facts at once, jobs as their bundles come to their ends. */
final class Requests {
    private final Places places;
    private final Engine engine;
    private final Survey survey;
    private final Shell shell;
    private final Consumer<Event> tell;
    private final Chronicle chronicle;
    private final Handing handing;
    private final ProgressReport progress;
    private final Map<Long, Job> jobs = new HashMap<>();
    private long lastJob;

    /** A job, and the client that waits for it, if it does. */
    private static final class Job {
        @Nullable
        ControlConnection client;

        final Request request;
        final Set<BundleName> named;
        final List<JobImage.Told> told = new ArrayList<>();
        boolean over;

        Job(@Nullable ControlConnection client, Request request, Set<BundleName> named) {
            this.client = client;
            this.request = request;
            this.named = named;
        }

        JobImage image(long number) {
            return new JobImage(number, request, named, over);
        }

        void tell(BundleName bundle, Outcome outcome) {
            ControlConnection to = client;
            if (to == null || request.wantsJson()) {
                return;
            }
            String line = JobText.line(bundle, outcome, request.paint());
            if (outcome.isGood()) {
                to.out(line);
            } else {
                to.err("usher: " + line);
            }
        }
    }

    Requests(
            Places places,
            Engine engine,
            Survey survey,
            Shell shell,
            Chronicle chronicle,
            Handing handing,
            ProgressReport progress,
            Consumer<Event> tell) {
        this.chronicle = chronicle;
        this.progress = progress;
        this.handing = handing;
        this.places = places;
        this.engine = engine;
        this.survey = survey;
        this.shell = shell;
        this.tell = tell;
    }

    long nextJob() {
        chronicle.lastJob(++lastJob);
        return lastJob;
    }

    /** Jobs of a launcher before this one, whose clients will come back. */
    void restore(long last, List<JobImage> before, List<JobImage.Told> told) {
        lastJob = last;
        for (JobImage image : before) {
            Job job = new Job(null, image.request(), image.named());
            job.over = image.over();
            jobs.put(image.number(), job);
        }
        for (JobImage.Told one : told) {
            Job job = jobs.get(one.job());
            if (job != null) {
                job.told.add(one);
            }
        }
    }

    /** A client whose launcher was killed asks once more for what it had asked for; it has heard so many outcomes. */
    private boolean rejoin(ControlConnection client, Request request) {
        Optional<String> token = request.value("--token=");
        for (Map.Entry<Long, Job> entry : jobs.entrySet()) {
            Job job = entry.getValue();
            if (token.isPresent() && job.request.value("--token=").equals(token)) {
                job.client = client;
                int heard = Integer.parseInt(request.value("--heard=").orElse("0"));
                for (JobImage.Told told : job.told.subList(Math.min(heard, job.told.size()), job.told.size())) {
                    job.tell(told.bundle(), told.outcome());
                }
                if (job.over) {
                    ended(entry.getKey());
                } else {
                    showProgress(entry.getKey(), client, request);
                }
                return true;
            }
        }
        return false;
    }

    void answer(ControlConnection client, Request request) {
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
        List<BundleStatus> facts = survey.bundles(request.operands().isEmpty() ? all(tree) : named.get());
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
            client.out("upgraded to " + to + ", process " + Processes.pid());
            client.exit(Exit.DONE);
        } else {
            client.err("usher: upgrade: " + to + " did not start, and " + System.getProperty("usher.self")
                    + " goes on; RUN-DIR/log/guard says more");
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
                client.err("usher: " + OrderCommand.noSuchBundle(word, places));
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
        if (rejoin(client, request)) {
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
            tree.problems().stream().filter(Problem::isError).forEach(problem -> client.err("usher: " + problem));
        }
        long job = nextJob();
        if (!request.has("--no-wait")) {
            Job waited = new Job(client, request, names);
            jobs.put(job, waited);
            chronicle.job(waited.image(job));
            showProgress(job, client, request);
        }
        tell.accept(new Event.Requested(job, verb, names, Relations.of(tree)));
        if (request.has("--no-wait")) {
            client.exit(Exit.DONE);
        }
    }

    private void showProgress(long job, ControlConnection client, Request request) {
        if (request.has("--progress")) {
            progress.begin(job, client);
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

    /** A bundle has come to its end in a job. */
    void report(Effect.Report report) {
        Job job = jobs.get(report.job());
        if (job == null) {
            return;
        }
        JobImage.Told told = new JobImage.Told(report.job(), report.bundle(), report.outcome());
        chronicle.told(job.told.size(), told);
        job.told.add(told);
        job.tell(report.bundle(), report.outcome());
    }

    /** The job is over: its client learns whether what it named came out well. */
    void ended(long number) {
        Job job = jobs.get(number);
        if (job == null) {
            return;
        }
        job.over = true;
        ControlConnection client = job.client;
        if (client == null) {
            chronicle.job(job.image(number));
            return; // it will come back and ask
        }
        jobs.remove(number);
        boolean good = true;
        Map<BundleName, Outcome> outcomes = new LinkedHashMap<>();
        job.told.forEach(told -> outcomes.put(told.bundle(), told.outcome()));
        for (Map.Entry<BundleName, Outcome> outcome : outcomes.entrySet()) {
            boolean counts = job.named.isEmpty() || job.named.contains(outcome.getKey());
            good &= outcome.getValue().isGood() || !counts;
        }
        if (job.request.wantsJson()) {
            client.out(JobText.json(outcomes));
        }
        client.exit(good ? Exit.DONE : Exit.FAILED);
        chronicle.jobIsOver(number, job.told.size());
    }
}
