package usher.launcher;

import java.util.Map;
import usher.bundles.BundleName;

/** The outcomes of a job, for people as they come and as JSON when it is over. */
final class JobText {
    private JobText() {}

    /** {@code web: listening}; of a bad one, what goes behind {@code usher: } on standard error. */
    static String line(BundleName bundle, Outcome outcome, Paint paint) {
        Paint.Colour colour = outcome.isGood() ? Paint.Colour.GREEN : Paint.Colour.RED;
        String detail = outcome.detail().isEmpty() ? "" : ": " + outcome.detail();
        return bundle + ": " + paint.paint(colour, outcome.kind().toString()) + detail;
    }

    /** In the order in which the bundles came to their ends. */
    static String json(Map<BundleName, Outcome> outcomes) {
        Json json = new Json().object().key("outcomes").array();
        outcomes.forEach((bundle, outcome) -> json.object()
                .member("bundle", bundle.value())
                .member("outcome", outcome.kind().toString())
                .member("detail", outcome.detail())
                .endObject());
        return json.endArray().endObject().text();
    }
}
