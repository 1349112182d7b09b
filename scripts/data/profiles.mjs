// Reads the default profiles of the engines into one dialect.
import fs from 'node:fs';

/** @param {string} file a profile in JSON @param {string} label */
export const readJsonProfile = (file, label) => ({ label, profile: JSON.parse(fs.readFileSync(file, 'utf8')) });

/** What Docker calls an architecture that Go calls otherwise. @type {Record<string, string>} */
const dockerNames = { 386: 'x86', loong64: 'loongarch64' };

/** The name in specs-go that stands for a GOARCH itself. @type {Record<string, string>} */
const ownArch = {
  amd64: 'X86_64',
  arm64: 'AARCH64',
  mips64: 'MIPS64',
  mips64n32: 'MIPS64N32',
  mipsel64: 'MIPSEL64',
  mipsel64n32: 'MIPSEL64N32',
  s390x: 'S390X',
  riscv64: 'RISCV64',
  loong64: 'LOONGARCH64',
};

/** @type {Record<string, string>} */
const operators = {
  OpNotEqual: 'NE',
  OpLessThan: 'LT',
  OpLessEqual: 'LE',
  OpEqualTo: 'EQ',
  OpGreaterEqual: 'GE',
  OpGreaterThan: 'GT',
  OpMaskedEqual: 'MASKED_EQ',
};

/**
 * containerd builds its profile in Go, by the machine and the container's capabilities. Says the same as a profile in
 * Docker's dialect: what Go decides by `switch` and `if` becomes includes and excludes.
 * @param {string} file seccomp_default.go @param {string} label
 * @param {Record<string, number>} constants values of the `unix.` names that the source uses
 */
export function readContainerdProfile(file, label, constants) {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('func DefaultProfile('));
  if (start < 0) throw new Error(`${file}: no DefaultProfile`);
  return {
    label,
    profile: {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      archMap: archMap(lines.slice(0, start)),
      syscalls: rules(lines.slice(start), constants),
    },
  };
}

/** @param {readonly string[]} lines */
function archMap(lines) {
  const rows = [];
  let arch = '';
  for (const line of lines) {
    arch = line.match(/^\tcase "(\w+)":/)?.[1] ?? arch;
    const listed = [...line.matchAll(/specs\.Arch(\w+?)\b(?=[,}])/g)].map(([, name = '']) => name);
    const own = ownArch[arch];
    if (!line.includes('return []specs.Arch{') || listed.length === 0 || !own) continue;
    const subs = listed.filter((name) => name !== own);
    if (subs.length === listed.length) throw new Error(`containerd: ${arch} does not list ${own}`);
    rows.push({ architecture: `SCMP_ARCH_${own}`, subArchitectures: subs.map((name) => `SCMP_ARCH_${name}`) });
  }
  return rows;
}

/**
 * Follows the source line by line; gofmt's indentation tells where a block ends.
 * @param {readonly string[]} lines @param {Record<string, number>} constants
 */
function rules(lines, constants) {
  /** @type {{ indent: string, kind: 'arches' | 'caps' | 'kernel' | 'admin', values: readonly string[], others?: readonly string[] }[]} */
  const blocks = [];
  const found = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const indent = line.match(/^\t*/)?.[0] ?? '';
    while (blocks.length && line.trim() === '}' && blocks.at(-1)?.indent === indent) blocks.pop();
    const block = blocks.at(-1);
    const cases = [...(line.match(/^\t*case (.*):$/)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(([, value = '']) => value);
    if (line.includes('switch runtime.GOARCH')) blocks.push({ indent, kind: 'arches', values: [] });
    else if (line.includes('Capabilities.Bounding')) blocks.push({ indent, kind: 'caps', values: [] });
    else if (line.trim() === 'if !admin {') blocks.push({ indent, kind: 'admin', values: ['CAP_SYS_ADMIN'] });
    else if (line.includes('kernelversion.GreaterEqualThan')) {
      const [, kernel, major] = (lines[index + 1] ?? '').match(/Kernel: (\d+), Major: (\d+)/) ?? [];
      if (!kernel) throw new Error(`containerd: no kernel version at line ${index}`);
      blocks.push({ indent, kind: 'kernel', values: [`${kernel}.${major}`] });
    } else if (cases.length && block)
      Object.assign(block, { values: cases, others: undefined, seen: [...(block.others ?? []), ...block.values] });
    else if (line.trim() === 'default:' && block) Object.assign(block, { others: block.values, values: [] });
    const opens = /specs\.LinuxSyscall\{$/.test(line) || line === '\t\t{';
    if (!opens || line.includes('[]specs.LinuxSyscall{')) continue;
    const end = lines.findIndex(
      (other, at) => at > index && other.match(/^\t*/)?.[0] === indent && /^\t*\}/.test(other),
    );
    found.push(rule(lines.slice(index, end + 1).join('\n'), blocks, constants));
    index = end;
  }
  return found;
}

/** @param {string} text @param {readonly { kind: string, values: readonly string[], others?: readonly string[] }[]} blocks @param {Record<string, number>} constants */
function rule(text, blocks, constants) {
  const names = [...(text.match(/Names:\s*\[\]string\{([^}]*)\}/)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(
    ([, name]) => name,
  );
  const action = text.match(/Action:\s*specs\.Act(\w+)/)?.[1]?.toUpperCase();
  if (names.length === 0 || !action) throw new Error(`containerd: a rule without names or action: ${text}`);
  const args = [
    ...text.matchAll(
      /\{\s*Index:\s*(\d+),\s*Value:\s*([^,]+),\s*(?:ValueTwo:\s*([^,]+),\s*)?Op:\s*specs\.(\w+),\s*\}/g,
    ),
  ].map(([, index, value = '', two, op = '']) => ({
    index: Number(index),
    value: evaluate(value, constants),
    ...(two !== undefined && { valueTwo: evaluate(two, constants) }),
    op: `SCMP_CMP_${operators[op]}`,
  }));
  const pick = (/** @type {string} */ kind, /** @type {'values' | 'others'} */ part) =>
    blocks.filter((block) => block.kind === kind).flatMap((block) => block[part] ?? []);
  const arches = (/** @type {'values' | 'others'} */ part) =>
    pick('arches', part).map((arch) => dockerNames[arch] ?? arch);
  const includes = conditions(pick('caps', 'values'), arches('values'), pick('kernel', 'values')[0]);
  const excludes = conditions(pick('admin', 'values'), arches('others'), undefined);
  return {
    names,
    action: `SCMP_ACT_${action}`,
    ...(text.includes('ErrnoRet:') && { errnoRet: 38 }),
    ...(args.length && { args }),
    ...(includes && { includes }),
    ...(excludes && { excludes }),
  };
}

/** @param {readonly string[]} caps @param {readonly string[]} arches @param {string | undefined} minKernel */
function conditions(caps, arches, minKernel) {
  const all = { ...(caps.length && { caps }), ...(arches.length && { arches }), ...(minKernel && { minKernel }) };
  return Object.keys(all).length ? all : undefined;
}

/** A Go constant or several joined by `|`. @param {string} expression @param {Record<string, number>} constants */
function evaluate(expression, constants) {
  return expression.split('|').reduce((sum, part) => {
    const name = part.trim().replace(/^unix\./, '');
    const value = constants[name] ?? Number(name);
    if (!Number.isFinite(value)) throw new Error(`containerd: unknown constant ${name}`);
    return sum + value;
  }, 0);
}
