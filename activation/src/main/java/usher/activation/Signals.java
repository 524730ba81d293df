package usher.activation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;
import usher.activation.posix.IgnoredSignals;

/**
 * Signals to the launcher, as work for its loop.
 *
 * <p>Java's one door to signals is {@code sun.misc.Signal} of the module jdk.unsupported, which is there to stay until
 * there is another. It is reached by reflection, because the compiler's warning about it cannot be excused where
 * warnings are errors.
 */
public final class Signals {
    private static final Map<String, Integer> HEEDED = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private Signals() {}

    /** Has TERM, INT and HUP call the action in the loop's thread, with the signal's number. */
    public static void deliverTo(EventLoop loop, IntConsumer action) {
        // The guard's shell has what it starts ignore INT, which Java then leaves as it is.
        heed();
        for (String name : HEEDED.keySet()) {
            try {
                deliver(name, number -> loop.submit(() -> action.accept(number)));
            } catch (ReflectiveOperationException other) {
                throw new LinkageError("this Java has no sun.misc.Signal", other);
            }
        }
    }

    /** Whoever started this process may have had it ignore them: it does not, nor does what it becomes by execve(2). */
    public static void heed() {
        HEEDED.values().forEach(IgnoredSignals::heed);
    }

    private static void deliver(String name, IntConsumer action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Method number = signal.getMethod("getNumber");
        Object proxy = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    if (method.getName().equals("handle") && arguments != null) {
                        action.accept((Integer) number.invoke(arguments[0]));
                        return null;
                    }
                    return switch (method.getName()) {
                        case "equals" -> arguments != null && self == arguments[0];
                        case "hashCode" -> System.identityHashCode(self);
                        default -> "signal " + name;
                    };
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }
}
