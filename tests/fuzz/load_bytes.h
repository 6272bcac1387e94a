/* load_bytes.h - one configuration made of one piece of bytes. */
#ifndef JW_TESTS_FUZZ_LOAD_BYTES_H
#define JW_TESTS_FUZZ_LOAD_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Loads BYTES and whatever they include: the parts between lines `%%` are the files "0.ini", which
 * is the first one, "1.ini", "2.env" and so on, by their first letter; a last part that begins with
 * a line `set` holds overrides, one a line: `web log_keep 3`, `@group affinity 0`.  Aborts where
 * verdict, diagnostics and configuration contradict each other. */
void load_bytes(const uint8_t *bytes, size_t n);

#endif
