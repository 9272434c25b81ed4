package io.heimdex.archive.storage;

import java.net.URI;
import java.util.Map;

/**
 * A request with which a client puts a file into the storage itself.
 *
 * @param headers what it has to send, to the letter
 */
public record DirectUpload(URI url, String method, Map<String, String> headers) {}
