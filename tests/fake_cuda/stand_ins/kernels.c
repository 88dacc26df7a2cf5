/* Kernels: a program registers them by name when it is loaded; a launch is counted, and does nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "cuda_runtime_api.h"

#define BUCKETS 65536

typedef struct Kernel {
    const void *function;
    const char *name;
    struct Kernel *next;
} Kernel;

static Kernel *kernels[BUCKETS];

static Kernel **bucket(const void *function) { return &kernels[((uintptr_t)function >> 2) % BUCKETS]; }

static const char *name_of(const void *function) {
    for (Kernel *kernel = *bucket(function); kernel; kernel = kernel->next)
        if (kernel->function == function) return kernel->name;
    return "?";
}

/* --- What nvcc puts into a program's start ---------------------------------------------------------------------- */

void **__cudaRegisterFatBinary(void *binary) { return malloc(sizeof(void *)); }
void __cudaRegisterFatBinaryEnd(void **handle) {}
void __cudaUnregisterFatBinary(void **handle) {}
void __cudaRegisterVar(void) {}

void __cudaRegisterFunction(void **handle, const char *function, char *device_function, const char *name, int limit,
                            void *thread, void *block, void *block_dim, void *grid_dim, int *warp) {
    Kernel *kernel = malloc(sizeof *kernel);
    *kernel = (Kernel){function, name, *bucket(function)};
    *bucket(function) = kernel;
}

/* --- Launches, as nvcc writes them and as libraries ask for them ------------------------------------------------ */

static __thread size_t pushed_shared_memory;
static __thread void *pushed_stream;

/* The two dim3 come in two registers each. */
unsigned __cudaPushCallConfiguration(uint64_t grid_xy, uint32_t grid_z, uint64_t block_xy, uint32_t block_z,
                                     size_t shared_memory, void *stream) {
    pushed_shared_memory = shared_memory;
    pushed_stream = stream;
    return 0;
}

cudaError_t __cudaPopCallConfiguration(void *grid, void *block, size_t *shared_memory, void *stream) {
    *shared_memory = pushed_shared_memory;
    *(void **)stream = pushed_stream;
    return cudaSuccess;
}

cudaError_t __cudaGetKernel(cudaKernel_t *kernel, const void *function) {
    *kernel = (cudaKernel_t)function;
    return cudaSuccess;
}

static cudaError_t launch(const void *function) {
    card_count_kernel(name_of(function));
    return cudaSuccess;
}

cudaError_t cudaLaunchKernel(const void *function, dim3 grid, dim3 block, void **arguments, size_t shared_memory,
                             cudaStream_t stream) {
    return launch(function);
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void **arguments, size_t shared_memory,
                               cudaStream_t stream) {
    return launch(kernel);
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *wanted, const void *function, void **arguments) {
    return launch(function);
}

cudaError_t cudaLaunchCooperativeKernel(const void *function, dim3 grid, dim3 block, void **arguments,
                                        size_t shared_memory, cudaStream_t stream) {
    return launch(function);
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void *argument) {
    function(argument);
    return cudaSuccess;
}

/* --- What is asked of a kernel before it is launched ------------------------------------------------------------ */

cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes *found, const void *function) {
    memset(found, 0, sizeof *found);
    found->maxThreadsPerBlock = 1024;
    found->numRegs = 32;
    found->binaryVersion = found->ptxVersion = 90;
    return cudaSuccess;
}

cudaError_t cudaFuncSetAttribute(const void *function, enum cudaFuncAttribute name, int value) { return cudaSuccess; }

cudaError_t cudaKernelSetAttributeForDevice(cudaKernel_t kernel, enum cudaFuncAttribute name, int value, int device) {
    return cudaSuccess;
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, const void *function, int block_size,
                                                                   size_t shared_memory, unsigned flags) {
    *blocks = 2;
    return cudaSuccess;
}

/* --- Kernels loaded while the program runs ---------------------------------------------------------------------- */

static int succeed(void) { return 0; }

cudaError_t cudaGetDriverEntryPointByVersion(const char *symbol, void **function, unsigned version,
                                             unsigned long long flags, enum cudaDriverEntryPointQueryResult *found) {
    *function = (void *)succeed;
    if (found) *found = cudaDriverEntryPointSuccess;
    return cudaSuccess;
}

/* Declared by its assembler name: the header's own declaration has another type in C. */
cudaError_t load_library(cudaLibrary_t *library) __asm__("cudaLibraryLoadData");
cudaError_t load_library(cudaLibrary_t *library) {
    *(void **)library = card_new_handle();
    return cudaSuccess;
}

cudaError_t cudaLibraryGetKernel(cudaKernel_t *kernel, cudaLibrary_t library, const char *name) {
    *(void **)kernel = card_new_handle();
    return cudaSuccess;
}

cudaError_t cudaLibraryUnload(cudaLibrary_t library) { return cudaSuccess; }
