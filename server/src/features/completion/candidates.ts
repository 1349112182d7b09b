import type { Analysis } from '../../checks/analyse.ts';
import type { ValueType } from '../../profile/schema.ts';
import type { Cursor } from '../context.ts';
import { architectureCandidates, goArchitectureCandidates } from './architectures.ts';
import { argumentCandidates, errnoCandidates, kernelCandidates, valueCandidates } from './numbers.ts';
import { syscallCandidates } from './syscalls.ts';
import { actionCandidates, capabilityCandidates, flagCandidates, operatorCandidates } from './terms.ts';
import type { Candidates } from './types.ts';

/** The values for a type, by what they stand for; undefined for free text. */
export function candidatesFor(
  analysis: Analysis,
  cursor: Cursor,
  type: ValueType & { readonly kind: 'string' | 'uint' | 'strings' },
): Candidates | undefined {
  switch (type.domain) {
    case 'syscall':
      return syscallCandidates(analysis, cursor);
    case 'action':
      return actionCandidates(analysis, cursor);
    case 'architecture':
      return architectureCandidates(analysis, cursor);
    case 'goArchitecture':
      return goArchitectureCandidates(analysis, cursor);
    case 'capability':
      return capabilityCandidates(analysis, cursor);
    case 'errno':
      return errnoCandidates('number');
    case 'errnoName':
      return errnoCandidates('name');
    case 'argumentIndex':
      return argumentCandidates(analysis, cursor);
    case 'argumentValue':
      return valueCandidates(analysis, cursor);
    case 'flag':
      return flagCandidates(analysis, cursor);
    case 'kernelVersion':
      return kernelCandidates(analysis, cursor);
    case 'operator':
      return operatorCandidates();
    case 'path':
    case 'text':
      return undefined;
  }
}
