/* The pretended card: what every stand-in counts and logs into. See card.c. */
#ifndef CARD_H
#define CARD_H

#include <stddef.h>

/* Write a line to the log, if there is one. */
void card_log(const char *format, ...);

/* Count a kernel launch. */
void card_count_kernel(const char *name);

/* Count a call into cuBLAS, cuBLASLt or cuDNN that would start work: a matrix product, a convolution. */
void card_count_library(const char *name);

/* What a stream that is being captured into a graph may not do; said in the log. */
void card_forbid_in_capture(const char *call);

/* Return a handle that nothing but its value matters of. */
void *card_new_handle(void);

extern int card_capturing;

#endif
