package usher.bundles;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of a {@code run} that becomes another system's server: a shell script that ends in {@code exec}. Whatever
 * words the server has, they are words to the shell and nothing else.
 *
 * @param argv0 what the server is to find as its own name; dash can give it the program's path only, bash any
 * @param variables all that is left of the environment; null: everything
 */
record RunScript(
        String program,
        String argv0,
        List<String> arguments,
        OptionalInt nice,
        @Nullable Set<String> variables) {

    private static final String BARE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=@%+,-";

    String text(Origin origin) {
        StringBuilder chain = new StringBuilder();
        if (nice.isPresent()) {
            chain.append(" nice -n ").append(nice.getAsInt());
        }
        if (variables != null) {
            chain.append(" env -i");
            variables.forEach(name -> chain.append(" ${" + name + "+\"" + name + "=$" + name + "\"}"));
        }
        boolean bash = !argv0.equals(program) && !argv0.equals(program.substring(program.lastIndexOf('/') + 1));
        StringBuilder out = new StringBuilder(bash && chain.isEmpty() ? "#!/bin/bash\n" : "#!/bin/sh\n");
        out.append("# From ")
                .append(Shown.name(origin.toString()))
                .append("\nexec")
                .append(chain);
        if (bash) {
            out.append(chain.isEmpty() ? " -a " : " bash -c 'exec -a \"$0\" \"$@\"' ")
                    .append(quoted(argv0));
        }
        out.append(' ').append(quoted(program));
        arguments.forEach(argument -> out.append(' ').append(quoted(argument)));
        return out.append('\n').toString();
    }

    /** The word as every shell reads it: bare if it holds nothing that any shell could see more in. */
    static String quoted(String word) {
        boolean bare = !word.isEmpty();
        for (int i = 0; i < word.length() && bare; i++) {
            bare = BARE.indexOf(word.charAt(i)) >= 0;
        }
        return bare ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Whether the shell takes this for a variable's name. */
    static boolean isVariable(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
