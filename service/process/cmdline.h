/* cmdline.h - Windows command lines, by the rules of the C runtime and of cmd.exe.  Pure. */
#ifndef JW_PROCESS_CMDLINE_H
#define JW_PROCESS_CMDLINE_H

#include "common/buf.h"
#include "common/status.h"

/* Splits TEXT into its program word (quotes removed) and the rest as it stands, leading blanks
 * dropped.  ST_SYNTAX: empty, or a quote is not closed (anywhere in TEXT). */
enum st cmdline_split(struct str text, struct str *ret_program, struct str *ret_rest,
                      struct err *e);

/* The next argument of *rest by the rules of CommandLineToArgvW and the CRT, appended to OUT;
 * false when there is none. */
bool cmdline_next(struct str *rest, struct buf *out);

/* Appends ARG so that cmdline_next() reads it back: quoted when it must be. */
void cmdline_quote(struct str arg, struct buf *out);

/* True for .bat and .cmd, whatever blanks and dots follow: CreateProcess starts cmd.exe then. */
bool cmdline_is_batch(struct str program);

/* `/d /s /c ""PROGRAM" "arg" ..."` from PROGRAM (full path) and REST.  ST_SYNTAX names the argument
 * that cmd.exe would interpret: one of " % ! ^ & | < > ( ) or a control character. */
enum st cmdline_batch(struct str program, struct str rest, struct buf *out, struct err *e);

#endif
