package usher.launcher;

import java.util.List;
import usher.bundles.BundleName;
import usher.bundles.Problem;
import usher.depgraph.Cycle;
import usher.depgraph.Edge;
import usher.depgraph.Plan;
import usher.depgraph.Step;

/** A plan as JSON. Keys may be added, never renamed. */
final class OrderJson {
    private final Json json = new Json();

    private OrderJson() {}

    static String of(Plan plan, List<Problem> problems) {
        return new OrderJson().write(plan, problems);
    }

    private String write(Plan plan, List<Problem> problems) {
        json.object().member("action", plan.action().name().toLowerCase(java.util.Locale.ROOT));
        json.key("bundles").array();
        for (BundleName name : plan.requested()) {
            json.value(name.value());
        }
        json.endArray();
        steps(plan.steps());
        json.key("lazy").array();
        for (Plan.Lazy lazy : plan.lazy()) {
            json.object().member("bundle", lazy.bundle().value()).key("on").array();
            lazy.on().forEach(json::value);
            json.endArray();
            steps(lazy.steps());
            json.endObject();
        }
        json.endArray();
        cycles(plan.cycles());
        json.key("problems");
        problems(json, problems);
        cannotStart(plan);
        return json.endObject().text();
    }

    private void steps(List<Step> steps) {
        json.key("steps").array();
        for (Step step : steps) {
            json.object()
                    .member("seq", step.seq())
                    .member("wave", step.wave())
                    .member("step", step.kind().toString())
                    .member("bundle", step.bundle().value());
            if (step.socket().isPresent()) {
                json.member("socket", step.socket().get().name())
                        .member("address", step.socket().get().address().toString());
            }
            json.key("after").array();
            for (Edge edge : step.after()) {
                json.object()
                        .member("bundle", edge.other(step.bundle()).value())
                        .member("reason", edge.reason().toString())
                        .member("source", edge.source())
                        .endObject();
            }
            json.endArray().endObject();
        }
        json.endArray();
    }

    private void cycles(List<Cycle> cycles) {
        json.key("cycles").array();
        for (Cycle cycle : cycles) {
            json.array();
            cycle.edges().forEach(edge -> edge(json, edge));
            json.endArray();
        }
        json.endArray();
    }

    static void edge(Json json, Edge edge) {
        json.object()
                .member("from", edge.from().value())
                .member("to", edge.to().value())
                .member("reason", edge.reason().toString())
                .member("source", edge.source())
                .endObject();
    }

    static void problems(Json json, List<Problem> problems) {
        json.array();
        for (Problem problem : problems) {
            json.object().member("severity", problem.isError() ? "error" : "warning");
            json.member("bundle", problem.bundle().map(BundleName::value).orElse(null))
                    .member("source", problem.source())
                    .member("message", problem.message())
                    .member("remedy", problem.remedy())
                    .endObject();
        }
        json.endArray();
    }

    private void cannotStart(Plan plan) {
        json.key("cannotStart").array();
        cannotStart(State.REFUSED, plan.refused());
        cannotStart(State.FAILED, plan.failed());
        cannotStart(State.SKIPPED, plan.skipped());
        json.endArray();
    }

    private void cannotStart(State state, java.util.Map<BundleName, String> reasons) {
        reasons.forEach((bundle, reason) -> json.object()
                .member("bundle", bundle.value())
                .member("state", state.toString())
                .member("why", reason)
                .endObject());
    }
}
