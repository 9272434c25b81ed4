package io.heimdex.archive.paging;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import org.springframework.web.util.UriComponentsBuilder;

/** Names the next part of a list in a {@code Link} header (RFC 8288) too. */
@ControllerAdvice
class PageLinks implements ResponseBodyAdvice<Page<?>> {

    @Override
    public boolean supports(
            MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
        return Page.class.isAssignableFrom(method.getParameterType());
    }

    @Override
    public @Nullable Page<?> beforeBodyWrite(
            @Nullable Page<?> page,
            MethodParameter method,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (page != null && page.nextCursor() != null) {
            URI next =
                    UriComponentsBuilder.fromUri(request.getURI())
                            .scheme(null)
                            .host(null)
                            .port(null)
                            .replaceQueryParam("cursor", page.nextCursor())
                            .build(true)
                            .toUri();
            response.getHeaders().set(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return page;
    }
}
