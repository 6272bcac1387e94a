/* loading.h - a job file from this machine's disk.  One thread. */
#ifndef JW_HOST_LOADING_H
#define JW_HOST_LOADING_H

#include "config/load.h"

/* Loads PATH.  Warnings and mistakes, one a line, are appended to MISTAKES, ready to be shown; on
 * failure there is at least one line.  The caller owns *ret. */
enum st load_config(const char *path, struct config **ret, struct buf *mistakes);

/* The same, with the diagnostics themselves, sorted. */
enum st load_definitions(const char *path, struct config **ret, struct diags *d);

#endif
