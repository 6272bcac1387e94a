/* loading.h - a job file from this machine's disk.  One thread. */
#ifndef JW_HOST_LOADING_H
#define JW_HOST_LOADING_H

#include "config/load.h"
#include "config/recording.h"

/* Loads PATH.  Warnings and mistakes, one a line, are appended to MISTAKES, ready to be shown; on
 * failure there is at least one line.  The caller owns *ret, and *ret_read, which is what the disk
 * said; NULL: not wanted. */
enum st load_config(const char *path, struct config **ret, struct recording **ret_read,
                    struct buf *mistakes);

/* SERVICE in both: the name of the service that runs, for ${service}; NULL: what the file says.
 *
 * The same, with the diagnostics themselves, sorted.  *ret_read is there also on failure, unless
 * memory is short; then it is untouched. */
enum st load_definitions(const char *path, const char *service, struct config **ret,
                         struct recording **ret_read, struct diags *d);

/* From what the disk said then, with the OVERRIDES in place of what is written. */
enum st load_again(const char *path, const char *service, const struct recording *read,
                   const struct override *override, size_t overrides, struct config **ret,
                   struct diags *d);

#endif
