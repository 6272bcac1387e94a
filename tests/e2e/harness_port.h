/* harness_port.h - TCP ports that are free at this moment. */
#ifndef JW_TESTS_E2E_HARNESS_PORT_H
#define JW_TESTS_E2E_HARNESS_PORT_H

/* On 127.0.0.1, another one each time. */
unsigned free_port(void);

#endif
