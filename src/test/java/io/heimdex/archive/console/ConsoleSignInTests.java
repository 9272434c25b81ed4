package io.heimdex.archive.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi;
import io.heimdex.archive.tenancy.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;

/** How one gets into the console, and out of it. */
@BrowserTest
@Timeout(120)
class ConsoleSignInTests {

    private static final String KEPT = "return sessionStorage.getItem('heimdex.token')";

    @Autowired TestApi api;
    @Autowired TestLogin login;

    @Test
    void aTokenIsPastedKeptForTheTabAndForgottenOnSigningOut(Browser browser) {
        String token = api.as(TestApi.newOrg(), Scope.JOBS_READ, Scope.MEDIA_READ).token();
        browser.open(api.base() + "/console/#/archive");
        browser.type("textarea", "not a token");
        browser.click("Sign in");
        browser.see("This is no token");

        browser.type("textarea", "Bearer " + token);
        browser.click("Sign in");

        browser.see("The archive is empty.");
        assertThat(browser.run(KEPT)).isEqualTo(token);
        assertThat(browser.run("return localStorage.length + document.cookie.length"))
                .isEqualTo(0L);
        assertThat(browser.text("nav")).isEqualTo("Jobs Archive Workers");
        browser.click("Sign out");
        browser.see("You are signed out.");
        assertThat(browser.run(KEPT)).isNull();
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void whoseTokenExpiresSignsInAgainAndIsWhereHeWas(Browser browser) {
        String console = api.base() + "/console/#/audit";
        String expired = token(Instant.now().minusSeconds(1));
        browser.open(console);
        browser.see("With a token");
        browser.run("sessionStorage.setItem('heimdex.token', arguments[0])", expired);
        browser.open("about:blank");
        browser.open(console);
        browser.see("Your sign-in has expired.");
        browser.assertFit("sign-in-expired");

        browser.type("textarea", api.as(TestApi.newOrg(), Scope.ADMIN).token());
        browser.click("Sign in");

        browser.see("h1", "Audit");
    }

    @Test
    void whatTheServiceDoesNotAcceptLeadsBackToSigningIn(Browser browser) {
        browser.open(api.base() + "/console/");
        browser.type("textarea", token(Instant.now().plusSeconds(600)));
        browser.click("Sign in");

        browser.see("Your sign-in is no longer accepted.");
        assertThat(browser.run(KEPT)).isNull();
    }

    @Test
    void whereAnIssuerIsConfiguredOneSignsInThere(Browser browser) {
        String token = api.as(TestApi.newOrg(), Scope.ADMIN).token();
        login.gives(token);
        browser.open(api.base() + "/console/#/archive");
        browser.see("With your account");

        browser.click("Continue");

        browser.see("The archive is empty.");
        assertThat(browser.run(KEPT)).isEqualTo(token);
        assertThat(browser.address()).isEqualTo(api.base() + "/console/#/archive");
        assertThat(login.question())
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("response_type", "code")
                .containsEntry("scope", "openid heimdex")
                .containsEntry("redirect_uri", api.base() + "/console/");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void anAnswerToAQuestionThatWasNeverAskedSignsNobodyIn(Browser browser) {
        login.gives(api.as(TestApi.newOrg()).token());

        browser.open(api.base() + "/console/?code=" + TestLogin.CODE + "&state=somebody-elses");

        browser.see("The sign-in was not begun in this tab.");
        assertThat(browser.run(KEPT)).isNull();
        assertThat(browser.address()).isEqualTo(api.base() + "/console/");
    }

    /** What has a token's form, and nobody signed. */
    private static String token(Instant expiry) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64.encodeToString(
                        "{\"org_id\":\"x\",\"scopes\":[\"admin\"],\"exp\":%d}"
                                .formatted(expiry.getEpochSecond())
                                .getBytes(StandardCharsets.UTF_8))
                + ".AAAA";
    }
}
