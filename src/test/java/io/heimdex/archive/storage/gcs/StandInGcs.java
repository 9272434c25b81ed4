package io.heimdex.archive.storage.gcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stand-in for Google Cloud Storage on loopback, as there is none here: objects of its JSON API
 * with generations, preconditions, ranges and pages, uploads by V4 signed URL, whose signature it
 * verifies, and a token endpoint. Objects can be told by a function, so that huge ones cost
 * nothing. Faults on demand.
 */
public final class StandInGcs implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    static {
        // Else each answer waits for the other side's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final String ACCOUNT = "archive@stand-in.iam.gserviceaccount.com";

    private final HttpServer server;
    private final KeyPair key;
    private final Map<String, ConcurrentSkipListMap<String, StoredObject>> buckets =
            new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<Fault> faults = new ConcurrentLinkedDeque<>();
    private final List<String> startOffsets = new CopyOnWriteArrayList<>();
    private final AtomicLong generations = new AtomicLong(1_700_000_000_000_000L);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong mediaBytes = new AtomicLong();
    private volatile long delayMillis;
    private volatile int pageSize = 1000;

    /** The bytes of an object. */
    public interface Content {

        long size();

        /** As many bytes as the buffer takes, from the position on. */
        void read(long position, ByteBuffer into);

        static Content of(byte[] bytes) {
            return new Content() {
                @Override
                public long size() {
                    return bytes.length;
                }

                @Override
                public void read(long position, ByteBuffer into) {
                    into.put(bytes, (int) position, into.remaining());
                }
            };
        }
    }

    /** What the next requests to objects of a name meet, in turn. */
    public sealed interface Fault {

        String part();

        /** Nothing: the request passes. */
        record None(String part) implements Fault {}

        /** An answer with this status. */
        record Status(String part, int status) implements Fault {}

        /** The connection is cut after the first byte of the object. */
        record Cut(String part) implements Fault {}

        /** The first byte of the object comes, then nothing for so long. */
        record Drip(String part, long millis) implements Fault {}

        /** The answer comes so late. */
        record Late(String part, long millis) implements Fault {}

        /** Each byte of the object comes so late. */
        record Trickle(String part, long millis) implements Fault {}

        /** The first byte of the object is not what it should be. */
        record Corrupted(String part) implements Fault {}

        /** The object is replaced before the answer. */
        record Replaced(String part) implements Fault {}
    }

    private record StoredObject(
            Content content,
            long generation,
            String crc32c,
            String contentType,
            @Nullable String cacheControl,
            Instant updated,
            boolean encrypted,
            boolean composite) {}

    public StandInGcs() throws IOException {
        this.key = key();
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Properties with which the service uses this one instead of Google's. */
    public Map<String, String> properties() {
        return Map.of(
                "heimdex.storage.backend",
                "gcs",
                "heimdex.storage.gcs.project-id",
                "stand-in",
                "spring.cloud.gcp.storage.host",
                url(),
                "spring.cloud.gcp.credentials.encoded-key",
                Base64.getEncoder()
                        .encodeToString(serviceAccount().getBytes(StandardCharsets.UTF_8)));
    }

    public String serviceAccount() {
        String pem =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        return JSON.writeValueAsString(
                Map.of(
                        "type", "service_account",
                        "project_id", "stand-in",
                        "private_key_id", "1",
                        "private_key", pem,
                        "client_email", ACCOUNT,
                        "client_id", "1",
                        "token_uri", url() + "/token"));
    }

    public void bucket(String name) {
        buckets.putIfAbsent(name, new ConcurrentSkipListMap<>());
    }

    public long put(String bucket, String name, byte[] bytes) {
        return put(bucket, name, Content.of(bytes), crc32c(bytes));
    }

    /** Puts an object whose checksum is said to be this. */
    public long put(String bucket, String name, Content content, String crc32c) {
        return put(bucket, name, content, crc32c, false, false);
    }

    public void putEncrypted(String bucket, String name, byte[] bytes) {
        put(bucket, name, Content.of(bytes), crc32c(bytes), true, false);
    }

    public void putComposite(String bucket, String name, byte[] bytes) {
        put(bucket, name, Content.of(bytes), crc32c(bytes), false, true);
    }

    private long put(
            String bucket,
            String name,
            Content content,
            String crc32c,
            boolean encrypted,
            boolean composite) {
        long generation = generations.incrementAndGet();
        objects(bucket)
                .put(
                        name,
                        new StoredObject(
                                content,
                                generation,
                                crc32c,
                                "application/octet-stream",
                                null,
                                Instant.now(),
                                encrypted,
                                composite));
        return generation;
    }

    public void delete(String bucket, String name) {
        objects(bucket).remove(name);
    }

    public List<String> names(String bucket) {
        return List.copyOf(objects(bucket).keySet());
    }

    public byte[] bytes(String bucket, String name) {
        Content content = stored(bucket, name).content();
        ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
        content.read(0, bytes);
        return bytes.array();
    }

    public @Nullable String contentType(String bucket, String name) {
        return stored(bucket, name).contentType();
    }

    public @Nullable String cacheControl(String bucket, String name) {
        return stored(bucket, name).cacheControl();
    }

    public void fault(Fault fault) {
        faults.add(fault);
    }

    public void clearFaults() {
        faults.clear();
    }

    /** How many faults no request has met yet. */
    public int faultsLeft() {
        return faults.size();
    }

    /** Each request to objects takes at least so long. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    public void pageSize(int objects) {
        pageSize = objects;
    }

    /** Requests to objects so far. */
    public long requests() {
        return requests.get();
    }

    /** Where each page of a list was to begin; empty for the beginning. */
    public List<String> startOffsets() {
        return List.copyOf(startOffsets);
    }

    /** Bytes of objects sent so far. */
    public long mediaBytes() {
        return mediaBytes.get();
    }

    public static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private Map<String, StoredObject> objects(String bucket) {
        ConcurrentSkipListMap<String, StoredObject> objects = buckets.get(bucket);
        if (objects == null) {
            throw new IllegalArgumentException("no bucket " + bucket);
        }
        return objects;
    }

    private StoredObject stored(String bucket, String name) {
        StoredObject stored = objects(bucket).get(name);
        if (stored == null) {
            throw new IllegalArgumentException("no object " + name);
        }
        return stored;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (path.equals("/token")) {
                exchange.getRequestBody().readAllBytes();
                json(
                        exchange,
                        200,
                        Map.of("access_token", "t", "expires_in", 3600, "token_type", "Bearer"));
                return;
            }
            requests.incrementAndGet();
            pause(delayMillis);
            if (path.startsWith("/upload/storage/v1/b/")) {
                insert(exchange, path);
            } else if (path.startsWith("/storage/v1/b/") || path.startsWith("/download/")) {
                api(exchange, path.substring(path.indexOf("/b/") + 3));
            } else if (exchange.getRequestMethod().equals("PUT")) {
                signedPut(exchange, path);
            } else {
                error(exchange, 404, "no such path");
            }
        } catch (CutShort _) {
            // What was wanted.
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        } catch (RuntimeException e) {
            // Else the server would say nothing of it.
            e.printStackTrace();
            throw e;
        }
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.split("/", 3);
        String bucket = decode(parts[0]);
        ConcurrentSkipListMap<String, StoredObject> objects = buckets.get(bucket);
        if (objects == null) {
            error(exchange, 404, "The specified bucket does not exist.");
            return;
        }
        Map<String, String> query = query(exchange.getRequestURI());
        if (parts.length == 2) {
            if (met(exchange, bucket + "/")) {
                return;
            }
            list(exchange, bucket, objects, query);
            return;
        }
        String name = decode(parts[2]);
        Fault fault = taken(name);
        if (fault instanceof Fault.Status(String _, int status)) {
            error(exchange, status, "a fault on demand");
            return;
        }
        StoredObject object = objects.get(name);
        String wanted = query.getOrDefault("generation", query.get("ifGenerationMatch"));
        if (object == null) {
            error(exchange, 404, "No such object: " + bucket + "/" + name);
            return;
        }
        if (wanted != null && Long.parseLong(wanted) != object.generation()) {
            error(exchange, query.containsKey("generation") ? 404 : 412, "another generation");
            return;
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            objects.remove(name);
            exchange.sendResponseHeaders(204, -1);
        } else if ("media".equals(query.get("alt"))) {
            media(exchange, object, fault);
        } else {
            json(exchange, 200, describe(bucket, name, object));
        }
    }

    private void list(
            HttpExchange exchange,
            String bucket,
            ConcurrentSkipListMap<String, StoredObject> objects,
            Map<String, String> query)
            throws IOException {
        startOffsets.add(query.getOrDefault("startOffset", ""));
        String prefix = query.getOrDefault("prefix", "");
        String from = query.getOrDefault("pageToken", query.getOrDefault("startOffset", prefix));
        List<Map<String, Object>> items = new ArrayList<>();
        String next = null;
        for (Map.Entry<String, StoredObject> entry : objects.tailMap(from).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            if (items.size()
                    == Math.min(
                            pageSize, Integer.parseInt(query.getOrDefault("maxResults", "1000")))) {
                next = entry.getKey();
                break;
            }
            items.add(describe(bucket, entry.getKey(), entry.getValue()));
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("kind", "storage#objects");
        page.put("items", items);
        if (next != null) {
            page.put("nextPageToken", next);
        }
        json(exchange, 200, page);
    }

    private void media(HttpExchange exchange, StoredObject object, @Nullable Fault fault)
            throws IOException {
        if (object.encrypted()) {
            error(exchange, 400, "ResourceIsEncryptedWithCustomerEncryptionKey");
            return;
        }
        long size = object.content().size();
        String header = exchange.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(header == null ? "" : header);
        boolean partial = range.matches();
        long first = partial ? Long.parseLong(range.group(1)) : 0;
        long last =
                partial && !range.group(2).isEmpty()
                        ? Math.min(Long.parseLong(range.group(2)), size - 1)
                        : size - 1;
        if (first > last && size > 0) {
            error(exchange, 416, "no such range");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", object.contentType());
        exchange.getResponseHeaders().set("x-goog-generation", Long.toString(object.generation()));
        if (partial) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + first + "-" + last + "/" + size);
        }
        long length = last - first + 1;
        exchange.sendResponseHeaders(partial ? 206 : 200, length == 0 ? -1 : length);
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        if (fault instanceof Fault.Cut || fault instanceof Fault.Drip) {
            buffer.limit(1);
            object.content().read(first, buffer);
            exchange.getResponseBody().write(buffer.array(), 0, 1);
            exchange.getResponseBody().flush();
            pause(fault instanceof Fault.Drip(String _, long millis) ? millis : 0);
            throw new CutShort();
        }
        if (fault instanceof Fault.Trickle(String _, long millis)) {
            for (long at = first; at <= last; at++) {
                pause(millis);
                buffer.clear().limit(1);
                object.content().read(at, buffer);
                exchange.getResponseBody().write(buffer.array(), 0, 1);
                exchange.getResponseBody().flush();
            }
            return;
        }
        for (long at = first; at <= last; at += buffer.capacity()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), last - at + 1));
            object.content().read(at, buffer);
            buffer.flip();
            if (fault instanceof Fault.Corrupted && at == first) {
                buffer.array()[0] ^= 1;
            }
            exchange.getResponseBody().write(buffer.array(), 0, buffer.limit());
            mediaBytes.addAndGet(buffer.limit());
        }
    }

    private void insert(HttpExchange exchange, String path) throws IOException {
        String bucket = decode(path.split("/", -1)[5]);
        if (!buckets.containsKey(bucket)) {
            exchange.getRequestBody().readAllBytes();
            error(exchange, 404, "The specified bucket does not exist.");
            return;
        }
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        InputStream sent = exchange.getRequestBody();
        byte[] body = (zipped ? new GZIPInputStream(sent) : sent).readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String boundary = "--" + type.substring(type.indexOf("boundary=") + 9).replace("\"", "");
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int json = text.indexOf("{");
        int second = text.indexOf(boundary, json);
        JsonNode metadata =
                JSON.readTree(
                        text.substring(json, second).strip().getBytes(StandardCharsets.ISO_8859_1));
        int media = text.indexOf("\r\n\r\n", second) + 4;
        byte[] bytes = Arrays.copyOfRange(body, media, text.lastIndexOf("\r\n" + boundary));
        String name = metadata.path("name").asString();
        if (met(exchange, name)) {
            return;
        }
        StoredObject object =
                new StoredObject(
                        Content.of(bytes),
                        generations.incrementAndGet(),
                        crc32c(bytes),
                        metadata.path("contentType").asString("application/octet-stream"),
                        metadata.path("cacheControl").asString(null),
                        Instant.now(),
                        false,
                        false);
        objects(bucket).put(name, object);
        json(exchange, 200, describe(bucket, name, object));
    }

    /** An upload by the XML API, with the checks that Google makes. */
    private void signedPut(HttpExchange exchange, String path)
            throws IOException, GeneralSecurityException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<String, String> query = query(exchange.getRequestURI());
        String refused = refused(exchange, path, query);
        if (refused != null) {
            error(exchange, 403, refused);
            return;
        }
        Instant signed =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .parse(query.getOrDefault("X-Goog-Date", ""), Instant::from);
        if (signed.plusSeconds(Long.parseLong(query.get("X-Goog-Expires")))
                .isBefore(Instant.now())) {
            error(exchange, 400, "ExpiredToken");
            return;
        }
        String[] parts = path.substring(1).split("/", 2);
        String bucket = decode(parts[0]);
        String name = decode(parts[1]);
        if (met(exchange, name)) {
            return;
        }
        String[] lengths =
                exchange.getRequestHeaders().getFirst("x-goog-content-length-range").split(",", -1);
        if (body.length < Long.parseLong(lengths[0]) || body.length > Long.parseLong(lengths[1])) {
            error(exchange, 400, "EntityTooLarge or EntityTooSmall");
            return;
        }
        if ("0".equals(exchange.getRequestHeaders().getFirst("x-goog-if-generation-match"))
                && objects(bucket).containsKey(name)) {
            error(exchange, 412, "PreconditionFailed");
            return;
        }
        put(bucket, name, body);
        exchange.sendResponseHeaders(200, -1);
    }

    private @Nullable String refused(HttpExchange exchange, String path, Map<String, String> query)
            throws GeneralSecurityException {
        String names = query.getOrDefault("X-Goog-SignedHeaders", "");
        StringBuilder canonical = new StringBuilder("PUT\n" + path + "\n");
        canonical.append(
                new TreeMap<>(raw(exchange.getRequestURI()))
                        .entrySet().stream()
                                .filter(entry -> !entry.getKey().equals("X-Goog-Signature"))
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining("&")));
        canonical.append('\n');
        for (String name : names.split(";", -1)) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value == null) {
                return "the signed header " + name + " is missing";
            }
            canonical.append(name).append(':').append(value.strip()).append('\n');
        }
        canonical.append('\n').append(names).append("\nUNSIGNED-PAYLOAD");
        String date = query.getOrDefault("X-Goog-Date", "");
        String credential = query.getOrDefault("X-Goog-Credential", "");
        String text =
                "GOOG4-RSA-SHA256\n"
                        + date
                        + "\n"
                        + credential.substring(credential.indexOf('/') + 1)
                        + "\n"
                        + HexFormat.of()
                                .formatHex(
                                        MessageDigest.getInstance("SHA-256")
                                                .digest(
                                                        canonical
                                                                .toString()
                                                                .getBytes(StandardCharsets.UTF_8)));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key.getPublic());
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        boolean good =
                signature.verify(
                        HexFormat.of().parseHex(query.getOrDefault("X-Goog-Signature", "")));
        return good ? null : "SignatureDoesNotMatch";
    }

    private @Nullable Fault taken(String name) {
        Fault fault = faults.peek();
        if (fault == null || !name.contains(fault.part()) || !faults.remove(fault)) {
            return null;
        }
        if (fault instanceof Fault.Replaced) {
            buckets.forEach((bucket, objects) -> {
                StoredObject old = objects.get(name);
                if (old != null) {
                    put(bucket, name, old.content(), old.crc32c());
                }
            });
        }
        return fault;
    }

    private boolean met(HttpExchange exchange, String name) throws IOException {
        return switch (taken(name)) {
            case Fault.Status(String _, int status) -> {
                error(exchange, status, "a fault on demand");
                yield true;
            }
            case Fault.Late(String _, long millis) -> {
                pause(millis);
                yield false;
            }
            case null, default -> false;
        };
    }

    /** Thrown to end an answer in its middle. */
    private static final class CutShort extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private Map<String, Object> describe(String bucket, String name, StoredObject object) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("kind", "storage#object");
        described.put("bucket", bucket);
        described.put("name", name);
        described.put("generation", Long.toString(object.generation()));
        described.put("metageneration", "1");
        described.put("contentType", object.contentType());
        described.put("size", Long.toString(object.content().size()));
        described.put("updated", object.updated().toString());
        if (object.encrypted()) {
            described.put(
                    "customerEncryption",
                    Map.of("encryptionAlgorithm", "AES256", "keySha256", "aGFzaA=="));
        } else {
            described.put("crc32c", object.crc32c());
        }
        if (object.composite()) {
            described.put("componentCount", 2);
        }
        if (object.cacheControl() != null) {
            described.put("cacheControl", object.cacheControl());
        }
        return described;
    }

    private static void json(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static void error(HttpExchange exchange, int status, String message)
            throws IOException {
        json(
                exchange,
                status,
                Map.of(
                        "error",
                        Map.of(
                                "code",
                                status,
                                "message",
                                message,
                                "errors",
                                List.of(Map.of("message", message, "reason", "standIn")))));
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        raw(uri).forEach((name, value) -> query.put(decode(name), decode(value)));
        return query;
    }

    private static Map<String, String> raw(URI uri) {
        Map<String, String> query = new LinkedHashMap<>();
        String text = uri.getRawQuery();
        if (text != null) {
            for (String part : text.split("&", -1)) {
                int equals = part.indexOf('=');
                query.put(part.substring(0, Math.max(equals, 0)), part.substring(equals + 1));
            }
        }
        return query;
    }

    /** A plus stands for itself in paths, and the client encodes it in queries. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void pause(long millis) {
        if (millis > 0) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }
}
