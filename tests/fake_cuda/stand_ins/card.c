/*
 * The pretended card: its memory is the host's, its kernels are counted and do nothing. Copies to it and within it copy;
 * what comes back is zeros, as nothing was computed and what lies in memory used before may be no number at all.
 *
 * Set by the environment:
 *   FAKE_VRAM_MB    memory of the card; beyond it cudaMalloc fails (80000)
 *   FAKE_LOG        a file that every call of interest is appended to (none)
 *   FAKE_SKIPCOPY   copies and fills above 64 KiB are counted and left out, so that weights take no memory
 * Called by ctypes: fake_count and fake_mark below.
 */
#define _GNU_SOURCE
#include "card.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cuda_runtime_api.h"

#define SMALL 65536

int card_capturing;

static FILE *log_file;
static int skip_copies;
static size_t memory, used, peak;
static long kernels, library_calls, copies, waits;

__attribute__((constructor)) static void read_environment(void) {
    const char *path = getenv("FAKE_LOG"), *megabytes = getenv("FAKE_VRAM_MB");
    log_file = path ? fopen(path, "a") : NULL;
    memory = (megabytes ? strtoull(megabytes, NULL, 10) : 80000) << 20;
    skip_copies = getenv("FAKE_SKIPCOPY") != NULL;
}

void card_log(const char *format, ...) {
    if (!log_file) return;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(log_file, format, arguments);
    va_end(arguments);
    fputc('\n', log_file);
    fflush(log_file);
}

void card_count_kernel(const char *name) {
    kernels++;
    card_log("kernel %s", name);
}

void card_count_library(const char *name) {
    library_calls++;
    card_log("library %s", name);
}

void card_forbid_in_capture(const char *call) {
    if (card_capturing) card_log("ILLEGAL IN CAPTURE %s", call);
}

void *card_new_handle(void) {
    static uintptr_t next = 0x1000;
    return (void *)(next += 16);
}

/* Fill in kernels, library calls, copies and waits since the last call; memory in use now, and most since then. */
void fake_count(long found[6]) {
    long told[] = {kernels, library_calls, copies, waits, (long)used, (long)peak};
    memcpy(found, told, sizeof told);
    kernels = library_calls = copies = waits = 0;
    peak = used;
}

/* Write a line of one's own into the log. */
void fake_mark(const char *words) { card_log("mark %s", words); }

/* --- Memory: a list of what is allocated, so that pointers can be told apart ------------------------------------ */

typedef struct Block {
    char *start;
    size_t size;
    int on_card;
    struct Block *next;
} Block;

static Block *blocks;
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;
static __thread cudaError_t last_error;

static void remember(void *start, size_t size, int on_card) {
    Block *block = malloc(sizeof *block);
    pthread_mutex_lock(&blocks_lock);
    *block = (Block){start, size, on_card, blocks};
    blocks = block;
    if (on_card) used += size;
    if (used > peak) peak = used;
    pthread_mutex_unlock(&blocks_lock);
}

/* Return the size of what was remembered at an address, and forget it; 0 if nothing was. */
static size_t forget(void *start) {
    size_t size = 0;
    pthread_mutex_lock(&blocks_lock);
    for (Block **link = &blocks; *link; link = &(*link)->next) {
        Block *block = *link;
        if (block->start != start) continue;
        size = block->size;
        if (block->on_card) used -= size;
        *link = block->next;
        free(block);
        break;
    }
    pthread_mutex_unlock(&blocks_lock);
    return size;
}

cudaError_t cudaMalloc(void **pointer, size_t size) {
    card_forbid_in_capture("cudaMalloc");
    if (size == 0) size = 1;
    if (used + size > memory) {
        card_log("malloc %zu OUT OF MEMORY, %zu used", size, used);
        *pointer = NULL;
        return last_error = cudaErrorMemoryAllocation;
    }
    /* Pages that nobody touches are never there: weights of gigabytes cost nothing where copies are skipped. */
    *pointer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    remember(*pointer, size, 1);
    card_log("malloc %zu, %zu used", size, used);
    return cudaSuccess;
}

cudaError_t cudaFree(void *pointer) {
    if (!pointer) return cudaSuccess;
    card_forbid_in_capture("cudaFree");
    size_t size = forget(pointer);
    if (size) munmap(pointer, size);
    card_log("free %zu, %zu used", size, used);
    return cudaSuccess;
}

cudaError_t cudaFreeAsync(void *pointer, cudaStream_t stream) { return cudaFree(pointer); }

cudaError_t cudaMallocFromPoolAsync(void **pointer, size_t size, cudaMemPool_t pool, cudaStream_t stream) {
    return cudaMalloc(pointer, size);
}

cudaError_t cudaMallocHost(void **pointer, size_t size) {
    *pointer = calloc(1, size ? size : 1);
    remember(*pointer, size, 0);
    card_log("malloc on the host %zu", size);
    return cudaSuccess;
}

cudaError_t cudaHostAlloc(void **pointer, size_t size, unsigned flags) { return cudaMallocHost(pointer, size); }

cudaError_t cudaFreeHost(void *pointer) {
    forget(pointer);
    free(pointer);
    return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total) {
    *free_bytes = memory - used;
    *total = memory;
    return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(struct cudaPointerAttributes *found, const void *pointer) {
    memset(found, 0, sizeof *found);
    found->type = cudaMemoryTypeUnregistered;
    found->devicePointer = (void *)pointer;
    pthread_mutex_lock(&blocks_lock);
    for (Block *block = blocks; block; block = block->next)
        if ((char *)pointer >= block->start && (char *)pointer < block->start + block->size)
            found->type = block->on_card ? cudaMemoryTypeDevice : cudaMemoryTypeHost;
    pthread_mutex_unlock(&blocks_lock);
    return cudaSuccess;
}

cudaError_t cudaGetLastError(void) {
    cudaError_t error = last_error;
    last_error = cudaSuccess;
    return error;
}

cudaError_t cudaPeekAtLastError(void) { return last_error; }

const char *cudaGetErrorName(cudaError_t error) {
    return error == cudaErrorMemoryAllocation ? "cudaErrorMemoryAllocation" : "a pretended error";
}

const char *cudaGetErrorString(cudaError_t error) {
    return error == cudaErrorMemoryAllocation ? "out of memory" : "a pretended error";
}

/* --- Copies ----------------------------------------------------------------------------------------------------- */

static const char *direction(enum cudaMemcpyKind kind) {
    static const char *names[] = {"host to host", "to card", "to host", "within card", "default"};
    return names[kind];
}

static void copy(void *to, const void *from, size_t size, enum cudaMemcpyKind kind) {
    card_log("copy %s %zu", direction(kind), size);
    if (kind == cudaMemcpyDeviceToHost)
        memset(to, 0, size);
    else if (!(skip_copies && size > SMALL))
        memmove(to, from, size);
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t size, enum cudaMemcpyKind kind) {
    copies++;
    waits++;
    card_forbid_in_capture("cudaMemcpy");
    copy(to, from, size, kind);
    return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t size, enum cudaMemcpyKind kind, cudaStream_t stream) {
    copies++;
    if (card_capturing && kind != cudaMemcpyDeviceToDevice) card_log("CAPTURED COPY %s %zu", direction(kind), size);
    copy(to, from, size, kind);
    return cudaSuccess;
}

cudaError_t cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width,
                              size_t height, enum cudaMemcpyKind kind, cudaStream_t stream) {
    copies++;
    card_log("copy %s %zu", direction(kind), width * height);
    for (size_t row = 0; row < height; row++)
        memmove((char *)to + row * to_pitch, (const char *)from + row * from_pitch, width);
    return cudaSuccess;
}

cudaError_t cudaMemcpyFromSymbol(void *to, const void *symbol, size_t size, size_t offset, enum cudaMemcpyKind kind) {
    memset(to, 0, size);
    return cudaSuccess;
}

cudaError_t cudaMemset(void *at, int value, size_t size) {
    if (!(skip_copies && size > SMALL)) memset(at, value, size);
    return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void *at, int value, size_t size, cudaStream_t stream) {
    return cudaMemset(at, value, size);
}

/* --- Waiting, which is counted too ------------------------------------------------------------------------------ */

cudaError_t cudaDeviceSynchronize(void) {
    waits++;
    card_forbid_in_capture("cudaDeviceSynchronize");
    return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    waits++;
    card_forbid_in_capture("cudaStreamSynchronize");
    return cudaSuccess;
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    waits++;
    card_forbid_in_capture("cudaEventSynchronize");
    return cudaSuccess;
}
