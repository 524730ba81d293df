package usher.launcher;

/** Names of values in the record: what they begin with, or whole. Another build reads them, so they stay as they are. */
final class Entries {
    static final String LIFE = "life/";
    static final String JOB = "job/";
    static final String OUTCOME = "outcome/";
    static final String PROCESS = "process/";
    static final String BEGUN = "begun/";
    static final String CONNECTION = "connection/";
    static final String COUNTS = "counts/";
    static final String GROUP = "group/";
    static final String HOLDER = "holder/";
    static final String EVENT = "event/";
    static final String EFFECTS = "effects";
    static final String DONE = "done";
    static final String SETTINGS = "settings";
    static final String OPERATION = "operation/";

    private Entries() {}
}
