import { decoder, describeValue } from '../../catalog/index.ts';
import type { Analysis } from '../../checks/analyse.ts';
import { keySpec } from '../../profile/schema.ts';
import {
  actionDoc,
  architectureDoc,
  capabilityDoc,
  errnoDoc,
  flagDoc,
  goArchitectureDoc,
  keyDoc,
  operatorDoc,
  syscallDoc,
} from '../documentation.ts';
import type { CompletionData } from './types.ts';

/**
 * The documentation of an item in Markdown, from its label and its list's data; empty where there is none. With an
 * analysis a syscall is told together with what the profile does with it.
 */
export function resolveCompletion(label: string, data: CompletionData, analysis?: Analysis): string {
  switch (data.source) {
    case 'key': {
      const spec = keySpec(data.of, label);
      return spec ? keyDoc(spec) : '';
    }
    case 'syscall':
      return syscallDoc(label, analysis);
    case 'action':
      return actionDoc(label);
    case 'operator':
      return operatorDoc(label);
    case 'architecture':
      return architectureDoc(label);
    case 'goArchitecture':
      return goArchitectureDoc(label);
    case 'capability':
      return capabilityDoc(label);
    case 'flag':
      return flagDoc(label);
    case 'errno':
      return errnoDoc(label);
    case 'value':
      return valueDoc(label, data.decoders ?? []);
    case 'argument':
    case 'kernelVersion':
    case 'shape':
      return '';
  }
}

/** A constant with its number, or a number with its constants. */
function valueDoc(label: string, decoders: readonly string[]): string {
  if (/^\d+$/.test(label)) {
    const words = decoders.map((id) => describeValue(id, BigInt(label))).find((text) => text !== '');
    return words ? `\`${label}\`: \`${words}\`` : '';
  }
  const found = decoders.flatMap((id) => decoder(id)?.values ?? []).find((value) => value.name === label);
  if (!found) return '';
  const text = found.text ? `\n\n${found.text}` : '';
  return `\`${label}\` = ${found.value} (\`0x${found.value.toString(16)}\`)${text}`;
}
