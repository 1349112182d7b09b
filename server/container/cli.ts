export type EngineKind = 'docker' | 'podman' | 'nerdctl';

/** An engine's command-line program, whether or not an engine answers behind it. */
export interface Cli {
  readonly kind: EngineKind;
  readonly program: string;
  /** Variables for it on top of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

export const ENGINE_NAME: Readonly<Record<EngineKind, string>> = {
  docker: 'Docker',
  podman: 'Podman',
  nerdctl: 'nerdctl',
};
