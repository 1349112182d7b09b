import * as vscode from 'vscode';
import {
  type Choice,
  type EngineTarget,
  READ_TARGET_REQUEST,
  TARGET_CHOICES_REQUEST,
  type TargetChoices,
} from '../../server/src/protocol.ts';
import { settings, writeSetting } from './language.ts';
import { askForLine, showProgress, showWarning } from './notify.ts';
import type { ServerLink } from './server-link.ts';

/** As the setting spells them, and as people do. */
const RUNTIMES: readonly (readonly [value: string, label: string])[] = [
  ['docker', 'Docker'],
  ['podman', 'Podman'],
  ['containerd', 'containerd'],
  ['cri-o', 'CRI-O'],
  ['kubernetes', 'Kubernetes'],
  ['runc', 'runc'],
  ['crun', 'crun'],
];

/** Registers the commands that change for whom profiles are judged. */
export function registerTarget({ subscriptions }: vscode.ExtensionContext, link: ServerLink): void {
  const register = (name: string, run: () => unknown): void => {
    subscriptions.push(vscode.commands.registerCommand(name, run));
  };
  register('seccomp.selectRuntime', selectRuntime);
  register('seccomp.readTarget', () => readTarget(link));
  register('seccomp.selectTarget', () => selectPart(link));
}

const value = (key: string): string => settings().get(`target.${key}`, '');

const runtimeLabel = (name: string): string => RUNTIMES.find(([each]) => each === name)?.[1] ?? name;

const shortName = (architecture: string): string => architecture.replace('SCMP_ARCH_', '').toLowerCase();

/** `Docker · x86_64`. */
export function targetLabel(): string {
  return `${runtimeLabel(value('runtime'))} · ${shortName(value('architecture'))}`;
}

interface Part extends vscode.QuickPickItem {
  run(): Thenable<unknown>;
}

/** Offers the parts of the target with their values, and lets the user change one. */
async function selectPart(link: ServerLink): Promise<void> {
  const chosen = await vscode.window.showQuickPick(parts(link), {
    title: `Profiles are judged for ${targetLabel()}`,
    placeHolder: 'What is different?',
  });
  await chosen?.run();
}

function parts(link: ServerLink): readonly Part[] {
  const granted = settings().get<readonly string[]>('target.capabilities', []).length;
  const noNew = settings().get('target.noNewPrivileges', false);
  const part = (label: string, description: string, run: Part['run']): Part => ({ label, description, run });
  return [
    part('$(vm) Runtime', runtimeLabel(value('runtime')), selectRuntime),
    part('$(circuit-board) Architecture', value('architecture'), () => selectArchitecture(link)),
    part('$(key) Capabilities', `${granted} granted`, () => selectCapabilities(link)),
    part('$(server) Kernel', value('kernel') || 'a current one', () => enter('kernel', KERNEL)),
    part('$(library) libseccomp', value('libseccomp'), () => enter('libseccomp', LIBSECCOMP)),
    part('$(lock) No New Privileges', noNew ? 'yes' : 'no', () => writeSetting('target.noNewPrivileges', !noNew)),
    part('$(refresh) Read from the Running Engine', 'docker info', () => readTarget(link)),
  ];
}

async function selectRuntime(): Promise<void> {
  const current = value('runtime');
  const items = RUNTIMES.map(([name, label]) => ({ label, name, description: name === current ? 'current' : '' }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Judge profiles for which runtime?' });
  if (chosen) await writeSetting('target.runtime', chosen.name);
}

async function choices(link: ServerLink): Promise<TargetChoices> {
  return (await link.client()).sendRequest<TargetChoices>(TARGET_CHOICES_REQUEST);
}

const toItem = ({ name, description }: Choice): vscode.QuickPickItem => ({ label: name, detail: description });

async function selectArchitecture(link: ServerLink): Promise<void> {
  const items = (await choices(link)).architectures.map(toItem);
  const title = 'On which architecture do the containers run?';
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: value('architecture') });
  if (chosen) await writeSetting('target.architecture', chosen.label);
}

async function selectCapabilities(link: ServerLink): Promise<void> {
  const granted = settings().get<readonly string[]>('target.capabilities', []);
  const items = (await choices(link)).capabilities.map((each) => ({
    ...toItem(each),
    picked: granted.includes(each.name),
  }));
  const title = 'Which capabilities does the container have?';
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  if (!chosen) return;
  await writeSetting(
    'target.capabilities',
    chosen.map(({ label }) => label),
  );
}

interface Version {
  readonly title: string;
  readonly pattern: RegExp;
  readonly example: string;
}

const KERNEL: Version = {
  title: 'Release of the kernel; leave it empty for a current one',
  pattern: /^(\d+\.\d+.*)?$/,
  example: '5.15',
};

const LIBSECCOMP: Version = {
  title: 'Release of libseccomp that the runtime uses',
  pattern: /^\d+\.\d+\.\d+$/,
  example: '2.5.4',
};

async function enter(key: string, { title, pattern, example }: Version): Promise<void> {
  const entered = await askForLine({
    title,
    placeHolder: example,
    value: value(key),
    validateInput: (text) =>
      pattern.test(text.trim()) ? undefined : `Write it as numbers with dots, for example ${example}.`,
  });
  if (entered !== undefined) await writeSetting(`target.${key}`, entered.trim());
}

/** Asks the engine, shows what it says, and writes what the user leaves chosen. */
async function readTarget(link: ServerLink): Promise<void> {
  const client = await link.client();
  const found = await showProgress('Asking the container engine', (_tell, token) =>
    client.sendRequest<EngineTarget>(READ_TARGET_REQUEST, token),
  );
  if (found.kind === 'refused') return void showWarning(found.message);
  if (found.kind === 'none') return void showWarning(found.problems.join(' '));
  const items = Object.entries(found.settings).map(([key, read]) => ({
    label: key,
    description: typeof read === 'string' ? read : `${read.length}: ${read.join(', ')}`,
    picked: true,
    key,
    read,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: found.label, canPickMany: true });
  for (const { key, read } of chosen ?? []) await writeSetting(`target.${key}`, read);
}
