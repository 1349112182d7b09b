import { Console } from 'node:console';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Connection, createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { Defer } from '../src/lsp/push-diagnostics.ts';
import { startServer } from '../src/lsp/server.ts';
import { joined } from './joined.ts';
import { onDemand } from './on-demand.ts';
import { oneWrite } from './one-write.ts';
import { testsLenses } from './tests-lens.ts';

const HELP = `Language server for seccomp profiles.

seccomp-language-server --stdio      speak the Language Server Protocol on standard input and output
seccomp-language-server --node-ipc   speak it on the channel to the Node process that started this one
seccomp-language-server --version
seccomp-language-server --help`;

const KNOWN = ['--stdio', '--node-ipc', '--version', '--help'];

/** What editors add by themselves. */
const TOLERATED = /^--clientProcessId=\d+$/;

/** Does what the arguments ask for. `settled` is called when a server has run what is usually needed. */
export function start(settled: () => void): void {
  const args = process.argv.slice(2);
  const unknown = args.filter((arg) => !KNOWN.includes(arg) && !TOLERATED.test(arg));
  const ways = args.filter((arg) => arg === '--stdio' || arg === '--node-ipc');
  if (args.includes('--help')) console.log(HELP);
  else if (args.includes('--version')) console.log(version());
  else if (unknown.length > 0) refuse(`Unknown argument ${unknown[0]}.`);
  else if (ways.length !== 1) refuse('Say how to speak: --stdio or --node-ipc.');
  else serve(ways[0] === '--stdio', settled);
}

function serve(stdio: boolean, settled: () => void): void {
  const connection = stdio ? standardStreams() : createConnection(ProposedFeatures.all);
  startServer(connection, {
    version: version(),
    defer,
    documentation: pages(),
    exists: fileExists,
    settled,
    extend: (session) => joined(onDemand(session), testsLenses(session)),
  });
}

function standardStreams(): Connection {
  const connection = createConnection(ProposedFeatures.all, process.stdin, oneWrite(process.stdout));
  // what anything else prints must not get between messages
  globalThis.console = new Console(process.stderr);
  return connection;
}

/** Whether there is a file at an address of this machine. */
function fileExists(uri: string): boolean | undefined {
  try {
    return existsSync(fileURLToPath(uri));
  } catch {
    return undefined;
  }
}

function refuse(why: string): void {
  console.error(`${why}\n\n${HELP}`);
  process.exitCode = 2;
}

/** Of the package that this file is in, in a checkout as in an editor. */
function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(__dirname, '..', 'package.json'), 'utf8'),
  );
  return manifest.version;
}

const defer: Defer = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

/** The pages of a checkout; the extension brings its own. */
function pages(): string | undefined {
  const folder = join(__dirname, '..', 'docs', 'diagnostics');
  return existsSync(folder) ? `${pathToFileURL(folder)}/{code}.md` : undefined;
}
