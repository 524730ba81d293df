package usher.launcher;

import java.util.Set;
import usher.bundles.BundleName;
import usher.launcher.ControlProtocol.Request;

/**
 * A job that a client waits for, as it is written down for the launcher that comes after this one.
 *
 * @param over it is, and its client may not have heard of it
 */
record JobImage(long number, Request request, Set<BundleName> named, boolean over) {
    /** How a bundle came out in a job; they are recorded in the order in which its client hears of them. */
    record Told(long job, BundleName bundle, Outcome outcome) {}
}
