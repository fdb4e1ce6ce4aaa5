def per_cpu_ptr(pointer, cpu):
    return pointer
