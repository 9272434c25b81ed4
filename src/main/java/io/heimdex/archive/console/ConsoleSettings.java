package io.heimdex.archive.console;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the console cannot know by itself.
 *
 * @param oidc whom it sends people to for signing in; without it they paste a token
 */
@Validated
@ConfigurationProperties("heimdex.console")
record ConsoleSettings(@Valid @Nullable Oidc oidc) {

    /** They end up in a header, so no character may stand in them that means something there. */
    private static final String ORIGIN = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?";

    private static final String URL = ORIGIN + "(/[A-Za-z0-9/._~-]*)?";

    /**
     * An issuer that speaks OpenID Connect.
     *
     * @param issuer the issuer's URL, below which its discovery document is found
     * @param clientId the console's name there, a public client with the redirect URI
     *     https://.../console/
     * @param scopes what the console asks for
     * @param connectOrigins origins besides the issuer's own that hold its token endpoint
     */
    record Oidc(
            @NotNull @Pattern(regexp = URL) String issuer,
            @NotBlank String clientId,
            @DefaultValue("openid") @NotEmpty List<@NotBlank String> scopes,
            @DefaultValue List<@Pattern(regexp = ORIGIN) String> connectOrigins) {

        /** Where the page has to be let connect to. */
        List<String> origins() {
            URI url = URI.create(issuer);
            return Stream.concat(
                            Stream.of(url.getScheme() + "://" + url.getAuthority()),
                            connectOrigins.stream())
                    .toList();
        }
    }
}
