package io.heimdex.archive.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedSecretTests {

    private static final String SECRET = "a secret of exactly 32 bytes: ok";
    private static final String LONG_SECRET = SECRET + SECRET;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"HS256, HmacSHA256", "HS384, HmacSHA384", "HS512, HmacSHA512"})
    void theConfiguredSecretIsTheKey(String algorithm, String keyAlgorithm) {
        SecretKey key = SharedSecret.key(settings(algorithm, LONG_SECRET, false), "production");

        assertThat(key.getEncoded()).isEqualTo(LONG_SECRET.getBytes(StandardCharsets.UTF_8));
        assertThat(key.getAlgorithm()).isEqualTo(keyAlgorithm);
    }

    @Test
    void aConfiguredSecretIsUsedEvenWhereOneCouldBeMade() {
        SecretKey key = SharedSecret.key(settings("HS256", SECRET, true), "local");

        assertThat(key.getEncoded()).isEqualTo(SECRET.getBytes(StandardCharsets.UTF_8));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void theGeneratedSecretIsMadeOnceAndKept() throws IOException {
        SecretKey first = SharedSecret.key(settings("HS256", null, true), "local");
        SecretKey second = SharedSecret.key(settings("HS256", null, true), "local");

        assertThat(second).isEqualTo(first);
        assertThat(Base64.getDecoder().decode(first.getEncoded())).hasSize(64);
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            assertThat(files).containsExactly(folder.resolve("data/jwt-secret"));
        }
    }

    @Test
    void onlyItsOwnerReadsTheGeneratedSecret() throws IOException {
        SharedSecret.key(settings("HS256", null, true), "local");

        assertThat(Files.getPosixFilePermissions(folder.resolve("data/jwt-secret")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void eachInstallationGeneratesItsOwnSecret(@TempDir Path elsewhere) {
        SecretKey here = SharedSecret.key(settings("HS256", null, true), "local");
        folder = elsewhere;

        assertThat(SharedSecret.key(settings("HS256", null, true), "local")).isNotEqualTo(here);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void withoutDevTokensASecretMustBeConfigured(@Nullable String secret) {
        assertThatIllegalStateException()
                .isThrownBy(() -> SharedSecret.key(settings("HS256", secret, false), "production"))
                .withMessageContaining("HEIMDEX_JWT_SECRET is not set")
                .withMessageContaining("'production'");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "change-me",
                "changeme",
                "secret",
                "dev-secret",
                "insecure-dev-secret",
                "your-secret-key",
                "a secret of merely thirty-one b",
                "change-me-change-me-change-me-change-me",
                "CHANGE_THIS_IN_PRODUCTION_PLEASE_NOW"
            })
    void defaultAndShortSecretsAreRefusedEverywhere(String secret) {
        assertThatIllegalStateException()
                .isThrownBy(() -> SharedSecret.key(settings("HS256", secret, false), "production"))
                .withMessageContaining(
                        "a placeholder, or has fewer than the 32 bytes of its algorithm")
                .withMessageNotContaining("'" + secret + "'");
        assertThatIllegalStateException()
                .isThrownBy(() -> SharedSecret.key(settings("HS256", secret, true), "local"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS384", "HS512"})
    void aLongerHashNeedsALongerSecret(String algorithm) {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> SharedSecret.key(settings(algorithm, SECRET, false), "production"));
    }

    @Test
    void aKeptSecretThatWasCutIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/jwt-secret"), "cut");

        assertThatIllegalStateException()
                .isThrownBy(() -> SharedSecret.key(settings("HS256", null, true), "local"));
    }

    private AccessSettings settings(String algorithm, @Nullable String secret, boolean devTokens) {
        return new AccessSettings(
                algorithm,
                secret,
                null,
                null,
                null,
                Duration.ofSeconds(30),
                devTokens,
                folder.resolve("data"));
    }
}
