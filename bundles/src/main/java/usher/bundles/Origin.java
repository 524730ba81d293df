package usher.bundles;

/** A line of a file that is imported, as messages name it: {@code /etc/inetd.conf:12}. */
record Origin(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
