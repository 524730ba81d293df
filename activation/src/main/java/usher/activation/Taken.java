package usher.activation;

/** Whether a daemon has taken anything off its socket's queue since the queue was last looked at. */
public enum Taken {
    YES,
    NO,
    /** The queue was not looked at before, or cannot be told apart from what it was. */
    UNKNOWN
}
