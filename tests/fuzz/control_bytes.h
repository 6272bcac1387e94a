/* control_bytes.h - clients of the control room, and what happens around them, made of one piece of
 * bytes. */
#ifndef JW_TESTS_FUZZ_CONTROL_BYTES_H
#define JW_TESTS_FUZZ_CONTROL_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Does the steps in BYTES, one a line, by its first character; N is a number, 0 where none is
 * written.  A small fleet in a fake world is there, and four clients that are connected when they
 * are first named.
 *
 *   {...    the client sends this line as one frame
 *   =...    it sends the rest of the line as it is: heads of frames are its own business
 *   /N      what is sent from now on comes in pieces of N bytes
 *   @N      the client is number N from now on; "@N-": it may only look
 *   <       it reads what it was sent
 *   x       it is gone; what is sent next is by a new one
 *   +N      N ms go by, with the ticks that are due
 *   rN      its reload ends: 0 taken over, 1 only tried, 2 mistakes, 3 failed
 *   l...    text of its log files comes; "L...": the last; "w": they cannot be read
 *   j...    a line is added to the journal, where it is UTF-8 as they all are
 *   >N      definitions number N take over, where none of them are in use
 *   eN      the first instance that runs ends by itself, with code N
 *   n       the host refuses reloads and log files from now on, or no more
 *   s       the service begins to stop
 *
 * Aborts where something that is sent is not by the protocol, or does not come to an end. */
void control_bytes(const uint8_t *bytes, size_t n);

#endif
