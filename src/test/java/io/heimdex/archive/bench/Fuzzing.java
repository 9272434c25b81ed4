package io.heimdex.archive.bench;

import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.fuzz.Fuzz;
import java.util.TimeZone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Sends requests of every kind to a service of its own. */
final class Fuzzing {

    private Fuzzing() {}

    /** Takes the data folder, how many requests, and the seed. */
    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        int count = Integer.parseInt(args[1]);
        long seed = Long.parseLong(args[2]);
        boolean good;
        try (ConfigurableApplicationContext node =
                SpringApplication.run(
                        HeimdexApplication.class,
                        "--heimdex.data-dir=" + args[0],
                        "--heimdex.local.first-run=false",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--logging.level.root=ERROR")) {
            long start = System.nanoTime();
            Fuzz.Report report =
                    Fuzz.run(new TestApi((ServletWebServerApplicationContext) node), count, seed);
            good = report.good();
            report.told().forEach(System.out::println);
            report.unreached().forEach(route -> System.out.println("never answered: " + route));
            System.out.printf(
                    "seed=%d seconds=%d answers by status: %s%n",
                    seed, (System.nanoTime() - start) / 1_000_000_000, report.statuses());
            System.out.printf(
                    "fuzz: requests=%d errors_5xx=%d contract_violations=%d%n",
                    report.requests(), report.serverErrors(), report.violations());
        }
        System.exit(good ? 0 : 1);
    }
}
