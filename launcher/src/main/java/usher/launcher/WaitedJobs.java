package usher.launcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import usher.bundles.BundleName;
import usher.launcher.ControlProtocol.Request;

/** The jobs that clients wait for: who, what each was told, and what is told at the end, also by a launcher to come. */
final class WaitedJobs {
    private final Chronicle chronicle;
    private final ProgressReport progress;
    private final Map<Long, Job> jobs = new HashMap<>();

    WaitedJobs(Chronicle chronicle, ProgressReport progress) {
        this.chronicle = chronicle;
        this.progress = progress;
    }

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

    /** Those of a launcher before this one, whose clients will come back. */
    void restore(List<JobImage> before, List<JobImage.Told> told) {
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

    /** The client waits for this job from now on. */
    void begin(long number, ControlConnection client, Request request, Set<BundleName> named) {
        Job job = new Job(client, request, named);
        jobs.put(number, job);
        chronicle.job(job.image(number));
        showProgress(number, client, request);
    }

    /** A client whose launcher was killed asks once more for what it had asked for; it has heard so many outcomes. */
    boolean rejoin(ControlConnection client, Request request) {
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

    private void showProgress(long job, ControlConnection client, Request request) {
        if (request.has("--progress")) {
            progress.begin(job, client);
        }
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
        job.told.forEach(told -> outcomes.merge(told.bundle(), told.outcome(), WaitedJobs::last));
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

    /** How a bundle came out that was told of more than once: that its stop went well does not mend its start. */
    private static Outcome last(Outcome before, Outcome now) {
        return !before.isGood() && now.kind() == Outcome.Kind.STOPPED ? before : now;
    }
}
