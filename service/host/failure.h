/* failure.h - a service that cannot start has no console and, with a wrong job file, no log of its
 * own. */
#ifndef JW_HOST_FAILURE_H
#define JW_HOST_FAILURE_H

/* Says TEXT (one or more lines, UTF-8) where an operator will look: in the Windows event log, and
 * appended to `logs\SERVICE.start-failed.log` beside the job file CONFIG. */
void failure_tell(const char *service, const char *config, const char *text);

/* Says TEXT in the Windows event log only, as a warning: the service runs, but not as it should. */
void failure_event(const char *service, const char *text);

#endif
