import aliasesText from '../../data/libc-aliases.json';
import { table } from './data.ts';
import { isSyscall } from './syscalls.ts';

const rows = table<Readonly<Record<string, readonly string[]>>>(aliasesText);

/**
 * The syscalls behind a name that is none itself: the libc function `pread` is `pread64`, `execvp` is `execve`, and
 * `sys_getuid` and `__NR_getuid` are `getuid`. `undefined` for everything else, syscall names included.
 */
export function libcAlias(name: string): readonly string[] | undefined {
  if (Object.hasOwn(rows(), name)) return rows()[name];
  const bare = name.replace(/^(?:__(?:NR|x64_sys)_|(?:SYS|sys)_)/, '');
  return bare !== name && !isSyscall(name) && isSyscall(bare) ? [bare] : undefined;
}
