package io.heimdex.archive.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrors;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;

/**
 * Takes tokens from the Authorization header. The server reads headers of 96 KB, so that a token
 * which is far too large is answered like any other bad one, but nobody looks into it.
 */
final class ShortTokens implements BearerTokenResolver {

    private static final int LONGEST = 8 << 10;

    private final BearerTokenResolver header = new DefaultBearerTokenResolver();

    @Override
    public @Nullable String resolve(HttpServletRequest request) {
        String token = header.resolve(request);
        if (token != null && token.length() > LONGEST) {
            throw new OAuth2AuthenticationException(
                    BearerTokenErrors.invalidToken("The token is too long"));
        }
        return token;
    }
}
