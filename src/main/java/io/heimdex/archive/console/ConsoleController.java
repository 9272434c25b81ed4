package io.heimdex.archive.console;

import io.heimdex.archive.access.DevTokenGate;
import io.heimdex.archive.access.OpenToAll;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the page has to know before anybody has signed in. */
@RestController
class ConsoleController {

    private final ConsoleSettings settings;
    private final DevTokenGate devTokens;

    ConsoleController(ConsoleSettings settings, DevTokenGate devTokens) {
        this.settings = settings;
        this.devTokens = devTokens;
    }

    /** How the console lets people sign in. */
    @OpenToAll
    @GetMapping("/console/config.json")
    ResponseEntity<Config> config(HttpServletRequest request) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Config(devTokens.isOpenTo(request), login(settings.oidc())));
    }

    private static @Nullable Login login(ConsoleSettings.@Nullable Oidc oidc) {
        return oidc == null ? null : new Login(oidc.issuer(), oidc.clientId(), oidc.scopes());
    }

    /**
     * How one can sign in, besides with a token of one's own.
     *
     * @param devTokens whether this very caller gets a dev token
     */
    record Config(boolean devTokens, @Nullable Login oidc) {}

    record Login(String issuer, String clientId, List<String> scopes) {}
}
