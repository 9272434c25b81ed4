package io.heimdex.archive.bulk;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Takes the schedules of the settings. */
@Configuration(proxyBeanMethods = false)
@Import(Schedules.class)
class ScheduleConfiguration {}
