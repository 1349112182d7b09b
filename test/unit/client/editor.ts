import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

/** Modules that stand in for others, by the end of their name. */
export type StandIns = Readonly<Record<string, object>>;

/** Loads a module of the client anew, in an editor whose interface is `standIns.vscode`. */
export async function loadClient<T>(file: string, standIns: StandIns): Promise<T> {
  const names = Object.keys(standIns).map((name) => name.replaceAll('.', '\\.'));
  const { outputFiles } = await build({
    entryPoints: [path.join('client/src', file)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    plugins: [
      {
        name: 'stand-ins',
        setup: ({ onResolve }) => {
          onResolve({ filter: new RegExp(`(^|/)(${names.join('|')})$`) }, ({ path: name }) => ({
            path: name,
            external: true,
          }));
        },
      },
    ],
  });
  const outside = createRequire(import.meta.url);
  const load = (name: string): unknown =>
    Object.entries(standIns).find(([end]) => name === end || name.endsWith(`/${end}`))?.[1] ?? outside(name);
  const module = { exports: {} as T };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(module, module.exports, load);
  return module.exports;
}
