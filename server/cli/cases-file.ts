import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CaseProblem, CasesDocument } from '../src/cases/model.ts';
import { isInside } from '../src/cases/paths.ts';
import { problemsOf } from '../src/cases/problems.ts';
import { readCases } from '../src/cases/read.ts';
import { architecture, architectures } from '../src/catalog/index.ts';
import { defaultTarget } from '../src/settings.ts';
import { Failure } from './failure.ts';
import { readSource, type Source } from './io.ts';
import { placesIn } from './places.ts';

/** A file of test cases as a command is given it. */
export interface CasesFile {
  readonly source: Source;
  /** Its absolute path. */
  readonly file: string;
  readonly document: CasesDocument;
  readonly problems: readonly CaseProblem[];
  /** Where mounts may come from: the working folder, or the file's own outside of it. */
  readonly folders: readonly string[];
}

/** Reads a file of test cases, which are judged for an architecture by its name. */
export function readCasesFile(name: string, machine = defaultTarget().architecture): CasesFile {
  const source = readSource(name);
  const document = readCases(source.text);
  const path = slashes(resolve(name));
  const here = slashes(process.cwd());
  const folders = [isInside(path, [here]) ? here : dirname(path)];
  const problems = problemsOf(document, {
    architecture: architecture(machine) ?? architectures()[0]!,
    path,
    folders,
    exists: existsSync,
  });
  return { source, file: resolve(name), document, problems, folders };
}

/** Ends the command at the first of the problems that is an error. */
export function refuseMistakes({ source }: CasesFile, problems: readonly CaseProblem[]): void {
  const fatal = problems.find(({ severity }) => severity === 'error');
  if (!fatal) return;
  const { line, column } = placesIn(source.text)(fatal.span);
  throw new Failure(`${source.name}:${line}:${column}: ${fatal.message}`);
}

export const slashes = (path: string): string => path.replaceAll('\\', '/');
