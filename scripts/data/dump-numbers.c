/* Prints what libseccomp resolves: table, number, name. */
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const struct { const char *name; uint32_t token; int base; } tables[] = {
  {"x86_64", SCMP_ARCH_X86_64, 0},       {"x86", SCMP_ARCH_X86, 0},
  {"x32", SCMP_ARCH_X32, 0x40000000},    {"aarch64", SCMP_ARCH_AARCH64, 0},
  {"arm", SCMP_ARCH_ARM, 0},             {"riscv64", SCMP_ARCH_RISCV64, 0},
  {"loongarch64", SCMP_ARCH_LOONGARCH64, 0}, {"s390x", SCMP_ARCH_S390X, 0},
  {"s390", SCMP_ARCH_S390, 0},           {"ppc64", SCMP_ARCH_PPC64LE, 0},
  {"ppc", SCMP_ARCH_PPC, 0},             {"mips", SCMP_ARCH_MIPSEL, 4000},
  {"mips64", SCMP_ARCH_MIPSEL64, 5000},  {"mips64n32", SCMP_ARCH_MIPSEL64N32, 6000},
  {"m68k", SCMP_ARCH_M68K, 0},           {"parisc", SCMP_ARCH_PARISC, 0},
  {"parisc64", SCMP_ARCH_PARISC64, 0},   {"sh", SCMP_ARCH_SH, 0},
};

static void range(unsigned table, int from, int count) {
  for (int number = from; number < from + count; number++) {
    char *name = seccomp_syscall_resolve_num_arch(tables[table].token, number);
    if (!name) continue;
    printf("%s %d %s\n", tables[table].name, number - tables[table].base, name);
    free(name);
  }
}

int main(void) {
  for (unsigned table = 0; table < sizeof tables / sizeof *tables; table++) {
    range(table, tables[table].base, 1024);
    if (tables[table].token == SCMP_ARCH_ARM) range(table, 0x0f0000, 256); /* ARM-private calls */
  }
  return 0;
}
