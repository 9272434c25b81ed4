package io.heimdex.archive.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.util.FileSystemUtils;

/** Chromium without a window, as somebody uses it: by what is to be read, clicked and typed. */
final class Browser implements AutoCloseable {

    private static final Path SHOTS = Path.of("target/screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String AXE = axe();

    private final ChromeDriver driver;
    private final Path profile;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
    }

    /** The program, where Debian or the PATH has it. */
    static Optional<Path> find(String... names) {
        return Arrays.stream(names)
                .flatMap(name ->
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one; it fetches nothing and calls nobody but who it is told to. */
    static Browser start(Path chromium, Path chromedriver) throws IOException {
        Path profile = Files.createTempDirectory("console-browser");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--lang=en",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.toFile())
                        .usingAnyFreePort()
                        .withSilent(true)
                        .build();
        return new Browser(new ChromeDriver(service, options), profile);
    }

    /** A tab without a past, as a desktop shows it in daylight. */
    void newTab() {
        String old = driver.getWindowHandle();
        String tab = driver.switchTo().newWindow(WindowType.TAB).getWindowHandle();
        driver.switchTo().window(old).close();
        driver.switchTo().window(tab);
        size(1280, 800);
        dark(false);
        errors();
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of(
                                        "name",
                                        "prefers-color-scheme",
                                        "value",
                                        dark ? "dark" : "light"))));
    }

    void open(String url) {
        driver.get(url);
    }

    /** Opens the console with a token that was put in by somebody before. */
    void openSignedIn(String console, String token) {
        driver.get(console);
        run("sessionStorage.setItem('heimdex.token', arguments[0])", token);
        driver.navigate().refresh();
        await("nav");
    }

    String address() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    /** Goes to another screen of the console, as a link would. */
    void go(String hash) {
        run("location.hash = arguments[0]", hash);
    }

    /** Waits until something is there to be seen. */
    WebElement await(String css) {
        return Awaitility.await(css)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(30))
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> driver.findElement(By.cssSelector(css)), WebElement::isDisplayed);
    }

    /** Waits until the page, or that part of it, says so. */
    void see(String sentence) {
        see("body", sentence);
    }

    void see(String css, String sentence) {
        Awaitility.await(sentence)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(30))
                .untilAsserted(() -> assertThat(text(css)).contains(sentence));
    }

    /** What can be read there now. */
    String text(String css) {
        Object text =
                run(
                        "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')",
                        css);
        return String.valueOf(text).replaceAll("\\s+", " ");
    }

    /** Clicks the button or link with this name, once it can be clicked. */
    void click(String name) {
        String xpath =
                "//*[self::a or self::button or self::summary][normalize-space()='%s' and not(@disabled)]"
                        .formatted(name);
        Awaitility.await("click " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(30))
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .until(() -> {
                    driver.findElements(By.xpath(xpath)).getLast().click();
                    return true;
                });
    }

    void type(String css, String text) {
        WebElement field = await(css);
        field.clear();
        field.sendKeys(text);
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void tab() {
        press(Keys.TAB);
    }

    /** The name of what has the focus. */
    String focused() {
        return String.valueOf(
                run(
                        """
                        const e = document.activeElement;
                        return (e.labels?.[0]?.innerText ?? e.getAttribute('aria-label') ?? e.innerText ?? e.tagName)
                            .trim().replace(/\\s+/g, ' ')
                        """));
    }

    @Nullable Object run(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** Keeps what is to be seen, down to the end of the page. */
    void shoot(String name) {
        Object png =
                driver.executeCdpCommand(
                                "Page.captureScreenshot",
                                Map.of(
                                        "captureBeyondViewport",
                                        // What dims the page behind a question is as large as the
                                        // window.
                                        run("return document.querySelector('dialog')") == null,
                                        "optimizeForSpeed",
                                        true))
                        .get("data");
        try {
            Files.createDirectories(SHOTS);
            Files.write(
                    SHOTS.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(png)));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** What the browser complained of since it was asked last. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What axe finds of this screen that is serious or critical. */
    List<?> barriers() {
        if (!Boolean.TRUE.equals(run("return typeof axe === 'object'"))) {
            run(AXE);
        }
        Object found =
                driver.executeAsyncScript(
                        """
                        const done = arguments[arguments.length - 1];
                        axe.run(document, {resultTypes: ['violations']}).then(
                            ({violations}) => done(violations
                                .filter(({impact}) => impact === 'serious' || impact === 'critical')
                                .map(({id, help, nodes}) =>
                                    `${id}: ${help}: ${nodes.map(({html}) => html).slice(0, 3).join(' ')}`)),
                            (failure) => done([String(failure)]))
                        """);
        return (List<?>) Objects.requireNonNull(found);
    }

    /** A screen is fit for everybody, and the browser has nothing to say against it. */
    void assertFit(String name) {
        shoot(name);
        assertThat(barriers()).as("barriers on %s", name).isEmpty();
        assertThat(errors()).as("errors of the browser on %s", name).isEmpty();
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        FileSystemUtils.deleteRecursively(profile);
    }
}
