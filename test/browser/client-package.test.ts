/** The client as merchants get it from the package. Needs a build, no browser. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));
let shop: string;

/** A project that has the package installed. */
beforeAll(async () => {
  shop = await mkdtemp(join(tmpdir(), 'shop-'));
  await mkdir(join(shop, 'node_modules'));
  await symlink(project, join(shop, 'node_modules/payment-orders'), 'junction');
  await writeFile(join(shop, 'package.json'), '{"type":"module"}');
});

afterAll(async () => {
  await rm(shop, { recursive: true, force: true });
});

it('when the package is packed, then it holds the client, its types and what they stand on', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: project,
    maxBuffer: 64 * 1_024 * 1_024,
  });
  const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  expect(packed.files.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      'dist/client/payment-client.js',
      'dist/client/payment-client.d.ts',
      'dist/client/client-interface.d.ts',
      'docs/browser-client.md',
    ]),
  );
});

it('when a project imports it, then it loads where there is no browser, and asks nothing', async () => {
  const script = `
    import { createPaymentClient } from 'payment-orders/client';
    const client = createPaymentClient({ merchantOrderNo: 'A-1', verifyToken: 't' });
    console.log(client.state.kind);`;
  await writeFile(join(shop, 'page.js'), script);
  const { stdout } = await run(process.execPath, ['page.js'], { cwd: shop });
  expect(stdout.trim()).toBe('idle');
});

it.each([
  ['bundler', 'esnext'],
  ['nodenext', 'nodenext'],
])(
  'when a strict project with %s resolution uses it, then its types hold and a slip is found',
  async (moduleResolution, module) => {
    const use = (kind: string) => `
    import { createPaymentClient, type PaymentState } from 'payment-orders/client';
    const client = createPaymentClient({ merchantOrderNo: 'A-1', verifyToken: 't' });
    client.subscribe((state: PaymentState) => { if (state.kind === '${kind}') console.log(state.merchantOrderNo); });`;
    const compilerOptions = {
      ...{ noEmit: true, strict: true, target: 'es2022', lib: ['es2023', 'dom'], types: [] },
      // Of all declarations the compiler's own are most, and not what is promised here; the package's are checked.
      ...{ module, moduleResolution, skipDefaultLibCheck: true },
    };
    const files = { 'page.ts': use('paid'), 'slip.ts': use('payed') };
    const written = {
      ...files,
      'tsconfig.json': JSON.stringify({ compilerOptions, files: Object.keys(files) }),
    };
    for (const [name, text] of Object.entries(written)) await writeFile(join(shop, name), text);
    const compiler = join(project, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', '.'], { cwd: shop }).catch(
      (error: { stdout: string }) => error,
    );
    const complaints = stdout.split('\n').filter((line) => /error TS/.test(line));
    expect(complaints).toContainEqual(expect.stringContaining('payed'));
    // One run for both files: what is wrong with the package's types is said outside of the slip.
    expect(complaints.filter((line) => !line.startsWith('slip.ts('))).toEqual([]);
  },
);

it('when the client is loaded, then it stands alone: no import and no other origin in it', async () => {
  const built = await readFile(join(project, 'dist/client/payment-client.js'), 'utf8');
  expect(built).not.toMatch(/^\s*import\s|import\(|require\(/m);
  expect(built).not.toMatch(/https?:\/\/(?!www\.w3)/);
});
