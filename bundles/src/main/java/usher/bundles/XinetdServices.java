package usher.bundles;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates the entries of xinetd's configuration, {@code xinetd.conf(5)} of 2.3.15. */
final class XinetdServices {
    private final Ports ports;
    private final Remarks remarks;
    private final XinetdSettings defaults;

    private XinetdServices(Ports ports, Remarks remarks, XinetdSettings defaults) {
        this.ports = ports;
        this.remarks = remarks;
        this.defaults = defaults;
    }

    /** A service, and the file whose character set its words are to have. */
    record Translated(ImportedService service, SourceText source) {}

    static List<Translated> of(List<XinetdBlocks.Block> blocks, Ports ports, Remarks remarks) {
        XinetdBlocks.Block defaults = null;
        for (XinetdBlocks.Block block : blocks) {
            if (block.name().isEmpty() && defaults != null) {
                remarks.lost(block.origin(), "is not read: there are defaults at " + defaults.origin() + " already");
            } else if (block.name().isEmpty()) {
                defaults = block;
            }
        }
        XinetdSettings common = XinetdSettings.defaults(defaults == null ? List.of() : defaults.attributes(), remarks);
        XinetdServices translation = new XinetdServices(ports, remarks, common);
        List<Translated> services = new ArrayList<>();
        for (XinetdBlocks.Block block : blocks) {
            ImportedService service = block.name().isEmpty() ? null : translation.service(block);
            if (service != null) {
                services.add(new Translated(service, block.source()));
            }
        }
        return services;
    }

    private @Nullable ImportedService service(XinetdBlocks.Block block) {
        XinetdSettings settings = defaults.with(block.attributes(), remarks);
        try {
            checkKind(settings);
            ImportedService service = listening(block, settings);
            program(block.name(), settings, service);
            new XinetdAttributes(service, settings, remarks).apply();
            switchOff(block.name(), settings, service);
            return service;
        } catch (BadValue e) {
            remarks.lost(block.origin(), "service " + Shown.quoted(block.name()) + " is not imported: " + e.why());
            return null;
        }
    }

    private static void checkKind(XinetdSettings settings) throws BadValue {
        for (String type : settings.words("type")) {
            switch (type) {
                case "INTERNAL", "UNLISTED" -> {}
                case "RPC" ->
                    throw new BadValue("it is an RPC service, and usher does not register with the portmapper");
                case "TCPMUX", "TCPMUXPLUS" -> throw new BadValue("usher has no TCPMUX (RFC 1078)");
                default -> throw new BadValue("type " + Shown.quoted(type) + " has no counterpart");
            }
        }
        if (settings.get("redirect") != null) {
            throw new BadValue("redirect has no counterpart: run a forwarder, such as socat or systemd-socket-proxyd");
        }
        if (settings.words("flags").contains("SENSOR")) {
            throw new BadValue("flag SENSOR has no counterpart: it would serve those whom it is to catch");
        }
    }

    private ImportedService listening(XinetdBlocks.Block block, XinetdSettings settings) throws BadValue {
        String protocol = settings.word("protocol");
        String type = settings.word("socket_type");
        boolean udp = type.isEmpty() ? protocol.equals("udp") : type.equals("dgram");
        String named = protocol.isEmpty() ? udp ? "udp" : "tcp" : protocol;
        if (!type.isEmpty() && !type.equals("stream") && !type.equals("dgram") || !named.equals(udp ? "udp" : "tcp")) {
            throw new BadValue("socket_type and protocol are " + Shown.quoted((type + " " + protocol).strip())
                    + ", but usher has stream with tcp and dgram with udp");
        }
        boolean internal = settings.words("type").contains("INTERNAL");
        String wait = settings.word("wait").toLowerCase(Locale.ROOT);
        if (!wait.equals("yes") && !wait.equals("no")) {
            throw new BadValue("wait is " + Shown.quoted(wait) + ", but must be yes or no");
        }
        if (udp && wait.equals("no") && !internal) {
            throw new BadValue("dgram with wait = no would start a server for a datagram that is still there for the"
                    + " next one; if the server reads until there are no more, it is wait = yes");
        }
        if (settings.word("port").isEmpty() && settings.words("type").contains("UNLISTED")) {
            throw new BadValue("it is UNLISTED, so a port must be given");
        }
        String port = settings.word("port");
        Endpoint endpoint = Endpoint.internet(
                named,
                udp,
                settings.word("bind"),
                port.isEmpty() ? Endpoint.port(block.name(), udp, ports) : port,
                family(settings),
                ports);
        String id = settings.word("id");
        return new ImportedService(
                block.origin(), id.isEmpty() ? block.name() : id, endpoint, internal ? udp : wait.equals("yes"));
    }

    /** IPv4 unless flags or the address to bind say otherwise; an IPv6 socket takes IPv4 too unless v6only. */
    private static Endpoint.Family family(XinetdSettings settings) {
        if (settings.words("flags").contains("IPv6")) {
            boolean any = settings.word("bind").isEmpty();
            boolean only = settings.word("v6only").equalsIgnoreCase("yes");
            return any && !only ? Endpoint.Family.BOTH : Endpoint.Family.SIX;
        }
        return settings.words("flags").contains("IPv4") ? Endpoint.Family.FOUR : Endpoint.Family.AS_GIVEN;
    }

    private static void program(String name, XinetdSettings settings, ImportedService service) throws BadValue {
        if (settings.words("type").contains("INTERNAL")) {
            Optional<BuiltIns> builtIn = BuiltIns.named(name);
            if (builtIn.isEmpty()) {
                throw new BadValue("it is INTERNAL, and of xinetd's own services usher has echo, discard, daytime,"
                        + " chargen and time");
            }
            service.builtIn = builtIn.get().script(service.wait);
            service.settings.put("user", "nobody");
            return;
        }
        String server = settings.word("server");
        if (!server.startsWith("/")) {
            throw new BadValue("server is " + Shown.quoted(server) + ", but must be a path that starts with /");
        }
        service.program = server;
        service.argv0 = server;
        List<String> words = settings.words("server_args");
        if (settings.words("flags").contains("NAMEINARGS")) {
            if (words.isEmpty()) {
                throw new BadValue("flag NAMEINARGS takes the server's name from server_args, which is empty");
            }
            service.argv0 = words.get(0);
            words = words.subList(1, words.size());
        }
        service.arguments.addAll(words);
    }

    private static void switchOff(String name, XinetdSettings settings, ImportedService service) {
        List<String> enabled = settings.words("enabled");
        List<String> disabled = settings.words("disabled");
        boolean listed = enabled.contains(service.name) || enabled.contains(name);
        boolean off = disabled.contains(service.name) || disabled.contains(name);
        if (off
                || settings.get("enabled") != null && !listed
                || settings.word("disable").equalsIgnoreCase("yes")) {
            service.down();
        }
    }
}
