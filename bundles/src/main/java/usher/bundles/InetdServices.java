package usher.bundles;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Translates the entries of an {@code inetd.conf}, as the inetds of the BSDs, Debian and GNU have them:
 * {@code [host:]service type protocol wait user program arguments...}.
 */
final class InetdServices {
    static final List<String> SOCKET_TYPES = List.of("stream", "dgram", "seqpacket", "raw", "rdm");

    private static final int FIRST_ARGUMENT = 6;

    /** How many hosts one line may name. */
    private static final int MOST_HOSTS = 100;

    private final Ports ports;
    private final Remarks remarks;
    private final List<ImportedService> services = new ArrayList<>();

    /** The hosts for lines that name none, as a line of nothing but {@code host:} sets them. */
    private String hosts = "*";

    private boolean underPolicy;

    private InetdServices(Ports ports, Remarks remarks) {
        this.ports = ports;
        this.remarks = remarks;
    }

    static List<ImportedService> of(SourceText source, Ports ports, Remarks remarks) {
        InetdServices translation = new InetdServices(ports, remarks);
        for (InetdLines.Entry entry : InetdLines.of(source, remarks)) {
            translation.add(entry);
        }
        return translation.services;
    }

    private void add(InetdLines.Entry entry) {
        Origin origin = entry.origin();
        List<String> words = entry.words();
        String first = words.get(0);
        if (entry.policy()) {
            underPolicy = !first.isEmpty();
            if (underPolicy) {
                remarks.lost(
                        origin,
                        "is an IPsec policy, which is not translated; the services after it are imported"
                                + " with the flag down, so that none is open without it");
            }
        } else if (words.size() == 1 && first.endsWith(":")) {
            hosts = first.substring(0, first.length() - 1);
        } else if (words.size() < FIRST_ARGUMENT) {
            remarks.lost(
                    origin,
                    "is not imported: it holds " + words.size() + (words.size() == 1 ? " word" : " words")
                            + ", and a service is service, type, protocol, wait, user, program and arguments");
        } else {
            try {
                service(origin, words);
            } catch (BadValue e) {
                remarks.lost(origin, "service " + Shown.quoted(first) + " is not imported: " + e.why());
            }
        }
    }

    private void service(Origin origin, List<String> words) throws BadValue {
        String type = words.get(1);
        InetdProtocol protocol = InetdProtocol.parse(words.get(2), type);
        InetdWait wait = InetdWait.parse(words.get(3));
        if (type.equals("dgram") && !wait.waits()) {
            throw new BadValue("dgram with nowait would start a server for a datagram that is still there for the"
                    + " next one; if the server reads until there are no more, the word is wait");
        }
        List<ImportedService> made = new ArrayList<>();
        if (protocol.unix()) {
            made.add(unix(origin, words.get(0), type, wait.waits()));
        } else {
            int colon = words.get(0).lastIndexOf(':');
            String service = words.get(0).substring(colon + 1);
            String[] named = (colon < 0 ? hosts : words.get(0).substring(0, colon)).split(",", -1);
            if (named.length > MOST_HOSTS) {
                throw new BadValue("it names " + named.length + " hosts, and more than " + MOST_HOSTS + " are a slip");
            }
            for (String host : named) {
                made.add(internet(origin, protocol, host, service, words, wait.waits()));
            }
        }
        for (ImportedService service : made) {
            service.attributes.putAll(protocol.attributes());
            wait.apply(service, remarks);
            user(words.get(4), service);
            program(words, protocol, service);
            if (underPolicy) {
                service.down();
            }
            services.add(service);
        }
    }

    private ImportedService internet(
            Origin origin, InetdProtocol protocol, String host, String service, List<String> words, boolean wait)
            throws BadValue {
        if (service.startsWith("tcpmux")) {
            throw new BadValue("usher has no TCPMUX (RFC 1078)");
        }
        String port = Endpoint.port(service, protocol.udp(), ports);
        Endpoint endpoint = Endpoint.internet(protocol.name(), protocol.udp(), host, port, protocol.family(), ports);
        String argv0 = words.get(Math.min(FIRST_ARGUMENT, words.size() - 1));
        String name = Digits.isNumber(service) ? lastPart(argv0) + "-" + service : service;
        return new ImportedService(origin, name, endpoint, wait);
    }

    /** A service whose name is a path, on FreeBSD perhaps with {@code :user:group:mode:} before it. */
    private static ImportedService unix(Origin origin, String service, String type, boolean wait) throws BadValue {
        Map<String, String> node = new TreeMap<>();
        String path = service;
        if (service.startsWith(":")) {
            String[] parts = service.split(":", 5);
            if (parts.length < 5) {
                throw new BadValue("before the path stand user, group and mode, as in :root:wheel:660:/run/x");
            }
            node.put("user", Values.account(parts[1]));
            node.put("group", Values.account(parts[2]));
            node.put("mode", "0" + Integer.toOctalString(Values.mode(parts[3])));
            path = parts[4];
        }
        Endpoint endpoint = Endpoint.unix(type, path, node);
        String name = lastPart(path);
        int suffix = name.endsWith(".sock") ? name.length() - ".sock".length() : 0;
        return new ImportedService(origin, suffix > 0 ? name.substring(0, suffix) : name, endpoint, wait);
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** {@code user}, {@code user.group} or {@code user:group}, and perhaps {@code /class}. */
    private void user(String text, ImportedService service) throws BadValue {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            String message =
                    "login class " + Shown.quoted(text.substring(slash + 1)) + " is not translated: Linux has none";
            remarks.lost(service.origin, message);
        }
        String who = slash < 0 ? text : text.substring(0, slash);
        int mark = who.indexOf(':') >= 0 ? who.indexOf(':') : who.indexOf('.');
        try {
            service.settings.put("user", Values.account(mark < 0 ? who : who.substring(0, mark)));
            if (mark >= 0) {
                service.settings.put("group", Values.account(who.substring(mark + 1)));
            }
        } catch (BadValue e) {
            throw new BadValue("the user is " + Shown.quoted(text) + ", and " + e.why());
        }
    }

    private void program(List<String> words, InetdProtocol protocol, ImportedService service) throws BadValue {
        String program = words.get(FIRST_ARGUMENT - 1);
        if (program.equals("internal")) {
            builtIn(words.get(0), protocol, service);
            return;
        }
        if (!program.startsWith("/")) {
            throw new BadValue("the program is " + Shown.quoted(program) + ", but must be a path that starts with /, or"
                    + " internal");
        }
        service.program = program;
        service.argv0 = words.size() > FIRST_ARGUMENT ? words.get(FIRST_ARGUMENT) : lastPart(program);
        for (String argument : words.subList(Math.min(FIRST_ARGUMENT + 1, words.size()), words.size())) {
            if (argument.startsWith("#")) {
                String message = "passes " + Shown.quoted(argument) + " to the program, because inetd does so too:"
                        + " comments have lines of their own";
                remarks.note(service.origin, message);
            }
            service.arguments.add(argument);
        }
    }

    private static void builtIn(String word, InetdProtocol protocol, ImportedService service) throws BadValue {
        Optional<BuiltIns> builtIn = BuiltIns.named(word.substring(word.lastIndexOf(':') + 1));
        if (builtIn.isEmpty() || protocol.unix()) {
            throw new BadValue("it is internal, and of inetd's own services usher has echo, discard, daytime, chargen"
                    + " and time, on TCP and UDP");
        }
        if (protocol.udp() != service.wait) {
            throw new BadValue("on TCP inetd's own services are nowait, on UDP wait");
        }
        service.builtIn = builtIn.get().script(protocol.udp());
        service.settings.put("user", "nobody");
        service.settings.remove("group");
    }
}
