/* definitions.c - see definitions.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/supervise/definitions.h"

#include <stdio.h>
#include <stdlib.h>

void definitions_texts(struct job_spec *s)
{
    s->command = s->directory = s->stop_command = s->out = s->err = "";
    s->health_command = s->health_http = "";
    s->hook_pre_start = s->hook_post_start = s->hook_exit = s->hook_failed = "";
    s->ready.text = s->schedule.text = s->restart_schedule.text = "";
    s->limits.hook_limit = "";
    s->health_interval = 10000;
    s->health_timeout = 5000;
    s->health_failures = 3;
    s->ready_timeout = 90000;
    s->restart_parallel = 1;
}

void definitions_defaults(struct job_spec *s)
{
    definitions_texts(s);
    s->restart = RESTART_ALWAYS;
    s->restart_delay = 1000;
    s->restart_delay_max = 8000;
    s->restart_factor = 2000;
    s->min_uptime = 10000;
    s->stop = (struct ladder){1, {{RUNG_CTRL_C, 10000}}};
}

static void add_job(struct definitions *d, char name, uint32_t n)
{
    size_t job = d->config.jobs++;
    assert_true(job < DEFINITIONS_MAX && n <= INSTANCES_OF_ONE);
    d->name[job][0] = name;
    d->definition[job] = (struct definition){.name = d->name[job],
                                             .first = (uint32_t)d->config.n,
                                             .n = n,
                                             .deps = {0, d->dep[job]}};
    for (uint32_t i = 0; i < n; i++) {
        struct job_spec *s = &d->spec[d->config.n++];
        definitions_defaults(s);
        s->job = d->name[job];
        s->instance = i;
        snprintf(s->unit, sizeof s->unit, "%c.%u", name, (unsigned)i);
    }
}

static size_t instances(const char *what)
{
    size_t n = 0;
    for (const char *at = what; *at; at++)
        n += at > what && at[-1] > '9' ? strtoul(at, NULL, 10) : 0;
    return n;
}

void definitions_open(struct definitions *d, const char *what)
{
    *d = (struct definitions){0};
    d->spec = calloc(instances(what) + 1, sizeof *d->spec);
    assert_non_null(d->spec);
    while (*what) {
        char name = *what++, *end;
        add_job(d, name, (uint32_t)strtoul(what, &end, 10));
        what = *end == ' ' ? end + 1 : end;
    }
    d->config.job = d->spec;
    d->config.definition = d->definition;
}

void definitions_needs(struct definitions *d, size_t job, size_t needed, bool required)
{
    struct deps *deps = &d->definition[job].deps;
    d->dep[job][deps->n++] = (struct dep){(uint32_t)needed, required};
}

void definitions_close(struct definitions *d)
{
    free(d->spec);
    d->spec = NULL;
}
