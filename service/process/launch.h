/* launch.h - from a definition to what CreateProcessW wants: program, command line, environment,
 * directory.  Any thread. */
#ifndef JW_PROCESS_LAUNCH_H
#define JW_PROCESS_LAUNCH_H

#include "common/status.h"
#include "config/spec.h"

#include <wchar.h>

struct launch {
    wchar_t *application; /* full path, with extension */
    wchar_t *command;     /* writable, at most 32,766 units */
    wchar_t *environment; /* sorted block, ends with two NULs */
    wchar_t *directory;   /* full path */
};

/* COMMAND is the job file's text: its first word names the program, the rest is passed on
 * unchanged, but for .bat and .cmd, which are given to cmd.exe with every argument quoted; one that
 * cmd.exe would interpret is refused.  A bare program name is searched on the worker's own PATH, a
 * relative one against DIRECTORY.  SERVICE and CONFIG_DIR are those of the configuration; EXTRA
 * come last and win.  SPEC may be NULL for what belongs to no job: the service's own environment,
 * and CONFIG_DIR as the directory.  The caller owns the members and gives them back with
 * launch_free(). */
enum st launch_prepare(const struct job_spec *spec, const char *command, const char *service,
                       const char *config_dir, const struct env_vars *extra, struct launch *ret,
                       struct err *e);
void launch_free(struct launch *l);

#endif
