// Loaded in the extension host in place of the tests, which it then runs. It brings back what a page cannot: the tests'
// output, also when they crash the host, and whether they passed, which the page reports as true of a crash.
const fs = require('node:fs');
const path = require('node:path');
const { format } = require('node:util');

const runFolder = process.env.SECCOMP_EDITOR_RUN;
const write = (text) => fs.appendFileSync(path.join(runFolder, 'output'), text);

// VS Code has put accessors there, which ignore an assignment
for (const name of ['log', 'info', 'debug', 'warn', 'error'])
  Object.defineProperty(console, name, {
    configurable: true,
    writable: true,
    value: (...args) => write(`${format(...args)}\n`),
  });

process.stdout.write = (chunk, encoding, callback) => {
  write(String(chunk));
  (typeof encoding === 'function' ? encoding : callback)?.();
  return true;
};

exports.run = async () => {
  const finish = (result) => fs.writeFileSync(path.join(runFolder, 'result'), result);
  try {
    await require(process.env.SECCOMP_EDITOR_TESTS).run();
    finish('passed');
  } catch (error) {
    finish('failed');
    throw error; // VS Code prints it
  }
};
