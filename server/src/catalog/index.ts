/** Facts about the kernel's calls and the words of seccomp profiles. Every table is read at its first use. */
export { action, actions } from './actions.ts';
export { libcAlias } from './aliases.ts';
export { architecture, architectureOf, architectures } from './architectures.ts';
export { capabilities, capability, dockerDefaultCapabilities } from './capabilities.ts';
export { dangerOf, dangers } from './dangers.ts';
export { type DefaultProfileId, defaultProfile, defaultProfiles } from './defaults.ts';
export { errnoByName, errnoByNumber, errnos } from './errnos.ts';
export { families, familiesOf } from './families.ts';
export { type Flag, flag, flags } from './flags.ts';
export { architectureOfMachine } from './machines.ts';
export { archTables, implementedOn, nameOf, namesOn, numberedOn, numberOn, tablesWith } from './numbers.ts';
export { operator, operators } from './operators.ts';
export { editDistance, similar } from './similar.ts';
export { argumentsOn, isSyscall, syscall, syscallNames } from './syscalls.ts';
export type * from './types.ts';
export { choices, decoder, decoderIds, describeValue, flagsOf } from './values.ts';
