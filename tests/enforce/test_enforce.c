/* test_enforce.c - runs every group; or, as a child in a restricted job, one deed. */
#include "tests/enforce/test_enforce.h"

int main(int argc, char **argv)
{
    if (argc == 2)
        return enforce_child(argv[1]);
    return enforce_use() + enforce_share() + enforce_tell() + enforce_ui();
}
