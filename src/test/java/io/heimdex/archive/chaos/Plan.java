package io.heimdex.archive.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * What is done to the archive.
 *
 * @param noFence whether workers go without what keeps a woken one from committing
 */
record Plan(Map<String, Integer> numbers, boolean noFence) {

    /** A fault. */
    enum Fault {
        KILL,
        TERM,
        STOP,
        DB_RESTART,
        BACKEND_KILL;

        /** Its name as options and figures have it. */
        String plural() {
            return name().toLowerCase(Locale.ROOT) + "s";
        }

        private String option() {
            return "--" + plural().replace('_', '-');
        }
    }

    /** The whole run, with the heartbeat of production. */
    static final Plan FULL =
            new Plan(
                    Map.ofEntries(
                            Map.entry("--kills", 100),
                            Map.entry("--terms", 20),
                            Map.entry("--stops", 20),
                            Map.entry("--db-restarts", 10),
                            Map.entry("--backend-kills", 50),
                            Map.entry("--assets", 10_000),
                            Map.entry("--poison", 0),
                            Map.entry("--seed", 1),
                            Map.entry("--workers", 3),
                            Map.entry("--chunk", 4),
                            Map.entry("--probe-ms", 60),
                            Map.entry("--heartbeat-s", 5),
                            Map.entry("--missed-heartbeats", 6)),
                    false);

    /**
     * This plan as the options change it.
     *
     * @throws IllegalArgumentException if there is no such option, or no number after one
     */
    Plan with(String... options) {
        Map<String, Integer> changed = new HashMap<>(numbers);
        boolean fenceless = noFence;
        List<String> left = new ArrayList<>(List.of(options));
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            if (option.equals("--no-fence")) {
                fenceless = true;
            } else if (!numbers.containsKey(option)) {
                throw new IllegalArgumentException("there is no option " + option);
            } else if (left.isEmpty() || !left.getFirst().matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException(option + " takes a number");
            } else {
                changed.put(option, Integer.valueOf(left.removeFirst()));
            }
        }
        return new Plan(Map.copyOf(changed), fenceless);
    }

    private int number(String option) {
        return Objects.requireNonNull(numbers.get(option));
    }

    int wanted(Fault fault) {
        return number(fault.option());
    }

    int assets() {
        return number("--assets");
    }

    /** How many assets end the worker that probes them. */
    int poison() {
        return number("--poison");
    }

    long seed() {
        return number("--seed");
    }

    /** How many worker JVMs there are at once. */
    int workers() {
        return number("--workers");
    }

    /** How many assets are probed and committed together. */
    int chunk() {
        return number("--chunk");
    }

    /** How long the stand-in takes for an asset. */
    Duration probe() {
        return Duration.ofMillis(number("--probe-ms"));
    }

    /** How often a worker says that it is alive. */
    Duration heartbeat() {
        return Duration.ofSeconds(number("--heartbeat-s"));
    }

    /** After how many of them a worker counts as dead. */
    int missedHeartbeats() {
        return number("--missed-heartbeats");
    }

    /** The faults in the order in which the seed brings them. */
    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            faults.addAll(Collections.nCopies(wanted(fault), fault));
        }
        Collections.shuffle(faults, new Random(seed()));
        return faults;
    }
}
