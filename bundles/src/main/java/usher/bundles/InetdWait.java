package usher.bundles;

/**
 * The fourth word of inetd's lines. After 'wait' or 'nowait' may follow, behind {@code .} or {@code :}, how
 * many starts a minute there may be (OpenBSD, NetBSD, GNU), or, behind {@code /}, FreeBSD's limits: children,
 * connections a minute from one address, children for one address. 0 is none.
 */
record InetdWait(boolean waits, long startsPerMinute, long children, long perMinuteAndSource, long childrenPerSource) {

    static InetdWait parse(String text) throws BadValue {
        int end = 0;
        while (end < text.length() && "./:".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String word = text.substring(0, end);
        if (!word.equals("wait") && !word.equals("nowait")) {
            throw new BadValue("wait or nowait is wanted, perhaps with limits as in nowait.60 or nowait/40/20/5");
        }
        long[] numbers = new long[4];
        if (end < text.length()) {
            boolean children = text.charAt(end) == '/';
            String[] parts = text.substring(end + 1).split("/", -1);
            if (parts.length > (children ? 3 : 1)) {
                throw new BadValue("there are too many limits");
            }
            for (int i = 0; i < parts.length; i++) {
                long number = Digits.parse(parts[i], Integer.MAX_VALUE);
                if (number < 0) {
                    throw new BadValue("a limit is a number, as in nowait.60 or nowait/40/20/5");
                }
                numbers[children ? i + 1 : 0] = number;
            }
        }
        return new InetdWait(word.equals("wait"), numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /** Puts the limits into the service's attributes, or says that they are not held. */
    void apply(ImportedService service, Remarks remarks) {
        if (waits) {
            if (startsPerMinute + perMinuteAndSource + childrenPerSource > 0 || children > 1) {
                remarks.lost(
                        service.origin,
                        "the limits after wait are not translated: they count connections, and with wait the server"
                                + " takes those itself");
            }
            return;
        }
        put(service, "max-connections", children, "");
        put(service, "max-connections-per-source", childrenPerSource, "");
        // One rate is all there is: the one that counts by source is what usher's means.
        put(service, "rate-limit", perMinuteAndSource > 0 ? perMinuteAndSource : startsPerMinute, "/1m");
        if (startsPerMinute > 0) {
            remarks.note(
                    service.origin,
                    "nowait." + startsPerMinute + " switches the service off for all when it is exceeded; the"
                            + " rate-limit " + startsPerMinute + "/1m that it becomes counts for each source and slows"
                            + " that source only");
        }
    }

    private static void put(ImportedService service, String name, long number, String unit) {
        if (number > 0) {
            service.attributes.put(name, number + unit);
        }
    }
}
