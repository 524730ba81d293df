package usher.bundles;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one xinetd service after its {@code defaults} have been brought in: those that are lists can be
 * added to and taken from ({@code +=}, {@code -=}), the others are what the service says, or else the defaults.
 */
final class XinetdSettings {
    private static final Set<String> LISTS = Set.of(
            "disabled", "enabled", "env", "log_on_failure", "log_on_success", "no_access", "only_from", "passenv");

    /** What takes several words besides those. */
    private static final Set<String> OF_SEVERAL =
            Set.of("access_times", "cps", "flags", "log_type", "redirect", "server_args", "type");

    /** What may stand in {@code defaults}. */
    private static final Set<String> OF_DEFAULTS = Set.of(
            "access_times",
            "banner",
            "banner_fail",
            "banner_success",
            "bind",
            "cps",
            "disabled",
            "enabled",
            "groups",
            "instances",
            "interface",
            "log_on_failure",
            "log_on_success",
            "log_type",
            "max_load",
            "mdns",
            "no_access",
            "only_from",
            "passenv",
            "per_source",
            "umask",
            "v6only");

    /** What an attribute is in the end, and where it was said last. */
    record Value(Origin origin, List<String> words, boolean ofDefaults) {
        /** The one word; empty if there is none. */
        String word() {
            return words.isEmpty() ? "" : words.get(0);
        }
    }

    private final Map<String, Value> values = new LinkedHashMap<>();

    /** The settings that every service starts from. */
    static XinetdSettings defaults(List<XinetdBlocks.Attribute> attributes, Remarks remarks) {
        XinetdSettings settings = new XinetdSettings();
        for (XinetdBlocks.Attribute attribute : attributes) {
            if (OF_DEFAULTS.contains(attribute.name())) {
                settings.apply(attribute, true, remarks);
            } else {
                remarks.lost(attribute.origin(), attribute.name() + " is not translated: it has no place in defaults");
            }
        }
        return settings;
    }

    XinetdSettings with(List<XinetdBlocks.Attribute> attributes, Remarks remarks) {
        XinetdSettings settings = new XinetdSettings();
        settings.values.putAll(values);
        attributes.forEach(attribute -> settings.apply(attribute, false, remarks));
        return settings;
    }

    Map<String, Value> values() {
        return values;
    }

    @Nullable
    Value get(String name) {
        return values.get(name);
    }

    /** The words of an attribute; none if it is not there. */
    List<String> words(String name) {
        Value value = values.get(name);
        return value == null ? List.of() : value.words();
    }

    /** The one word of an attribute; empty if it is not there. */
    String word(String name) {
        Value value = values.get(name);
        return value == null ? "" : value.word();
    }

    private void apply(XinetdBlocks.Attribute attribute, boolean ofDefaults, Remarks remarks) {
        String name = attribute.name().equals("interface") ? "bind" : attribute.name();
        Value before = values.get(name);
        boolean list = LISTS.contains(name);
        if (!list && !attribute.operator().equals("=")) {
            remarks.lost(attribute.origin(), name + " is not translated: it takes no " + attribute.operator());
            return;
        }
        if (!list && before != null && before.ofDefaults() == ofDefaults) {
            remarks.lost(attribute.origin(), name + " is not translated: it is set at " + before.origin() + " already");
            return;
        }
        if (!list && !OF_SEVERAL.contains(name) && attribute.values().size() > 1) {
            List<String> rest = attribute.values().subList(1, attribute.values().size());
            remarks.lost(
                    attribute.origin(),
                    name + " takes one word, so " + Shown.quoted(String.join(" ", rest)) + " is not translated");
        }
        // What is this service's own is changed in place, so that many lines that add take no time for each other.
        List<String> inherited = before == null ? List.of() : before.words();
        boolean own = before != null && before.ofDefaults() == ofDefaults;
        List<String> words = own ? inherited : new ArrayList<>(inherited);
        switch (attribute.operator()) {
            case "+=" -> words.addAll(attribute.values());
            case "-=" -> words.removeAll(Set.copyOf(attribute.values()));
            default -> {
                words.clear();
                words.addAll(attribute.values());
            }
        }
        values.put(name, new Value(attribute.origin(), words, ofDefaults));
    }
}
