package io.heimdex.archive.access;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;

/** Turns away who may not ask for a dev token, before anything of the request's body is read. */
@Component
public final class DevTokenGate implements HandlerInterceptor {

    static final String PATH = "/v1/admin/dev-token";

    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean enabled;

    DevTokenGate(AccessSettings settings) {
        this.enabled = settings.devTokens();
    }

    /** Whether who sends this request may have a dev token. */
    public boolean isOpenTo(HttpServletRequest request) {
        return enabled && fromThisMachine(request);
    }

    static HeimdexException disabled() {
        return new HeimdexException(
                ErrorCode.DEV_TOKEN_DISABLED,
                "Dev tokens are for the local profile and callers on the same machine; ask the"
                        + " issuer for a token.");
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!isOpenTo(request)) {
            throw disabled();
        }
        return true;
    }

    /**
     * A proxy on this machine, or a page that had its own name resolve to it, is not a caller on
     * this machine.
     */
    private static boolean fromThisMachine(HttpServletRequest request) {
        try {
            return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
                    && LOCAL_NAMES.contains(request.getServerName())
                    && request.getHeader("Forwarded") == null
                    && request.getHeader("X-Forwarded-For") == null;
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
