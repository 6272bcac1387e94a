/* machine.h - reads what config/machine.h describes.  Any thread. */
#ifndef JW_JOB_MACHINE_H
#define JW_JOB_MACHINE_H

#include "config/machine.h"

/* What cannot be asked is taken to be in order: one group of the processors that are seen, no fair
 * share, no job above. */
void machine_read(struct machine *ret);

#endif
