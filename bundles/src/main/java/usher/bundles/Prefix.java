package usher.bundles;

import java.nio.ByteBuffer;

/** A network: an address of 4 or 16 bytes and how many leading bits of it count. */
public record Prefix(ByteBuffer address, int bits) {}
