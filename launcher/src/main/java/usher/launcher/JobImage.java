package usher.launcher;

import java.util.Map;
import java.util.Set;
import usher.bundles.BundleName;
import usher.launcher.ControlProtocol.Request;

/**
 * A job that a client waits for, as it is written down for the launcher that comes after this one.
 *
 * @param over it is, and its client may not have heard of it
 */
record JobImage(long number, Request request, Set<BundleName> named, Map<BundleName, Outcome> outcomes, boolean over) {}
