import { execFile } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';

const LIMIT_MS = 10_000;

/** The part of the Git extension's API that is needed (`vscode.git`, version 1). */
interface GitExtension {
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): { show(ref: string, path: string): Promise<string> } | null;
  };
}

/**
 * A file's text as the last commit has it; undefined where there is none. Runs git where VS Code's own extension does not
 * answer, so it must not be called for workspaces without trust.
 */
export async function textInHead(uri: vscode.Uri): Promise<string | undefined> {
  return (await byExtension(uri)) ?? (uri.scheme === 'file' ? byProgram(uri.fsPath) : undefined);
}

async function byExtension(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
    // throws while Git is switched off
    return await (await extension?.activate())?.getAPI(1).getRepository(uri)?.show('HEAD', uri.fsPath);
  } catch {
    return undefined;
  }
}

function byProgram(file: string): Promise<string | undefined> {
  const args = ['show', '--no-textconv', `HEAD:./${path.basename(file)}`];
  return new Promise((resolve) => {
    execFile('git', args, { cwd: path.dirname(file), timeout: LIMIT_MS, maxBuffer: 16 << 20 }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
