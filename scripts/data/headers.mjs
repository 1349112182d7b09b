// Reads small tables from the kernel's headers, and checks libseccomp's numbers against them.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Header with the numbers of each syscall table; 31-bit s390 has none any more. @type {Record<string, string>} */
const numberHeaders = {
  x86_64: 'x86/asm/unistd_64.h',
  x86: 'x86/asm/unistd_32.h',
  x32: 'x86/asm/unistd_x32.h',
  aarch64: 'arm64/asm/unistd_64.h',
  arm: 'arm/asm/unistd-eabi.h',
  riscv64: 'riscv/asm/unistd_64.h',
  loongarch64: 'loongarch/asm/unistd_64.h',
  s390x: 's390/asm/unistd_64.h',
  ppc64: 'powerpc/asm/unistd_64.h',
  ppc: 'powerpc/asm/unistd_32.h',
  mips: 'mips/asm/unistd_o32.h',
  mips64: 'mips/asm/unistd_n64.h',
  mips64n32: 'mips/asm/unistd_n32.h',
  m68k: 'm68k/asm/unistd_32.h',
  parisc: 'parisc/asm/unistd_32.h',
  parisc64: 'parisc/asm/unistd_64.h',
  sh: 'sh/asm/unistd_32.h',
};

/**
 * Compares every number that both have; throws where they differ.
 * @param {Record<string, Record<string, number>>} numbers by table and name @param {string} headers unpacked linux-libc-dev
 */
export function checkNumbers(numbers, headers) {
  const lines = [];
  const onlyInHeaders = [];
  const wrong = [];
  for (const [table, file] of Object.entries(numberHeaders)) {
    const text = fs.readFileSync(path.join(headers, 'usr/lib/linux/uapi', file), 'utf8');
    for (const [, name = '', cell] of text.matchAll(/^#define __NR_(\w+)\s+\(?(?:__\w+\s*\+\s*)?(\d+)\)?$/gm)) {
      const known = numbers[table]?.[name];
      if (known === undefined) onlyInHeaders.push(`${table} ${name}`);
      else if (known !== Number(cell)) wrong.push(`${table} ${name}: ${known}, header ${cell}`);
      else lines.push(`${table} ${name} ${known}`);
    }
  }
  if (wrong.length) throw new Error(`numbers differ from the kernel's headers: ${wrong.join('; ')}`);
  const sha256 = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
  return { pairs: lines.length, sha256, onlyInHeaders: onlyInHeaders.sort() };
}

/** Error numbers of the generic ABI with the header's few words. @param {string} headers @returns {Record<string, [number, string]>} */
export function readErrnos(headers) {
  const text = ['errno-base.h', 'errno.h']
    .map((file) => fs.readFileSync(path.join(headers, 'usr/include/asm-generic', file), 'utf8'))
    .join('\n');
  /** @type {Record<string, [number, string]>} */
  const table = {};
  for (const [, name = '', value = '', comment = ''] of text.matchAll(
    /^#define\s+(E\w+)\s+(\w+)(?:\s*\/\*\s*([\s\S]*?)\s*\*\/)?/gm,
  )) {
    const known = table[value];
    const words = comment.replace(/\s*\n\s*\*?\s*/g, ' ');
    table[name] = known ? [known[0], `The same as ${value}: ${lower(known[1])}`] : [Number(value), words];
  }
  table.ENOTSUP = [95, `The same as EOPNOTSUPP: ${lower(table.EOPNOTSUPP?.[1] ?? '')}`];
  const order = Object.entries(table).sort(
    ([a, [left]], [b, [right]]) =>
      left - right || Number(table[a]?.[1].startsWith('The same')) - Number(table[b]?.[1].startsWith('The same')),
  );
  return Object.fromEntries(order);
}

/** @param {string} words */
const lower = (words) => (/^[A-Z][a-z]/.test(words) ? `${words[0]?.toLowerCase()}${words.slice(1)}` : words);

/** Capability names without `CAP_`, by bit. @param {string} headers */
export function readCapabilities(headers) {
  const text = fs.readFileSync(path.join(headers, 'usr/include/linux/capability.h'), 'utf8');
  const rows = [...text.matchAll(/^#define CAP_(\w+)\s+(\d+)\s*$/gm)];
  return rows.sort((a, b) => Number(a[2]) - Number(b[2])).map(([, name = '']) => name);
}
