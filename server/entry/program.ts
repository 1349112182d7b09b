/** The programs of the bundle. Each starts when its module is evaluated, and only what it needs is. */

export const server = (): Promise<unknown> => import('./node.ts');

export const cli = (): Promise<unknown> => import('./cli.ts');
