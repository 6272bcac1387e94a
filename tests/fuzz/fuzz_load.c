/* fuzz_load.c - the libFuzzer target. */
#include "tests/fuzz/load_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    load_bytes(bytes, n);
    return 0;
}
