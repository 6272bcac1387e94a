/* rules_job.h - what the rules across the keys of one job share.  Private to config/. */
#ifndef JW_CONFIG_RULES_JOB_H
#define JW_CONFIG_RULES_JOB_H

#include "config/loader.h"

enum { DURATION_TEXT = 64 };
const char *duration_text(uint64_t ms, char out[DURATION_TEXT]);

/* Readiness, health, schedules, causes; a part of rules_job(). */
void rules_up(struct loader *l, const struct view *v, const struct job_spec *s);

#endif
