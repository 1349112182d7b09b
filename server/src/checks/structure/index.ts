import type { Check } from '../check.ts';
import { archMapIgnored } from './arch-map-ignored.ts';
import { architecturesAndArchMap } from './architectures-and-arch-map.ts';
import { deprecatedName } from './deprecated-name.ts';
import { duplicateKey } from './duplicate-key.ts';
import { ignoredKey } from './ignored-key.ts';
import { keyCase } from './key-case.ts';
import { misplacedKey } from './misplaced-key.ts';
import { missingAction } from './missing-action.ts';
import { missingDefaultAction } from './missing-default-action.ts';
import { nameAndNames } from './name-and-names.ts';
import { notAProfile } from './not-a-profile.ts';
import { nullEntry } from './null-entry.ts';
import { ruleWithoutNames } from './rule-without-names.ts';
import { seccompOff } from './seccomp-off.ts';
import { unknownKey } from './unknown-key.ts';
import { wrongType } from './wrong-type.ts';

/** Keys and types: what an engine makes of the file before it looks at what the values say. */
export const structureChecks: readonly Check[] = [
  notAProfile,
  seccompOff,
  wrongType,
  nullEntry,
  duplicateKey,
  unknownKey,
  misplacedKey,
  keyCase,
  missingDefaultAction,
  missingAction,
  ruleWithoutNames,
  nameAndNames,
  deprecatedName,
  architecturesAndArchMap,
  archMapIgnored,
  ignoredKey,
];
