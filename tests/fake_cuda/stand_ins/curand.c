/* cuRAND: the provider wants the library and calls nothing of it that is not linked lazily. */
int curand_is_pretended(void) { return 1; }
