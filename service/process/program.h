/* program.h - where the program of a command is, as a worker with that environment finds it. */
#ifndef JW_PROCESS_PROGRAM_H
#define JW_PROCESS_PROGRAM_H

#include "common/status.h"
#include "common/str.h"

#include <wchar.h>

/* WORD with a separator in it is taken relative to DIRECTORY (absolute); a bare one is looked for
 * in the folders of PATH in ENVIRONMENT and nowhere else.  Endings are .exe .com .cmd .bat.  *ret
 * is the full path, from malloc. */
enum st program_find(struct str word, const char *directory, const wchar_t *environment, char **ret,
                     struct err *e);

#endif
