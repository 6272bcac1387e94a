/* fuzz_control.c - the libFuzzer target. */
#include "tests/fuzz/control_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    control_bytes(bytes, n);
    return 0;
}
