import type { TestCase } from '../../src/cases/model.ts';
import {
  type Architecture,
  capabilities as allCapabilities,
  architecture,
  architectures,
  dockerDefaultCapabilities,
} from '../../src/catalog/index.ts';
import type { Target } from '../../src/policy/target.ts';
import { readSettings } from '../../src/settings.ts';
import type { Engine } from '../engine.ts';
import { targetSettings } from '../target-settings.ts';

/** The target that an engine is; where it does not tell, what `otherwise` says. */
export function engineTarget(engine: Engine, otherwise: Target): Target {
  const told = targetSettings(engine);
  const { target } = readSettings({ target: told });
  return {
    ...target,
    ...(told.libseccomp === undefined && { libseccomp: otherwise.libseccomp }),
    ...(told.kernel === undefined && { kernel: otherwise.kernel }),
    ...(told.architecture === undefined && { architecture: otherwise.architecture }),
    ...(told.capabilities === undefined && { capabilities: new Set(dockerDefaultCapabilities()) }),
  };
}

/** The target with the capabilities that a case gives its container: what is dropped first, then what is added (moby: `oci/caps`). */
export function caseTarget(target: Target, { capabilities, noNewPrivileges }: TestCase): Target {
  const every = allCapabilities().map(({ name }) => name);
  const { add, drop } = capabilities;
  const kept = add.includes('ALL')
    ? every.filter((name) => !drop.includes(name))
    : [...(drop.includes('ALL') ? [] : [...target.capabilities].filter((name) => !drop.includes(name))), ...add];
  return { ...target, capabilities: new Set(kept), noNewPrivileges };
}

/** Where calls of the probe program are made. */
export const nativeArchitecture = ({ architecture: name }: Target): Architecture =>
  architecture(name) ?? architectures()[0]!;
