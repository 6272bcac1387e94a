/* exit_code.h - names of the exit codes that Windows itself gives.  Pure. */
#ifndef JW_COMMON_EXIT_CODE_H
#define JW_COMMON_EXIT_CODE_H

#include "common/buf.h"

#include <stdint.h>

/* "STATUS_ACCESS_VIOLATION", or NULL. */
const char *exit_code_name(uint32_t code);
/* What it means to an operator, in a short sentence, or NULL. */
const char *exit_code_meaning(uint32_t code);
/* By name, ASCII case ignored; false when there is none. */
bool exit_code_by_name(struct str name, uint32_t *ret);
/* Looks like an unhandled exception: a warning or error NTSTATUS or a runtime's own (C++, .NET). 
 * Small negative numbers, which programs return themselves (-1 is 0xFFFFFFFF), do not. */
bool exit_code_abnormal(uint32_t code);
/* `5`, or `0xC0000005` from 0x10000 on. */
void exit_code_print(uint32_t code, struct buf *out);

#endif
