import type { CaseResult } from '../../container/cases/index.ts';
import { placesIn } from '../places.ts';
import { faultsOf, type TestsReport } from './tests.ts';

/**
 * JUnit XML as Jenkins, GitLab and GitHub's actions read it: a suite for each file, a `testcase` with `classname`, `file`
 * and `line` for each case. Format: the schema of Jenkins' xUnit plugin.
 */
export function junitReport(reports: readonly TestsReport[]): string {
  const results = reports.flatMap((report) => report.results);
  const time = reports.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const head = element('testsuites', { name: 'seccomp-profile test', ...counts(results), time: seconds(time) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head(reports.map(suite).join(''))}`;
}

function suite(report: TestsReport): string {
  const { file, results, durationMs } = report;
  const skipped = results.filter(({ status }) => status === 'cancelled').length;
  const attributes = { name: file, ...counts(results), skipped, time: seconds(durationMs) };
  return element('testsuite', attributes)(results.map((result, i) => testcase(report, result, i)).join(''));
}

function counts(results: readonly CaseResult[]) {
  const count = (status: CaseResult['status']): number => results.filter((each) => each.status === status).length;
  return { tests: results.length, failures: count('failed'), errors: count('errored') };
}

function testcase(report: TestsReport, result: CaseResult, i: number): string {
  const { file, text, spans } = report;
  const { name, durationMs, stdout, stderr, notes } = result;
  const { line } = placesIn(text)(spans[i]!);
  const written = [stdout, ...notes].filter(Boolean).join('\n');
  const content = [
    outcome(report, result),
    written && element('system-out', {})(escaped(written)),
    stderr && element('system-err', {})(escaped(stderr)),
  ];
  const attributes = { name, classname: className(file), file, line, time: seconds(durationMs) };
  return element('testcase', attributes)(content.join(''));
}

/** A dot would start a package. */
const className = (file: string): string => file.replace(/\.test\.json$/, '').replaceAll('.', '_');

function outcome(report: TestsReport, result: CaseResult): string {
  switch (result.status) {
    case 'passed':
      return '';
    case 'cancelled':
      return element('skipped', { message: 'cancelled' })('');
    case 'errored':
      return element('error', { message: result.message ?? '', type: 'not-run' })('');
    case 'failed': {
      const faults = faultsOf(report, result);
      const type = faults.every(({ failure }) => failure.elsewhere) ? 'not-seccomp' : 'seccomp';
      const message = faults[0]?.failure.message ?? '';
      return element('failure', { message, type })(escaped(faults.map(({ text }) => text).join('\n')));
    }
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function element(name: string, attributes: Readonly<Record<string, string | number>>): (content: string) => string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(String(value))}"`);
  const start = `<${name}${list.join('')}`;
  return (content) => (content === '' ? `${start}/>\n` : `${start}>${content}</${name}>\n`);
}

/** Line breaks would be read as blanks. */
const attribute = (text: string): string =>
  escaped(text).replaceAll('"', '&quot;').replaceAll(/\r?\n/g, '&#10;').replaceAll('\t', '&#9;');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Text for XML 1.0, which has no way to write most control characters, and terminals obey others: they are shown as `\x1b`. */
function escaped(text: string): string {
  return [...text].map((sign) => ENTITIES[sign] ?? (isWritable(sign) ? sign : hex(sign))).join('');
}

/** Source: XML 1.0, production `Char`; without those that it discourages. */
const isWritable = (sign: string): boolean =>
  /[\t\n\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(sign);

const hex = (sign: string): string => `\\x${sign.codePointAt(0)!.toString(16).padStart(2, '0')}`;
