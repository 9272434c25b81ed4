package io.heimdex.archive.bulk.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.bulk.Timetable;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs that nobody has to ask for. */
@RestController
class ScheduleController {

    private final Timetable timetable;

    ScheduleController(Timetable timetable) {
        this.timetable = timetable;
    }

    record ScheduleList(List<Timetable.Entry> items) {}

    /** The schedules of the org and those of all orgs, with when they were run and will be. */
    @GetMapping("/v1/schedules")
    @RequiresScope(Scope.JOBS_READ)
    ScheduleList schedules(Caller caller) {
        return new ScheduleList(timetable.of(caller.org()));
    }
}
