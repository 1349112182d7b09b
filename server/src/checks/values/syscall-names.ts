import { action, architecture, isSyscall, libcAlias, nameOf, similar, syscallNames } from '../../catalog/index.ts';
import type { Target } from '../../policy/target.ts';
import type { Rule } from '../../profile/model.ts';
import type { CheckContext } from '../check.ts';

/** The syscalls that an unknown name may stand for; each entry is what replaces it. Best first, empty when nothing is near. */
export function meantSyscalls(name: string, target: Target): readonly (readonly string[])[] {
  const plain = name.trim().toLowerCase();
  const bare = plain
    .replace(/^(?:__(?:x64|ia32|arm64|se|do)_sys_|__nr_|do_sys_|sys_|scmp_sys_|__)/, '')
    .replace(/\(\)?$/, '');
  for (const candidate of [plain, bare]) if (isSyscall(candidate)) return [[candidate]];
  if (/^\w{2,}\*$/.test(plain)) return matching(plain.slice(0, -1));
  const alias = libcAlias(plain) ?? libcAlias(bare);
  if (alias) return [alias];
  if (/^\d+$/.test(plain)) return numbered(Number(plain), target);
  return similar(bare, syscallNames()).map((candidate) => [candidate]);
}

/** A pattern stands for all that start so, within reason. */
function matching(start: string): readonly (readonly string[])[] {
  const names = syscallNames().filter((name) => name.startsWith(start));
  return names.length > 0 && names.length <= MOST_MATCHES ? [names] : [];
}

const MOST_MATCHES = 30;

function numbered(number: number, target: Target): readonly (readonly string[])[] {
  const table = architecture(target.architecture)?.table;
  const name = table && nameOf(number, table);
  return name ? [[name]] : [];
}

/** A function of the C library; names such as `sys_getuid` are the kernel's own for a syscall. */
export function isLibcFunction(name: string): boolean {
  return libcAlias(name) !== undefined && !/^(?:sys_|__)/.test(name);
}

/** What becomes of a call whose name in a rule counts for nothing; empty for rules that do the same as the default. */
export function consequence({ profile }: CheckContext, rule: Rule): string {
  const own = rule.action && action(rule.action.value);
  const byDefault = profile?.defaultAction && action(profile.defaultAction.value);
  if (!own || !byDefault || own.permits === byDefault.permits) return '';
  return own.permits ? ', and the call stays denied' : ', and the call stays open';
}
