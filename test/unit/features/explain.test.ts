import assert from 'node:assert/strict';
import { defaultProfile } from '../../../server/src/catalog/index.ts';
import { explain } from '../../../server/src/features/explain.ts';
import { analysed } from './marker.ts';

const docker = defaultProfile('docker').text;

function answer(query: string, text = docker): { readonly text: string; readonly at: string } {
  const found = explain(analysed(text), query);
  assert.ok(!('error' in found), 'error' in found ? found.error : '');
  return { text: found.text, at: found.span ? text.slice(found.span.start, found.span.end) : '' };
}

function refused(query: string, text = docker): string {
  const found = explain(analysed(text), query);
  assert.ok('error' in found);
  return found.error;
}

describe('what happens to a call', () => {
  it('is told with the rule that decides', () => {
    const { text, at } = answer('socket(AF_INET, SOCK_STREAM, 0)');
    assert.match(
      text,
      /^Under Docker on SCMP_ARCH_X86_64, socket\(domain=AF_INET, type=SOCK_STREAM, protocol=IPPROTO_IP\): allowed \(rule \d+, line \d+\)$/,
    );
    assert.equal(at, '"socket"');
  });

  it('is told by the default where no rule holds', () => {
    const { text, at } = answer('clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD)');
    assert.match(text, /clone\(flags=SIGCHLD\|CLONE_NEWUSER, stack=0\): fails with EPERM \(defaultAction\)/);
    assert.equal(at, '"SCMP_ACT_ERRNO"');
  });

  it('depends on arguments that are not given', () => {
    const { text } = answer('clone');
    assert.match(text, /allowed \(rule \d+, line \d+\) when flags has none of CLONE_NEWNS/);
    assert.match(text, /otherwise fails with EPERM \(defaultAction\)/);
  });

  it('does not depend on arguments that are given and settle it', () => {
    const text = JSON.stringify({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        {
          names: ['socket'],
          action: 'SCMP_ACT_ERRNO',
          args: [
            { index: 0, value: 16, op: 'SCMP_CMP_EQ' },
            { index: 2, value: 9, op: 'SCMP_CMP_EQ' },
          ],
        },
      ],
    });
    assert.match(answer('socket(domain=AF_INET)', text).text, /: allowed \(defaultAction\)$/);
    assert.match(
      answer('socket(domain=AF_NETLINK)', text).text,
      /fails with EPERM \(rule 1, line 1\) when protocol = 9/,
    );
  });

  it('is told apart for architectures that differ', () => {
    const text =
      '{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"], "syscalls": [{ "names": ["lseek"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 1, "value": 4294967301, "op": "SCMP_CMP_EQ" }] }] }';
    const lines = answer('lseek(0, 5, SEEK_SET)', text).text.split('\n');
    assert.match(lines[0]!, /X86_64, .*allowed/);
    assert.match(lines[1]!, /^On SCMP_ARCH_X86, .*fails with EPERM \(rule 1, line 1\)$/);
  });

  it('names the answer of runc to newer calls', () => {
    const text =
      '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["write"], "action": "SCMP_ACT_ALLOW" }] }';
    assert.match(answer('openat2', text).text, /fails with ENOSYS \(runc, for calls newer than write/);
  });

  it('is left open where libseccomp is not predictable', () => {
    const args = (op: string, value: number) => [
      { index: 0, value, op },
      { index: 1, value: 3, op: 'SCMP_CMP_EQ' },
    ];
    const text = JSON.stringify({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        { names: ['socket'], action: 'SCMP_ACT_ERRNO', args: args('SCMP_CMP_GE', 41) },
        { names: ['socket'], action: 'SCMP_ACT_ERRNO', args: args('SCMP_CMP_EQ', 17) },
      ],
    });
    assert.match(answer('socket(17, 3, 0)', text).text, /cannot be foretold: libseccomp/);
  });

  it('cannot be told for what is no call or no profile', () => {
    assert.match(refused('sokcet'), /did you mean socket/);
    assert.match(refused('arm_fadvise64_64'), /covers no architecture/);
    assert.match(refused('read', '{}'), /no valid defaultAction/);
  });
});
