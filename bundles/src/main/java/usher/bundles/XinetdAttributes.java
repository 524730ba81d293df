package usher.bundles;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Everything about an xinetd service but where it listens and what it runs, attribute by attribute. What keeps peers
 * out and has no counterpart leaves the bundle {@code down}: an import opens nothing that was not open before.
 */
final class XinetdAttributes {
    private final ImportedService service;
    private final XinetdSettings settings;
    private final Remarks remarks;

    XinetdAttributes(ImportedService service, XinetdSettings settings, Remarks remarks) {
        this.service = service;
        this.settings = settings;
        this.remarks = remarks;
    }

    void apply() {
        if (service.builtIn == null && settings.get("user") == null) {
            remarks.note(
                    service.origin,
                    "names no user, without which xinetd does not start it: it will run as the launcher's own");
        }
        for (Map.Entry<String, XinetdSettings.Value> setting : settings.values().entrySet()) {
            String name = setting.getKey();
            XinetdSettings.Value value = setting.getValue();
            try {
                if (!isElsewhere(name) && !place(name, value) && !limit(name, value) && !access(name, value)) {
                    rest(name, value);
                }
            } catch (BadValue e) {
                String words = Shown.quoted(String.join(" ", value.words()));
                remarks.lost(value.origin(), name + " = " + words + " is not translated: " + e.why());
            }
        }
    }

    /** What {@link XinetdServices} looks at. */
    private static boolean isElsewhere(String name) {
        return switch (name) {
            case "bind",
                    "disable",
                    "disabled",
                    "enabled",
                    "id",
                    "port",
                    "protocol",
                    "server",
                    "server_args",
                    "socket_type",
                    "type",
                    "v6only",
                    "wait" -> true;
            default -> false;
        };
    }

    /** As whom, where, with which environment. */
    private boolean place(String name, XinetdSettings.Value value) throws BadValue {
        boolean builtIn = service.builtIn != null;
        switch (name) {
            case "user", "group" -> {
                String account = Values.account(value.word());
                if (!builtIn) {
                    service.settings.put(name, account);
                }
            }
            case "groups" -> {
                if (value.word().equalsIgnoreCase("no")) {
                    remarks.note(value.origin(), "groups = no has no counterpart: a server has all groups of its user");
                }
            }
            case "umask" -> {
                Values.mode(value.word());
                service.settings.put("umask", value.word());
            }
            case "nice" -> service.nice = OptionalInt.of(nice(value.word()));
            case "env" -> environment(value);
            case "passenv" -> service.variables = variables(value);
            default -> {
                return name.startsWith("rlimit_") && resource(name.substring("rlimit_".length()), value.word());
            }
        }
        return true;
    }

    private static int nice(String text) throws BadValue {
        boolean negative = text.startsWith("-");
        long number = Digits.parse(negative ? text.substring(1) : text, negative ? 20 : 19);
        if (number < 0) {
            throw new BadValue("a number from -20 to 19 is wanted");
        }
        return (int) (negative ? -number : number);
    }

    private void environment(XinetdSettings.Value value) {
        for (String word : value.words()) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? "" : word.substring(0, equals);
            if (RunScript.isVariable(name)) {
                // A blank, which is stripped when it is read: an empty file would unset the variable.
                String text = word.substring(equals + 1);
                service.settings.put("env/" + name, text.isEmpty() ? " " : text);
            } else {
                remarks.lost(
                        value.origin(), "env " + Shown.quoted(word) + " is not translated: a variable is NAME=VALUE");
            }
        }
    }

    /** Those that are passed, and those that {@code env} sets. */
    private Set<String> variables(XinetdSettings.Value value) throws BadValue {
        Set<String> names = new LinkedHashSet<>(value.words());
        settings.words("env").forEach(word -> names.add(word.substring(0, Math.max(0, word.indexOf('=')))));
        names.remove("");
        for (String name : names) {
            if (!RunScript.isVariable(name)) {
                throw new BadValue(Shown.quoted(name) + " is no name of a variable");
            }
        }
        return names;
    }

    private boolean resource(String name, String text) throws BadValue {
        String limit = switch (name) {
            case "as", "cpu", "data", "rss", "stack" -> name;
            case "files" -> "nofile";
            default -> "";
        };
        if (limit.isEmpty()) {
            return false;
        }
        if (text.equals("UNLIMITED")) {
            service.settings.put("limits/" + limit, "unlimited");
        } else {
            String size = text.replace('k', 'K').replace('m', 'M');
            service.settings.put("limits/" + limit, Long.toString(Values.size(size, 0, Long.MAX_VALUE)));
        }
        return true;
    }

    /** How many, and how fast. */
    private boolean limit(String name, XinetdSettings.Value value) throws BadValue {
        switch (name) {
            case "instances", "per_source" -> {
                String attribute = name.equals("instances") ? "max-connections" : "max-connections-per-source";
                if (value.word().equals("UNLIMITED")) {
                    if (name.equals("instances")) {
                        remarks.note(
                                value.origin(),
                                "instances = UNLIMITED has no counterpart: there are at most 64 at"
                                        + " once, and more peers wait, unless max-connections says another number");
                    }
                } else {
                    String number = Integer.toString(Values.number(value.word(), 1, Integer.MAX_VALUE));
                    forEachConnection(name, value, attribute, number);
                }
            }
            case "cps" -> {
                int connections = Values.number(value.word(), 1, Integer.MAX_VALUE);
                if (forEachConnection(name, value, "rate-limit", connections + "/1s")) {
                    remarks.note(
                            value.origin(),
                            "cps switches the service off for all when it is exceeded; the"
                                    + " rate-limit " + connections
                                    + "/1s that it becomes counts for each source and slows that"
                                    + " source only");
                }
            }
            case "max_load" -> throw new BadValue("usher does not look at the machine's load");
            case "deny_time" -> remarks.note(value.origin(), "deny_time means something with flag SENSOR only");
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Sets an attribute that counts connections, if the launcher is who takes them. */
    private boolean forEachConnection(String name, XinetdSettings.Value value, String attribute, String text) {
        if (!service.wait) {
            service.attributes.put(attribute, text);
        } else if (!value.ofDefaults()) {
            remarks.note(value.origin(), name + " has no effect with wait = yes: the server takes what comes itself");
        }
        return !service.wait;
    }

    /** Who may connect. */
    private boolean access(String name, XinetdSettings.Value value) {
        switch (name) {
            case "only_from", "no_access" -> peers(name, value);
            case "access_times" -> restrict(value, name + " is not translated: usher knows no opening hours");
            case "libwrap" ->
                restrict(value, name + " is not translated: put tcpd before the server, or use allow and deny");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void peers(String name, XinetdSettings.Value value) {
        boolean only = name.equals("only_from");
        if (service.wait) {
            restrict(value, name + " is not translated: with wait = yes the server takes what comes itself");
            return;
        }
        List<String> networks = new ArrayList<>();
        for (String word : value.words()) {
            List<Prefix> prefixes = XinetdAddresses.parse(word);
            String message = name + " " + Shown.quoted(word) + " is not translated: names are not looked up";
            if (prefixes != null) {
                prefixes.forEach(prefix -> networks.add(prefix.toString()));
            } else if (only) {
                remarks.lost(value.origin(), message + ", so those peers are kept out", "write addresses into allow");
            } else {
                restrict(value, message);
            }
        }
        if (!networks.isEmpty()) {
            addLines(only ? "allow" : "deny", String.join("\n", networks));
        } else if (only) {
            // For nobody, as xinetd has it: an empty allow would say so too, but not without a warning of check.
            addLines("deny", "0.0.0.0/0\n::/0");
        }
    }

    private void addLines(String attribute, String lines) {
        service.attributes.merge(attribute, lines, (before, more) -> before + "\n" + more);
    }

    private void restrict(XinetdSettings.Value value, String message) {
        remarks.lost(
                value.origin(),
                message + "; the bundle is imported with the flag down, so that it is not open to more than before");
        service.down();
    }

    private void rest(String name, XinetdSettings.Value value) {
        switch (name) {
            case "flags" -> value.words().forEach(flag -> flag(flag, value));
            case "log_on_success", "log_on_failure" -> logging(name, value);
            case "log_type" ->
                remarks.note(value.origin(), "log_type has no counterpart: each bundle has a log of its own");
            case "mdns" -> remarks.note(value.origin(), "mdns has no counterpart: usher announces nothing");
            case "rpc_version", "rpc_number" -> remarks.note(value.origin(), name + " means something to RPC only");
            case "banner", "banner_success", "banner_fail" ->
                remarks.lost(value.origin(), name + " is not translated: put cat before the exec in service/run");
            default -> remarks.lost(value.origin(), name + " is not translated: xinetd knows no such attribute");
        }
    }

    private void flag(String flag, XinetdSettings.Value value) {
        switch (flag) {
            // Elsewhere, always so, or about forking.
            case "IPv4", "IPv6", "NAMEINARGS", "REUSE", "NORETRY", "NOLIBWRAP" -> {}
            case "NODELAY", "KEEPALIVE" -> {
                if (service.endpoint.protocol().startsWith("tcp")) {
                    service.attributes.put(flag.equals("NODELAY") ? "no-delay" : "keep-alive", "");
                }
            }
            case "IDONLY" -> restrict(value, "flag IDONLY is not translated: usher asks no ident server");
            case "INTERCEPT" -> restrict(value, "flag INTERCEPT is not translated: usher hands over the socket itself");
            case "LABELED" -> restrict(value, "flag LABELED is not translated: usher sets no SELinux context");
            default ->
                remarks.lost(
                        value.origin(), "flag " + Shown.quoted(flag) + " is not translated: xinetd knows none such");
        }
    }

    private void logging(String name, XinetdSettings.Value value) {
        for (String word : value.words()) {
            switch (word) {
                case "HOST", "PID", "DURATION", "EXIT", "ATTEMPT" -> {
                    if (!service.wait) {
                        service.attributes.put("log-connections", "");
                    }
                }
                case "USERID", "TRAFFIC" ->
                    remarks.note(value.origin(), name + " " + word + " has no counterpart: that is not logged");
                default ->
                    remarks.lost(
                            value.origin(),
                            name + " " + Shown.quoted(word) + " is not translated: xinetd knows none such");
            }
        }
    }
}
