package usher.launcher;

import usher.activation.Listener;
import usher.bundles.Bundle;
import usher.bundles.BundleName;
import usher.bundles.ListeningSocket;

/** An open socket of which each connection gets a process of its own, and what there is of its connections. */
record Door(Bundle bundle, Holding holding, ListeningSocket socket, Listener listener, Intake intake) {
    Door(Bundle bundle, Holding holding, ListeningSocket socket, Listener listener) {
        this(bundle, holding, socket, listener, holding.intake(socket.name()));
    }

    BundleName name() {
        return bundle.name();
    }

    ListeningSocket.Connections rules() {
        return socket.connections();
    }
}
