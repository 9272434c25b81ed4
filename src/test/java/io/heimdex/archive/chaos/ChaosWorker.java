package io.heimdex.archive.chaos;

import com.github.kagkarlsson.scheduler.SchedulerName;
import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.probe.MediaProber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.TimeZone;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/** A worker of the product, in a process of its own, with a stand-in prober and a given name. */
final class ChaosWorker {

    private ChaosWorker() {}

    /**
     * Takes its name, the folder of the run, whether there is a fence, how long a probe takes, and
     * the settings.
     */
    public static void main(String[] args) throws IOException {
        String name = args[0];
        Path folder = Path.of(args[1]);
        boolean fence = Boolean.parseBoolean(args[2]);
        Duration work = Duration.parse(args[3]);
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> {
                    var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
                });
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        new SpringApplicationBuilder(HeimdexApplication.class)
                .initializers((GenericApplicationContext context) -> {
                    context.registerBean(
                            "standInProber",
                            MediaProber.class,
                            () ->
                                    new StandInProber(
                                            context.getBean("ffprobeProber", MediaProber.class),
                                            work,
                                            Worker.notes(folder, name)),
                            bean -> bean.setPrimary(true));
                    context.registerBean(
                            "chaosName",
                            SchedulerName.class,
                            () -> new SchedulerName.Fixed(name),
                            bean -> bean.setPrimary(true));
                    if (!fence) {
                        context.registerBean(NoFence.class, () -> new NoFence(context));
                    }
                })
                .run(Arrays.copyOfRange(args, 4, args.length));
        Files.createFile(Worker.readyMark(folder, name));
    }
}
