#!/bin/sh
# Build the stand-ins where pip would put the real libraries, and the driver's apart from them.
#   build.sh HEADERS DRIVER SITE_PACKAGES
set -eu
headers=$1 driver=$2 cuda=$3/nvidia/cu13/lib cudnn=$3/nvidia/cudnn/lib
cd "$(dirname "$0")"
mkdir -p "$cuda" "$cudnn" "$driver"

build() { # LIBRARY SOURCE-OR-LIBRARY...
    library=$1
    shift
    # The real libraries' symbols have versions named after the library: the loader insists on them in some orders.
    # No warnings: arguments that are not used, and functions that declare none, are the point here.
    gcc -std=gnu11 -O1 -w -fPIC -shared -I"$headers" -Wl,-soname,"$(basename "$library")" \
        -Wl,--default-symver,-rpath,'$ORIGIN:$ORIGIN/../../cu13/lib' -o "$library" "$@"
}

build "$cuda/libcudart.so.13" card.c runtime.c kernels.c -lpthread
build "$cuda/libcublas.so.13" cublas.c "$cuda/libcudart.so.13"
build "$cuda/libcublasLt.so.13" cublaslt.c "$cuda/libcudart.so.13"
build "$cuda/libcurand.so.10" curand.c
build "$cudnn/libcudnn.so.9" cudnn.c "$cuda/libcudart.so.13"
build "$driver/libcuda.so.1" driver.c
