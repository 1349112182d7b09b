import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { githubReport } from '../../server/cli/formats/github.ts';
import type { Problem } from '../../server/cli/formats/report.ts';
import { textReport } from '../../server/cli/formats/text.ts';
import { CHECKS, checkByCode } from '../../server/src/checks/index.ts';
import { root } from '../stdio/client.ts';
import { cli, dockerDefault, folder, TUTORIAL } from './run.ts';

const CODES = ['looser-than-default', 'deprecated-name', 'family-gap', 'missing-comma', 'trailing-comma'];

describe('check', () => {
  const file = folder();
  const tutorial = fs.readFileSync(path.join(root, TUTORIAL), 'utf8');

  it('prints a line for each problem and ends with 1', () => {
    const { status, stdout, stderr } = cli(['check', TUTORIAL]);
    assert.deepEqual([status, stderr], [1, '']);
    assert.match(stdout, /^examples\/tutorial\.json:13:9: error missing-comma: A comma is missing here/m);
    assert.match(stdout, /^examples\/tutorial\.json:23:10: error trailing-comma: /m);
    assert.match(stdout, /^1 file: 2 errors, 3 warnings, 1 information, 3 hints \(--fix mends 5\)$/m);
  });

  it("ends with 0 for Docker's default, and with 1 from a lower severity on", () => {
    const docker = file('docker.json', dockerDefault());
    assert.equal(cli(['check', docker]).status, 0);
    assert.equal(cli(['check', docker, '--fail-on', 'warning']).status, 0);
    assert.equal(cli(['check', docker, '--fail-on', 'information']).status, 1);
    assert.equal(cli(['check', TUTORIAL, '--fail-on', 'never']).status, 0);
  });

  it('says so where nothing is found', () => {
    const fine = file('fine.json', {
      defaultAction: 'SCMP_ACT_LOG',
      syscalls: [{ names: ['acct'], action: 'SCMP_ACT_KILL_PROCESS' }],
    });
    const { status, stdout } = cli(['check', fine, '--target', 'containerd']);
    assert.equal(status, 0);
    assert.match(stdout, /1 file/);
  });

  it('judges for the target', () => {
    const named = file('named.json', {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ name: 'acct', action: 'SCMP_ACT_ERRNO' }],
    });
    assert.equal(cli(['check', named, '--runtime', 'docker']).status, 0);
    assert.equal(cli(['check', named, '--runtime', 'crun']).status, 1);
  });

  it('prints JSON', () => {
    const { status, stdout } = cli(['check', TUTORIAL, '--format', 'json']);
    const { files } = JSON.parse(stdout);
    assert.equal(status, 1);
    assert.equal(files[0].file, TUTORIAL);
    assert.deepEqual(new Set(files[0].problems.map(({ code }: Problem) => code)), new Set(CODES));
    const comma = files[0].problems.find(({ code }: Problem) => code === 'missing-comma');
    assert.deepEqual([comma.line, comma.column, comma.severity, comma.fixable], [13, 9, 'error', true]);
  });

  it('prints SARIF 2.1.0', () => {
    const { status, stdout } = cli(['check', TUTORIAL, '--format', 'sarif']);
    const log = JSON.parse(stdout);
    assert.equal(status, 1);
    assert.equal(log.version, '2.1.0');
    const [run] = log.runs;
    const { driver } = run.tool;
    assert.deepEqual([driver.name, run.columnKind], ['seccomp-profile', 'utf16CodeUnits']);
    assert.deepEqual(new Set(driver.rules.map(({ id }: { id: string }) => id)), new Set(CODES));
    for (const { shortDescription, help, defaultConfiguration } of driver.rules) {
      assert.ok(shortDescription.text && help.text && help.markdown);
      assert.match(defaultConfiguration.level, /^(none|note|warning|error)$/);
    }
    assert.equal(run.results.length, 9);
    for (const result of run.results) checkResult(result, driver.rules);
  });

  function checkResult(result: SarifResult, rules: readonly { readonly id: string }[]): void {
    assert.equal(rules[result.ruleIndex]?.id, result.ruleId);
    assert.match(result.level, /^(note|warning|error)$/);
    assert.ok(result.message.text);
    assert.equal(result.locations.length, 1);
    const { artifactLocation, region } = result.locations[0]!.physicalLocation;
    assert.equal(artifactLocation.uri, TUTORIAL);
    const numbers = [region.startLine, region.startColumn, region.endLine, region.endColumn];
    assert.ok(numbers.every((number) => Number.isInteger(number) && number >= 1));
    assert.ok(region.endLine > region.startLine || region.endColumn >= region.startColumn);
  }

  it('prints workflow commands', () => {
    const { status, stdout } = cli(['check', TUTORIAL, '--format', 'github']);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^::error file=examples\/tutorial\.json,line=13,endLine=13,col=9,endColumn=\d+,title=missing-comma::A comma/m,
    );
    for (const line of stdout.trimEnd().split('\n')) assert.match(line, /^::(error|warning|notice) file=[^,:]+,.*::./);
  });

  it('escapes workflow commands', () => {
    const place = { line: 1, column: 1, endLine: 2, endColumn: 1 };
    const check = checkByCode('family-gap')!;
    const problem = {
      code: 'family-gap',
      severity: 'hint',
      message: '100 %\r\n::x',
      place,
      fixable: false,
      check,
    } as const;
    assert.equal(
      githubReport([{ file: 'a,b:c.json', problems: [problem] }]),
      '::notice file=a%2Cb%3Ac.json,line=1,endLine=2,title=family-gap::100 %25%0D%0A::x\n',
    );
  });

  it('colours the severity where colours are wanted', () => {
    const place = { line: 1, column: 2, endLine: 1, endColumn: 3 };
    const problem = { code: 'x', severity: 'error', message: 'y', place, fixable: false, check: CHECKS[0]! } as const;
    const report = [{ file: 'f', problems: [problem] }];
    assert.ok(textReport(report, true).startsWith('f:1:2: \u001b[31merror\u001b[0m x: y\n'));
  });

  it('reads standard input', () => {
    const { status, stdout } = cli(['check', '-'], tutorial);
    assert.equal(status, 1);
    assert.match(stdout, /^stdin:13:9: error missing-comma/m);
  });

  it('writes safe fixes back and reports what remains', () => {
    const broken = file('broken.json', tutorial);
    const { status, stdout } = cli(['check', '--fix', broken]);
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /missing-comma|trailing-comma|deprecated-name/);
    const mended = JSON.parse(fs.readFileSync(broken, 'utf8'));
    assert.deepEqual(
      mended.syscalls.map(({ names }: { names: string[] }) => names),
      [['mkdir'], ['chmod'], ['chown']],
    );
    const again = fs.readFileSync(broken, 'utf8');
    cli(['check', '--fix', broken]);
    assert.equal(fs.readFileSync(broken, 'utf8'), again);
  });

  it('writes mended standard input to standard output, alone', () => {
    const { status, stdout, stderr } = cli(['check', '--fix', '-'], tutorial);
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout).syscalls.length, 3);
    assert.match(stderr, /^stdin:\d+:\d+: warning family-gap/m);
  });
});

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>;
    };
  }[];
}
