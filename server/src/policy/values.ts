import { describeValue, syscall } from '../catalog/index.ts';

/** The names of a value of an argument, `CLONE_NEWNS | CLONE_NEWUTS`; empty when the catalogue has none. */
export function describeArgumentValue(name: string, index: number, value: bigint): string {
  const decoder = syscall(name)?.args?.[index]?.decoder;
  return decoder ? describeValue(decoder, value) : '';
}
